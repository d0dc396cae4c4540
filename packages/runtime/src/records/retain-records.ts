import {
  deleteOldExecutionSeen,
  listStreamsForRetention,
  pruneDeletedRecords,
  removeAbandonedRecords,
} from '@plumb/store'
import type { Database } from '@plumb/store'

export type RecordRetention = {
  /** How long payloads of deleted records are kept, in days. */
  readonly deletedPayloadDays: number
  /** Milliseconds since 1970. */
  readonly now: number
  readonly signal?: AbortSignal
}

export type RetainedRecords = {
  /** Records that were deleted long ago and lost their payload. */
  readonly pruned: number
  /** Records of connections that are gone. */
  readonly removed: number
}

const dayMs = 86_400_000
const streamsPerPage = 200
/** Rows of one transaction, so that no sync waits long. */
const batchSize = 5000

/**
 * Forgets what nobody will ask for again: payloads of records that were deleted long ago, all records of connections
 * that are gone, and what executions saw that were killed. May be ended at any time, and run in several processes at once.
 */
export async function retainRecords(
  { db }: { readonly db: Database },
  retention: RecordRetention,
): Promise<RetainedRecords> {
  const now = new Date(retention.now).toISOString()
  const before = new Date(retention.now - retention.deletedPayloadDays * dayMs).toISOString()
  let [pruned, removed] = [0, 0]
  for await (const { id, abandoned } of streams(db, retention.signal)) {
    const limit = batchSize
    if (abandoned) {
      removed += await untilDone(retention, () => removeAbandonedRecords(db, id, limit))
    } else {
      const order = { before, limit, now }
      pruned += await untilDone(retention, () => pruneDeletedRecords(db, id, order))
    }
  }
  await deleteOldExecutionSeen(db)
  return { pruned, removed }
}

async function* streams(db: Database, signal?: AbortSignal) {
  let after = 0
  for (;;) {
    signal?.throwIfAborted()
    const page = await listStreamsForRetention(db, { after, limit: streamsPerPage })
    yield* page
    const last = page.at(-1)
    if (last === undefined || page.length < streamsPerPage) return
    after = last.id
  }
}

async function untilDone(
  { signal }: RecordRetention,
  batch: () => Promise<number>,
): Promise<number> {
  let total = 0
  for (;;) {
    signal?.throwIfAborted()
    const done = await batch()
    if (done === 0) return total
    total += done
  }
}
