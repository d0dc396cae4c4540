import { PlumbError } from '@plumb/protocol'
import type { JsonObject } from '@plumb/protocol'
import { mergeDeep } from './merge-deep.js'

/** A record as a sync stores it. */
export type StoredRecord = JsonObject & { readonly id: string }

/** The records of one sync and connection, kept in memory; pass it on to let a later execution find them. */
export type RecordSet = {
  /** Adds, or replaces what has the same id. */
  save(model: string, records: readonly StoredRecord[]): void
  /** Merges into what has the same id; returns the records as they are then. */
  update(model: string, records: readonly StoredRecord[]): StoredRecord[]
  /** Returns what was deleted: the stored record, or what was given when none was stored. */
  delete(model: string, records: readonly StoredRecord[]): StoredRecord[]
  list(model: string, page: { cursor: string | null; limit: number }): RecordPage
  get(model: string, ids: readonly string[]): StoredRecord[]
  all(model: string): StoredRecord[]
  /** From now on, what is saved or updated counts as seen. Opening an open window starts it anew. */
  openDeleteWindow(model: string): void
  /** Deletes and returns what was not seen. Throws PlumbError `request-invalid` for no window, or too many. */
  closeDeleteWindow(model: string, confirmed: boolean): StoredRecord[]
  /** Deletes and returns what is not in `seen`; the same guard. */
  deleteUnseen(model: string, seen: ReadonlySet<string>, confirmed: boolean): StoredRecord[]
}

export type RecordPage = { readonly records: StoredRecord[]; readonly next_cursor: string | null }

/** The guard against deleting nearly everything looks at models with more records than this. */
const guardFrom = 20
const guardShare = 0.5
/** Records that one set holds. */
const mostRecords = 100_000

/** Opens a record set; `initial` holds what earlier executions have stored, by model. */
export function openRecordSet(
  initial: Readonly<Record<string, readonly JsonObject[]>> = {},
): RecordSet {
  const models = new Map<string, Map<string, StoredRecord>>()
  const windows = new Map<string, Set<string>>()
  for (const [model, records] of Object.entries(initial)) save(model, records as StoredRecord[])

  function recordsOf(model: string): Map<string, StoredRecord> {
    const records = models.get(model) ?? new Map<string, StoredRecord>()
    models.set(model, records)
    return records
  }

  function see(model: string, records: readonly StoredRecord[]): void {
    for (const { id } of records) windows.get(model)?.add(id)
  }

  function save(model: string, records: readonly StoredRecord[]): void {
    const stored = recordsOf(model)
    for (const record of records) stored.set(record.id, record)
    see(model, records)
    if (stored.size > mostRecords) throw tooMany(model)
  }

  function deleteUnseen(
    model: string,
    seen: ReadonlySet<string>,
    confirmed: boolean,
  ): StoredRecord[] {
    const stored = recordsOf(model)
    const unseen = [...stored.values()].filter(({ id }) => !seen.has(id))
    const guarded = stored.size > guardFrom && unseen.length > stored.size * guardShare
    if (guarded && !confirmed) throw massDelete(model, unseen.length, stored.size)
    for (const { id } of unseen) stored.delete(id)
    return unseen
  }

  return {
    save,
    deleteUnseen,
    update(model, records) {
      const stored = recordsOf(model)
      see(model, records)
      return records.map((record) => {
        const known = stored.get(record.id)
        if (known === undefined) return record
        const merged = mergeDeep(known, record) as StoredRecord
        stored.set(record.id, merged)
        return merged
      })
    },
    delete(model, records) {
      const stored = recordsOf(model)
      return records.map((record) => {
        const known = stored.get(record.id) ?? record
        stored.delete(record.id)
        return known
      })
    },
    list(model, { cursor, limit }) {
      const start = Number(cursor ?? 0)
      const all = [...recordsOf(model).values()]
      const end = start + limit
      return { records: all.slice(start, end), next_cursor: end < all.length ? String(end) : null }
    },
    get: (model, ids) => ids.flatMap((id) => recordsOf(model).get(id) ?? []),
    all: (model) => [...recordsOf(model).values()],
    openDeleteWindow: (model) => void windows.set(model, new Set()),
    closeDeleteWindow(model, confirmed) {
      const seen = windows.get(model)
      if (seen === undefined) throw noWindow(model)
      const deleted = deleteUnseen(model, seen, confirmed)
      windows.delete(model)
      return deleted
    },
  }
}

function tooMany(model: string): PlumbError {
  return new PlumbError({
    code: 'request-invalid',
    message: `Model "${model}" has more than ${mostRecords} records, which is what memory is kept for.`,
    remedy: 'Use an account with less data, or narrow the sync with metadata.',
  })
}

function massDelete(model: string, count: number, total: number): PlumbError {
  return new PlumbError({
    code: 'request-invalid',
    message: `Deleting ${count} of ${total} records of "${model}" was refused: that is more than half.`,
    remedy:
      'Make sure that every page was walked and every record saved; if so, pass { confirmed: true } to trackDeletesEnd.',
  })
}

function noWindow(model: string): PlumbError {
  return new PlumbError({
    code: 'request-invalid',
    message: `trackDeletesEnd("${model}") was called without trackDeletesStart("${model}").`,
    remedy: 'Call trackDeletesStart before the first page is saved.',
  })
}
