import type { Queryable } from '../database/database.js'

/** A record as it is stored; neither payload when it was pruned. */
export type RecordRow = {
  readonly externalId: string
  readonly change: number
  readonly firstSeenAt: string
  readonly lastModifiedAt: string
  readonly lastAction: 'ADDED' | 'UPDATED' | 'DELETED'
  readonly deletedAt: string | null
  readonly prunedAt: string | null
  /** JSON text. */
  readonly payload: string | null
  readonly sealed: Buffer | null
}

const columns = `external_id as "externalId", change, first_seen_at as "firstSeenAt",
  last_modified_at as "lastModifiedAt", last_action as "lastAction", deleted_at as "deletedAt",
  pruned_at as "prunedAt", payload::text as payload, sealed`

/** One of a page that ends where its payloads are too many bytes. */
export type PagedRecord = RecordRow & {
  /** Whether more were asked for than are in the page that ends here. */
  readonly more: boolean
}

/** Rows in an order, `limit` at most, and none after those whose payloads have `bytes` together: there may be 16 MB each. */
const pageOf = (o: { which: string; order: string; limit: string; bytes: string }) =>
  `select ${columns}, more from (
     select r.*, sum(size) over w - size as before, lead(change) over w is not null as more from (
       select r.*, coalesce(octet_length(sealed), pg_column_size(payload), 0) as size
       from plumb.records r where ${o.which} order by ${o.order} limit ${o.limit} + 1) r
     window w as (order by ${o.order})) r
   where before < ${o.bytes} order by ${o.order} limit ${o.limit}`

export type RecordChangesQuery = {
  /** The number of the last change that was seen; 0 for none. */
  readonly after: number
  /** ISO 8601; what changed at that time or before is left out. */
  readonly modifiedAfter: string | null
  readonly actions: readonly RecordRow['lastAction'][] | null
  readonly ids: readonly string[] | null
  readonly limit: number
  /** Of payloads, after which the page ends. */
  readonly bytes: number
}

/** Records in the order of their last change, deleted ones too. */
export async function listRecordChanges(
  db: Queryable,
  streamId: number,
  query: RecordChangesQuery,
): Promise<readonly PagedRecord[]> {
  // Times never go back along the changes of a stream, so one number stands for a time, and whoever has passed it once
  // has passed it for good: then nothing is searched.
  const [older] =
    query.modifiedAfter === null
      ? []
      : await db.query<{ change: number }>(
          `select change from plumb.records where stream_id = $1 and last_modified_at <= $2
             and (select last_modified_at <= $2 from plumb.records where stream_id = $1 and change > $3
                  order by change limit 1)
           order by change desc limit 1`,
          [streamId, query.modifiedAfter, query.after],
        )
  const which = `stream_id = $1 and change > $2 and ($3::text[] is null or last_action = any ($3))
    and ($4::text[] is null or external_id = any ($4))`
  return db.query<PagedRecord>(
    pageOf({ which, order: 'change', limit: '$5::bigint', bytes: '$6' }),
    [
      ...[streamId, Math.max(query.after, older?.change ?? 0)],
      ...[query.actions, query.ids, query.limit, query.bytes],
    ],
  )
}

/** Records that are not deleted, by id; `after` is the id of the last one that was seen. */
export async function listLiveRecords(
  db: Queryable,
  streamId: number,
  page: { readonly after: string; readonly limit: number; readonly bytes: number },
): Promise<readonly PagedRecord[]> {
  const which = 'stream_id = $1 and external_id > $2 and deleted_at is null'
  return db.query<PagedRecord>(
    pageOf({ which, order: 'external_id', limit: '$3::bigint', bytes: '$4' }),
    [streamId, page.after, page.limit, page.bytes],
  )
}

/** The records of those ids that are not deleted, as far as `bytes` of payloads go. */
export async function getLiveRecords(
  db: Queryable,
  streamId: number,
  { ids, bytes }: { readonly ids: readonly string[]; readonly bytes: number },
): Promise<readonly PagedRecord[]> {
  const which = 'stream_id = $1 and external_id = any ($2) and deleted_at is null'
  return db.query<PagedRecord>(
    pageOf({ which, order: 'external_id', limit: 'null::bigint', bytes: '$3' }),
    [streamId, ids, bytes],
  )
}

/** The number of the last change of each of those records, deleted ones too. */
export async function getRecordChanges(
  db: Queryable,
  streamId: number,
  ids: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const rows = await db.query<{ id: string; change: number }>(
    `select external_id as id, change from plumb.records where stream_id = $1 and external_id = any ($2)`,
    [streamId, ids],
  )
  return new Map(rows.map(({ id, change }) => [id, change]))
}
