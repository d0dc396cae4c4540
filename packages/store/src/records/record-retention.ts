import type { Queryable } from '../database/database.js'

type Batch = { readonly limit: number; readonly now: string }

/** Forgets payloads up to a change, `limit` of them at most; what remains still tells changes from repetitions. */
export async function pruneRecords(
  db: Queryable,
  streamId: number,
  { until, limit, now }: Batch & { readonly until: number },
): Promise<number> {
  return countOf(db, pruning('change <= $4 and pruned_at is null order by change'), [
    ...[streamId, now, limit, until],
  ])
}

/** Forgets payloads of records that were deleted before `before`, `limit` of them at most; tells how many. */
export async function pruneDeletedRecords(
  db: Queryable,
  streamId: number,
  { before, limit, now }: Batch & { readonly before: string },
): Promise<number> {
  return countOf(db, pruning('deleted_at < $4 and pruned_at is null'), [
    ...[streamId, now, limit, before],
  ])
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

/** Removes records of an abandoned stream, `limit` of them at most, and the stream with the last; tells how many. */
export async function removeAbandonedRecords(
  db: Queryable,
  streamId: number,
  limit: number,
): Promise<number> {
  const removed = await countOf(
    db,
    `with chosen as materialized (
       select external_id from plumb.records where stream_id = $1 limit $2),
     done as (
       delete from plumb.records r using chosen c
       where r.stream_id = $1 and r.external_id = c.external_id returning 1)
     select count(*) as count from done`,
    [streamId, limit],
  )
  if (removed > 0) return removed
  await db.query('delete from plumb.record_seen where stream_id = $1', [streamId])
  await db.query('delete from plumb.record_streams where id = $1 and abandoned_at is not null', [
    streamId,
  ])
  return 0
}

/** The rows are chosen once: a join could run its other side, and with it the limit, several times. */
function pruning(which: string): string {
  return `with chosen as materialized (
      select external_id from plumb.records where stream_id = $1 and ${which} limit $3
      for update skip locked),
    done as (
      update plumb.records r set payload = null, sealed = null, pruned_at = $2
      from chosen c where r.stream_id = $1 and r.external_id = c.external_id returning 1)
    select count(*) as count from done`
}

async function countOf(db: Queryable, sql: string, params: readonly unknown[]): Promise<number> {
  const [row] = await db.query<{ count: number }>(sql, params)
  return row?.count ?? 0
}
