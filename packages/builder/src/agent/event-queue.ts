/** A queue between one writer and one reader: what is pushed is kept until it is read; `end` ends the reading. */
export class EventQueue<Event> implements AsyncIterable<Event> {
  readonly #events: Event[] = []
  #ended = false
  #wake: () => void = () => {}

  push(event: Event): void {
    if (this.#ended) return
    this.#events.push(event)
    this.#wake()
  }

  end(): void {
    this.#ended = true
    this.#wake()
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Event> {
    for (;;) {
      const event = this.#events.shift()
      if (event !== undefined) yield event
      else if (this.#ended) return
      else await new Promise<void>((resolve) => (this.#wake = resolve))
    }
  }
}
