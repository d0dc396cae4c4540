import type { RecordSet, StoredRecord } from './record-set.js'

export type MergingStrategy = 'override' | 'ignore_if_modified_after'

/** One execution's rule, by model, on records that somebody else has changed since it was set. */
export class MergingRules {
  readonly #records: RecordSet
  /** Number of the last change when the rule was set; absent for `override`. */
  readonly #since = new Map<string, number>()
  /** The last change that this execution itself has made, by model and id. */
  readonly #own = new Map<string, number>()

  constructor(records: RecordSet) {
    this.#records = records
  }

  set(model: string, strategy: MergingStrategy): void {
    if (strategy === 'override') this.#since.delete(model)
    else this.#since.set(model, this.#records.changeCount)
  }

  /** Applies `change` to those of `records` that the rule lets through; the others count as seen. */
  apply<T>(
    model: string,
    records: readonly StoredRecord[],
    change: (records: readonly StoredRecord[]) => T,
  ): T {
    const passed = records.filter(({ id }) => this.#mayChange(model, id))
    this.#records.see(model, records)
    const result = change(passed)
    for (const { id } of passed) {
      this.#own.set(keyOf(model, id), this.#records.lastChange(model, id))
    }
    return result
  }

  #mayChange(model: string, id: string): boolean {
    const since = this.#since.get(model)
    const last = this.#records.lastChange(model, id)
    return since === undefined || last <= since || this.#own.get(keyOf(model, id)) === last
  }
}

function keyOf(model: string, id: string): string {
  return JSON.stringify([model, id])
}
