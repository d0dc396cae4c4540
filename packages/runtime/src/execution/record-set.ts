import { PlumbError } from '@plumb/protocol'
import type { JsonObject } from '@plumb/protocol'
import { mergeDeep } from './merge-deep.js'

/** A record as a sync stores it. */
export type StoredRecord = JsonObject & { readonly id: string }

export type RecordPage = { readonly records: StoredRecord[]; readonly next_cursor: string | null }

/** The guard against deleting nearly everything looks at models with more records than this. */
const guardFrom = 20
const guardShare = 0.5
/** Records of one model that one set holds. */
const mostRecords = 100_000

/** The records of one sync and connection, kept in memory; pass it on to let a later execution find them. */
export class RecordSet {
  readonly #models = new Map<string, Map<string, StoredRecord>>()
  /** Ids seen since a delete window was opened, by model. */
  readonly #windows = new Map<string, Set<string>>()
  /** The number of each record's last change, by model and id. */
  readonly #changes = new Map<string, Map<string, number>>()
  #changeCount = 0

  /** `initial` holds what earlier executions have stored, by model. */
  constructor(initial: Readonly<Record<string, readonly JsonObject[]>> = {}) {
    for (const [model, records] of Object.entries(initial)) {
      this.save(model, records as readonly StoredRecord[])
    }
  }

  /** Adds, or replaces what has the same id. Throws PlumbError `request-invalid` above 100,000 records. */
  save(model: string, records: readonly StoredRecord[]): void {
    const stored = this.#recordsOf(model)
    for (const record of records) stored.set(record.id, record)
    this.#see(model, records)
    this.#note(model, records)
    if (stored.size > mostRecords) throw tooMany(model)
  }

  /** Merges into what has the same id; returns the records as they are then. */
  update(model: string, records: readonly StoredRecord[]): StoredRecord[] {
    const stored = this.#recordsOf(model)
    this.#see(model, records)
    this.#note(model, records)
    return records.map((record) => {
      const known = stored.get(record.id)
      if (known === undefined) return record
      const merged = mergeDeep(known, record) as StoredRecord
      stored.set(record.id, merged)
      return merged
    })
  }

  /** Returns what was deleted: the stored record, or what was given when none was stored. */
  delete(model: string, records: readonly StoredRecord[]): StoredRecord[] {
    const stored = this.#recordsOf(model)
    this.#note(model, records)
    return records.map((record) => {
      const known = stored.get(record.id) ?? record
      stored.delete(record.id)
      return known
    })
  }

  list(model: string, page: { cursor: string | null; limit: number }): RecordPage {
    const start = Number(page.cursor ?? 0)
    const end = start + page.limit
    const all = this.all(model)
    return { records: all.slice(start, end), next_cursor: end < all.length ? String(end) : null }
  }

  get(model: string, ids: readonly string[]): StoredRecord[] {
    const stored = this.#recordsOf(model)
    return ids.flatMap((id) => stored.get(id) ?? [])
  }

  all(model: string): StoredRecord[] {
    return [...this.#recordsOf(model).values()]
  }

  /** How many changes there were; see `lastChange`. */
  get changeCount(): number {
    return this.#changeCount
  }

  /** The number of the record's last change, counted over all models; 0 for none. */
  lastChange(model: string, id: string): number {
    return this.#changes.get(model)?.get(id) ?? 0
  }

  /** Counts records as seen without changing them. */
  see(model: string, records: readonly StoredRecord[]): void {
    this.#see(model, records)
  }

  /** From now on, what is saved or updated counts as seen. Opening an open window starts it anew. */
  openDeleteWindow(model: string): void {
    this.#windows.set(model, new Set())
  }

  /** Deletes and returns what was not seen. Throws PlumbError `request-invalid` for no window, or too many. */
  closeDeleteWindow(model: string, confirmed: boolean): StoredRecord[] {
    const seen = this.#windows.get(model)
    if (seen === undefined) throw noWindow(model)
    const deleted = this.deleteUnseen(model, seen, confirmed)
    this.#windows.delete(model)
    return deleted
  }

  /** Deletes and returns what is not in `seen`, with the guard of `closeDeleteWindow`. */
  deleteUnseen(model: string, seen: ReadonlySet<string>, confirmed: boolean): StoredRecord[] {
    const stored = this.#recordsOf(model)
    const unseen = [...stored.values()].filter(({ id }) => !seen.has(id))
    const guarded = stored.size > guardFrom && unseen.length > stored.size * guardShare
    if (guarded && !confirmed) throw massDelete(model, unseen.length, stored.size)
    for (const { id } of unseen) stored.delete(id)
    return unseen
  }

  #recordsOf(model: string): Map<string, StoredRecord> {
    const records = this.#models.get(model) ?? new Map<string, StoredRecord>()
    this.#models.set(model, records)
    return records
  }

  #note(model: string, records: readonly StoredRecord[]): void {
    const changes = this.#changes.get(model) ?? new Map<string, number>()
    this.#changes.set(model, changes)
    for (const { id } of records) changes.set(id, (this.#changeCount += 1))
  }

  #see(model: string, records: readonly StoredRecord[]): void {
    const seen = this.#windows.get(model)
    for (const { id } of records) seen?.add(id)
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
