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
    if (kept.range !== null && spare !== undefined) addRange(spare.own, kept.range)
    return kept
  }
}

/** Ranges that follow each other directly become one: whoever saves records one by one has a million. */
function addRange(own: ChangeRange[], range: ChangeRange): void {
  const last = own.at(-1)
  if (last?.last === range.first - 1) own.splice(-1, 1, { first: last.first, last: range.last })
  else own.push(range)
}
