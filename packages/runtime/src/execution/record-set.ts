import { PlumbError } from '@plumb/protocol'
import type { JsonObject } from '@plumb/protocol'
import { storedId } from '../records/record-codec.js'
import { refuseMassDelete, refuseMissingWindow } from './delete-guard.js'
import { mergeDeep } from './merge-deep.js'
import { isOthers } from './record-keeper.js'
import type {
  ChangeRange,
  DeleteOptions,
  KeptChange,
  OthersChanges,
  RecordKeeper,
} from './record-keeper.js'
import type { StoredRecord, RecordPage } from '../records/stored-record.js'

/** Records of one model that one set holds. */
const mostRecords = 100_000
/** Bytes of JSON that one set takes in, all in all: what was deleted is still told of at the end. */
const mostBytes = 256 * 1024 * 1024

/** Of JSON in one page: a function is answered with 16 MB at most. */
const mostPageBytes = 8 * 1024 * 1024

/** The records of one sync and connection, kept in memory; pass it on to let a later execution find them. */
export class RecordSet implements RecordKeeper {
  readonly tellsChanges = true
  readonly #models = new Map<string, Map<string, StoredRecord>>()
  /** Ids seen since a delete window was opened, by model. */
  readonly #windows = new Map<string, Set<string>>()
  /** Ids that this execution has passed, by model. */
  readonly #passed = new Map<string, Set<string>>()
  /** The number of each record's last change, by model and id. */
  readonly #changes = new Map<string, Map<string, number>>()
  #changeCount = 0
  #bytesLeft: number

  /** `initial` holds what earlier executions have stored, by model; all later records have `bytes` of JSON at most. */
  constructor(
    initial: Readonly<Record<string, readonly JsonObject[]>> = {},
    { bytes = mostBytes }: { readonly bytes?: number } = {},
  ) {
    this.#bytesLeft = Infinity
    for (const [model, records] of Object.entries(initial)) {
      this.save(model, records as readonly StoredRecord[])
    }
    this.#bytesLeft = bytes
  }

  begin(): void {
    this.#passed.clear()
  }

  end(): void {
    this.#passed.clear()
  }

  /** Adds, or replaces what has the same id. Throws PlumbError `request-invalid` for a bad id, and for more than memory is kept for. */
  save(model: string, records: readonly StoredRecord[], spare?: OthersChanges): KeptChange {
    // As the database refuses them, so that a dry run tells of them too.
    for (const { id } of records) storedId(id)
    const stored = this.#recordsOf(model)
    const passed = this.#pass(model, records, spare)
    for (const record of passed) stored.set(record.id, record)
    if (stored.size > mostRecords) throw tooMany(model)
    return { records: passed, range: this.#note(model, passed) }
  }

  /** Merges into what has the same id. */
  update(model: string, records: readonly StoredRecord[], spare?: OthersChanges): KeptChange {
    const stored = this.#recordsOf(model)
    const passed = this.#pass(model, records, spare)
    const range = this.#note(model, passed)
    const merged = passed.map((record) => {
      const known = stored.get(record.id)
      if (known === undefined) return record
      const next = mergeDeep(known, record) as StoredRecord
      stored.set(record.id, next)
      return next
    })
    return { records: merged, range }
  }

  /** Tells what was deleted: the stored record, or what was given when none was stored. */
  delete(model: string, records: readonly StoredRecord[], spare?: OthersChanges): KeptChange {
    const stored = this.#recordsOf(model)
    const passed = this.#pass(model, records, spare)
    const range = this.#note(model, passed)
    const deleted = passed.map((record) => {
      const known = stored.get(record.id) ?? record
      stored.delete(record.id)
      return known
    })
    return { records: deleted, range }
  }

  list(model: string, page: { cursor: string | null; limit: number }): RecordPage {
    const start = startOf(page.cursor ?? '0')
    const all = this.all(model)
    const records = fitting(all.slice(start, start + page.limit))
    const end = start + records.length
    return { records, next_cursor: end < all.length ? String(end) : null }
  }

  get(model: string, ids: readonly string[]): StoredRecord[] {
    const stored = this.#recordsOf(model)
    return ids.flatMap((id) => stored.get(id) ?? [])
  }

  all(model: string): StoredRecord[] {
    return [...this.#recordsOf(model).values()]
  }

  lastChange(): number {
    return this.#changeCount
  }

  /** From now on, what is saved or updated counts as seen. Opening an open window starts it anew. */
  openDeleteWindow(model: string): void {
    this.#windows.set(model, new Set())
  }

  /** Deletes and returns what was not seen. Throws PlumbError `request-invalid` for no window, or too many. */
  closeDeleteWindow(model: string, confirmed: boolean): StoredRecord[] {
    const seen = this.#windows.get(model)
    if (seen === undefined) throw refuseMissingWindow(model)
    const deleted = this.#deleteWithout(model, seen, confirmed)
    this.#windows.delete(model)
    return deleted
  }

  /** Deletes and returns what this execution did not pass, with the guard of `closeDeleteWindow`. */
  deleteUnseen(model: string, { confirmed }: Pick<DeleteOptions, 'confirmed'>): StoredRecord[] {
    return this.#deleteWithout(model, this.#passed.get(model) ?? new Set(), confirmed)
  }

  #deleteWithout(model: string, seen: ReadonlySet<string>, confirmed: boolean): StoredRecord[] {
    const stored = this.#recordsOf(model)
    const unseen = [...stored.values()].filter(({ id }) => !seen.has(id))
    refuseMassDelete({ model, count: unseen.length, total: stored.size, confirmed })
    for (const { id } of unseen) stored.delete(id)
    return unseen
  }

  #recordsOf(model: string): Map<string, StoredRecord> {
    const records = this.#models.get(model) ?? new Map<string, StoredRecord>()
    this.#models.set(model, records)
    return records
  }

