import type { RecordPage, StoredRecord } from '../records/stored-record.js'

/** Numbers of changes, both included. */
export type ChangeRange = { readonly first: number; readonly last: number }

/** Somebody else made the changes after `after` that are not in `own`, whose ranges are in their order. */
export type OthersChanges = { readonly after: number; readonly own: readonly ChangeRange[] }

/** What a batch has done. */
export type KeptChange = {
  /**
   * As they are now, of deleted ones the last state, without those that were spared; as they were given where a keeper
   * does not tell changes.
   */
  readonly records: readonly StoredRecord[]
  /** Null when nothing changed. */
  readonly range: ChangeRange | null
}

export type DeleteOptions = {
  /** Whether more than half of more than 20 records may go. */
  readonly confirmed: boolean
  /** The execution continues from a checkpoint: what earlier ones have seen is there still. */
  readonly continued: boolean
}

type Awaitable<T> = T | Promise<T>

/**
 * Where the records of one sync and connection are kept, by model. Changes are numbered, over all models and
 * executions, in the order in which they happen.
 */
export type RecordKeeper = {
  /** Whether an execution keeps the records it changes, to tell of them. Not where they can be a million. */
  readonly tellsChanges: boolean
  /** An execution begins: it has saved and updated nothing yet. */
  begin(): Awaitable<void>
  /** The execution is over: what it has saved and updated need not be known any more. */
  end(): Awaitable<void>
  /** Adds, or replaces what has the same id; `spare` leaves alone what others have changed. */
  save(
    model: string,
    records: readonly StoredRecord[],
    spare?: OthersChanges,
  ): Awaitable<KeptChange>
  /** Merges deeply into what has the same id; without such a record nothing is stored. */
  update(
    model: string,
    records: readonly StoredRecord[],
    spare?: OthersChanges,
  ): Awaitable<KeptChange>
  delete(
    model: string,
    records: readonly StoredRecord[],
    spare?: OthersChanges,
  ): Awaitable<KeptChange>
  /** A page in an order that changes do not disturb. */
  list(model: string, page: { cursor: string | null; limit: number }): Awaitable<RecordPage>
  get(model: string, ids: readonly string[]): Awaitable<StoredRecord[]>
  /** The number of the last change of all. */
  lastChange(): Awaitable<number>
  /** From now on, what is saved or updated counts as seen, in later executions too. */
  openDeleteWindow(model: string, options: Pick<DeleteOptions, 'continued'>): Awaitable<void>
  /** Deletes what was not seen. Throws PlumbError `request-invalid` for no window, or too many. */
  closeDeleteWindow(model: string, confirmed: boolean): Awaitable<readonly StoredRecord[]>
  /** Deletes what this execution has neither saved nor updated, with the guard of `closeDeleteWindow`. */
  deleteUnseen(model: string, options: DeleteOptions): Awaitable<readonly StoredRecord[]>
}

/** Whether a change is somebody else's. There can be as many ranges as batches, so they are searched, not walked. */
export function isOthers(change: number, { after, own }: OthersChanges): boolean {
  if (change <= after) return false
  let [low, high] = [0, own.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((own[middle]?.first ?? 0) <= change) low = middle + 1
    else high = middle
  }
  return change > (own[low - 1]?.last ?? -1)
}
