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

export type RecordChangesQuery = {
  /** The number of the last change that was seen; 0 for none. */
  readonly after: number
  /** ISO 8601; what changed at that time or before is left out. */
  readonly modifiedAfter: string | null
  readonly actions: readonly RecordRow['lastAction'][] | null
  readonly ids: readonly string[] | null
  readonly limit: number
}

/** Records in the order of their last change, deleted ones too. */
export async function listRecordChanges(
  db: Queryable,
  streamId: number,
  query: RecordChangesQuery,
): Promise<readonly RecordRow[]> {
  // Times never go back along the changes of a stream, so one number stands for a time.
  const [older] =
    query.modifiedAfter === null
      ? []
      : await db.query<{ change: number }>(
          `select change from plumb.records where stream_id = $1 and last_modified_at <= $2
           order by change desc limit 1`,
          [streamId, query.modifiedAfter],
        )
  return db.query<RecordRow>(
    `select ${columns} from plumb.records
     where stream_id = $1 and change > $2 and ($3::text[] is null or last_action = any ($3))
       and ($4::text[] is null or external_id = any ($4))
     order by change limit $5`,
    [
      ...[streamId, Math.max(query.after, older?.change ?? 0)],
      ...[query.actions, query.ids, query.limit],
    ],
  )
}

/** Records that are not deleted, by id; `after` is the id of the last one that was seen. */
export async function listLiveRecords(
  db: Queryable,
  streamId: number,
  page: { readonly after: string; readonly limit: number },
): Promise<readonly RecordRow[]> {
  return db.query<RecordRow>(
    `select ${columns} from plumb.records
     where stream_id = $1 and external_id > $2 and deleted_at is null order by external_id limit $3`,
    [streamId, page.after, page.limit],
  )
}

/** The records of those ids that are not deleted. */
export async function getLiveRecords(
  db: Queryable,
  streamId: number,
  ids: readonly string[],
): Promise<readonly RecordRow[]> {
  return db.query<RecordRow>(
    `select ${columns} from plumb.records
     where stream_id = $1 and external_id = any ($2) and deleted_at is null`,
    [streamId, ids],
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
