export type Row = Readonly<Record<string, unknown>> & { readonly id: number }

/** Rows of one kind in memory, with ids that count up and times of creation and change. */
export type Table = {
  all(): Row[]
  get(id: string | number | undefined): Row | undefined
  insert(values: Readonly<Record<string, unknown>>): Row
  update(id: number, values: Readonly<Record<string, unknown>>): Row
  delete(id: number): void
  clear(): void
}

/** An empty table; `clock` gives `created_at` and `updated_at`. */
export function createTable(clock: () => Date): Table {
  const rows = new Map<number, Row>()
  let last = 0
  return {
    all: () => [...rows.values()],
    get: (id) => rows.get(Number(id)),
    insert(values) {
      last += 1
      const now = clock().toISOString()
      const row = { id: last, ...values, created_at: now, updated_at: now }
      rows.set(last, row)
      return row
    },
    update(id, values) {
      const row = { ...rows.get(id), ...values, id, updated_at: clock().toISOString() }
      rows.set(id, row)
      return row
    },
    delete: (id) => void rows.delete(id),
    clear() {
      rows.clear()
      last = 0
    },
  }
}