  #note(model: string, records: readonly StoredRecord[]): ChangeRange | null {
    const changes = this.#changes.get(model) ?? new Map<string, number>()
    this.#changes.set(model, changes)
    const first = this.#changeCount + 1
    for (const { id } of records) changes.set(id, (this.#changeCount += 1))
    return records.length === 0 ? null : { first, last: this.#changeCount }
  }

  /** All count as seen; those that somebody else has changed go no further. */
  #pass(
    model: string,
    records: readonly StoredRecord[],
    spare: OthersChanges | undefined,
  ): readonly StoredRecord[] {
    this.#bytesLeft -= Buffer.byteLength(JSON.stringify(records))
    if (this.#bytesLeft < 0) throw tooLarge(model)
    const seen = this.#windows.get(model)
    const passed = this.#passed.get(model) ?? new Set()
    this.#passed.set(model, passed)
    for (const { id } of records) {
      seen?.add(id)
      passed.add(id)
    }
    if (spare === undefined) return records
    const changes = this.#changes.get(model)
    return records.filter(({ id }) => !isOthers(changes?.get(id) ?? 0, spare))
  }
}

/** The first of them, as many as fit into one answer, and one at least. */
function fitting(records: StoredRecord[]): StoredRecord[] {
  let bytes = 0
  const end = records.findIndex((record, n) => {
    bytes += Buffer.byteLength(JSON.stringify(record))
    return n > 0 && bytes > mostPageBytes
  })
  return end === -1 ? records : records.slice(0, end)
}

function startOf(cursor: string): number {
  if (/^\d{1,9}$/.test(cursor)) return Number(cursor)
  throw new PlumbError({
    code: 'request-invalid',
    message: `"${cursor.slice(0, 100)}" is not a cursor of listRecords.`,
    remedy: 'Leave it out to start with the first record.',
  })
}

function tooMany(model: string): PlumbError {
  return new PlumbError({
    code: 'request-invalid',
    message: `Model "${model}" has more than ${mostRecords} records, which is what memory is kept for.`,
    remedy: 'Use an account with less data, or narrow the sync with metadata.',
  })
}

function tooLarge(model: string): PlumbError {
  return new PlumbError({
    code: 'request-invalid',
    message: `With these records of "${model}" there is more than memory is kept for: ${mostBytes} bytes.`,
    remedy: 'Use an account with less data, or narrow the sync with metadata.',
  })
}
