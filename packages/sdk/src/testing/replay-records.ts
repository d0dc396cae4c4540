type Members = Record<string, unknown>
type Kind = 'saved' | 'updated' | 'deleted'

/** The records of one model that a run changed, in order. */
export type ChangedRecords = { readonly [K in Kind]: readonly unknown[] }

type Batch = { readonly model: string; readonly records: readonly Members[] }

/** What a replayed sync saves, and what it reads back. */
export class ReplayRecords {
  readonly #changes = new Map<string, Record<Kind, Members[]>>()
  readonly #stored = new Map<string, Map<string, Members>>()

  /** The calls of a host that concern records. */
  readonly methods: Readonly<Record<string, (args: Members) => unknown>> = {
    saveRecords: (args) => this.#change('saved', args as Batch, (_before, record) => record),
    updateRecords: (args) =>
      this.#change('updated', args as Batch, (before, record) => ({ ...before, ...record })),
    deleteRecords: (args) => this.#change('deleted', args as Batch, () => null),
    getRecords: ({ model, ids }) =>
      (ids as string[]).flatMap((id) => this.#model(model).get(id) ?? []),
    listRecords: ({ model }) => ({ records: [...this.#model(model).values()], next_cursor: null }),
    trackDeletesStart: () => null,
    trackDeletesEnd: () => ({ deletedKeys: [] }),
    deleteUnsavedRecords: () => ({ deletedKeys: [] }),
    setMergingStrategy: () => null,
  }

  /** By model. */
  changed(): Record<string, ChangedRecords> {
    return Object.fromEntries(this.#changes)
  }

  #change(
    kind: Kind,
    { model, records }: Batch,
    next: (before: Members | undefined, record: Members) => Members | null,
  ): void {
    const changes = this.#changes.get(model) ?? { saved: [], updated: [], deleted: [] }
    this.#changes.set(model, changes)
    const stored = this.#model(model)
    for (const record of records) {
      changes[kind].push(record)
      const id = String(record['id'])
      const kept = next(stored.get(id), record)
      if (kept === null) stored.delete(id)
      else stored.set(id, kept)
    }
  }

  #model(model: unknown): Map<string, Members> {
    const name = String(model)
    const records = this.#stored.get(name) ?? new Map<string, Members>()
    this.#stored.set(name, records)
    return records
  }
}
