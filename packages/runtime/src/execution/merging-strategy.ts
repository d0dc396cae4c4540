import type { ChangeRange, KeptChange, OthersChanges, RecordKeeper } from './record-keeper.js'

export type MergingStrategy = 'override' | 'ignore_if_modified_after'

/** One execution's rule, by model, on records that somebody else has changed since it was set. */
export class MergingRules {
  readonly #records: RecordKeeper
  readonly #spared = new Map<string, OthersChanges & { readonly own: ChangeRange[] }>()

  constructor(records: RecordKeeper) {
    this.#records = records
  }

  async set(model: string, strategy: MergingStrategy): Promise<void> {
    if (strategy === 'override') this.#spared.delete(model)
    else this.#spared.set(model, { after: await this.#records.lastChange(), own: [] })
  }

  /** What `change` does, when it spares what it is given. */
  async apply(
    model: string,
    change: (spare: OthersChanges | undefined) => KeptChange | Promise<KeptChange>,
  ): Promise<KeptChange> {
    const spare = this.#spared.get(model)
    const kept = await change(spare)
    if (kept.range !== null) spare?.own.push(kept.range)
    return kept
  }
}
