import type { Queryable } from '../database/database.js'
import type { LockedStream } from './record-streams.js'
import { noteStreamChange } from './record-streams.js'
import { nothingChanged } from './save-records.js'
import type { ChangedRecords } from './save-records.js'

type Locked = { readonly id: number; readonly locked: LockedStream }

const deletion = `update plumb.records r set deleted_at = $2, last_modified_at = $2, last_action = 'DELETED',
  change = nextval('plumb.record_changes')`

/** Marks records as deleted and keeps their payloads; the stream must be locked. */
export async function deleteRecords(
  tx: Queryable,
  stream: Locked,
  ids: readonly string[],
): Promise<ChangedRecords> {
  const rows = await tx.query<Deleted>(
    `${deletion} where stream_id = $1 and external_id = any ($3) and deleted_at is null returning external_id, change`,
    [stream.id, stream.locked.now, ids],
  )
  return noteDeletion(tx, stream, rows)
}

/** Opens the stream's delete window; one that is open goes on, or starts anew. */
export async function openDeleteWindow(
  tx: Queryable,
  stream: Locked,
  options: { readonly anew: boolean },
): Promise<void> {
  if (stream.locked.windowOpen && !options.anew) return
  await tx.query('delete from plumb.record_seen where stream_id = $1', [stream.id])
  await tx.query('update plumb.record_streams set window_opened_at = $2 where id = $1', [
    stream.id,
    stream.locked.now,
  ])
}

/** Counts records as seen in the open window. */
export async function seeRecords(
  tx: Queryable,
  streamId: number,
  ids: readonly string[],
): Promise<void> {
  await tx.query(
    `insert into plumb.record_seen
     select $1, array_agg(${seenHash('i')}) from unnest($2::text[]) i having count(*) > 0`,
    [streamId, ids],
  )
}

/** How many of the stream's records were not seen since the window was opened. */
export async function countUnseenRecords(tx: Queryable, streamId: number): Promise<number> {
  const [row] = await tx.query<{ count: number }>(
    `with ${seen} select count(*) as count from plumb.records r where ${unseen}`,
    [streamId],
  )
  return row?.count ?? 0
}

/** Deletes what was not seen, and closes the window; tells the deleted ids. */
export async function closeDeleteWindow(
  tx: Queryable,
  stream: Locked,
): Promise<ChangedRecords & { readonly ids: readonly string[] }> {
  const rows = await tx.query<Deleted>(
    `with ${seen} ${deletion} where ${unseen} returning external_id, change`,
    [stream.id, stream.locked.now],
  )
  await tx.query('delete from plumb.record_seen where stream_id = $1', [stream.id])
  await tx.query('update plumb.record_streams set window_opened_at = null where id = $1', [
    stream.id,
  ])
  return {
    ...(await noteDeletion(tx, stream, rows)),
    ids: rows.map((row) => row.external_id),
  }
}

type Deleted = { readonly external_id: string; readonly change: number }

const seenHash = (id: string) => `hashtextextended(${id} collate "C", 0)`
const seen = `seen as materialized (
  select distinct unnest(ids) as hash from plumb.record_seen where stream_id = $1)`
const unseen = `r.stream_id = $1 and r.deleted_at is null
  and not exists (select from seen where seen.hash = ${seenHash('r.external_id')})`

async function noteDeletion(
  tx: Queryable,
  { id, locked }: Locked,
  rows: readonly Deleted[],
): Promise<ChangedRecords> {
  if (rows.length === 0) return nothingChanged
  await noteStreamChange(tx, id, { live: -rows.length, now: locked.now })
  let [first, last] = [Infinity, 0]
  for (const { change } of rows) {
    first = Math.min(first, change)
    last = Math.max(last, change)
  }
  return { added: 0, updated: 0, deleted: rows.length, range: { first, last } }
}
