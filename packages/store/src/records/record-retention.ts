import type { Queryable } from '../database/database.js'

/** Forgets payloads up to a change, `limit` of them at most; what remains still tells changes from repetitions. */
export async function pruneRecords(
  db: Queryable,
  streamId: number,
  order: { readonly until: number; readonly limit: number; readonly now: string },
): Promise<number> {
  const rows = await db.query(
    `update plumb.records set payload = null, sealed = null, pruned_at = $4
     where stream_id = $1 and external_id in (
       select external_id from plumb.records
       where stream_id = $1 and change <= $2 and pruned_at is null order by change limit $3 for update skip locked)
       and pruned_at is null and change <= $2
     returning 1 as one`,
    [streamId, order.until, order.limit, order.now],
  )
  return rows.length
}

/** Streams in the order of their ids, `after` the last one that was seen. */
export async function listStreamsForRetention(
  db: Queryable,
  page: { readonly after: number; readonly limit: number },
): Promise<readonly { readonly id: number; readonly abandoned: boolean }[]> {
  return db.query(
    `select id, abandoned_at is not null as abandoned from plumb.record_streams
     where id > $1 order by id limit $2`,
    [page.after, page.limit],
  )
}

/** Forgets payloads of records that were deleted before `before`, `limit` of them at most; tells how many. */
export async function pruneDeletedRecords(
  db: Queryable,
  streamId: number,
  order: { readonly before: string; readonly limit: number; readonly now: string },
): Promise<number> {
  const rows = await db.query(
    `update plumb.records set payload = null, sealed = null, pruned_at = $4
     where stream_id = $1 and external_id in (
       select external_id from plumb.records
       where stream_id = $1 and deleted_at < $2 and pruned_at is null limit $3 for update skip locked)
       and deleted_at < $2 and pruned_at is null
     returning 1 as one`,
    [streamId, order.before, order.limit, order.now],
  )
  return rows.length
}

/** Removes records of an abandoned stream, `limit` of them at most, and the stream with the last; tells how many. */
export async function removeAbandonedRecords(
  db: Queryable,
  streamId: number,
  limit: number,
): Promise<number> {
  const rows = await db.query(
    `delete from plumb.records where stream_id = $1 and external_id in (
       select external_id from plumb.records where stream_id = $1 limit $2)
     returning 1 as one`,
    [streamId, limit],
  )
  if (rows.length === 0) {
    await db.query('delete from plumb.record_seen where stream_id = $1', [streamId])
    await db.query('delete from plumb.record_streams where id = $1 and abandoned_at is not null', [
      streamId,
    ])
  }
  return rows.length
}
