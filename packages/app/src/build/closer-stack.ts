type Closable = { close(): Promise<void> | void }

/** Closes what was opened, the last one first; a failure to close does not keep the others open. */
export class CloserStack {
  readonly #opened: Closable[] = []

  add<Resource extends Closable>(resource: Resource): Resource {
    this.#opened.push(resource)
    return resource
  }

  /** Throws the first failure after everything was tried. */
  async close(): Promise<void> {
    const failures: unknown[] = []
    for (let one = this.#opened.pop(); one !== undefined; one = this.#opened.pop()) {
      try {
        await one.close()
      } catch (error) {
        failures.push(error)
      }
    }
    if (failures.length > 0) throw failures[0]
  }
}
