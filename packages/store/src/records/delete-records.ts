import type { Queryable } from '../database/database.js'
import type { LockedStream } from './record-streams.js'
import { noteStreamChange } from './record-streams.js'
import { nothingChanged } from './save-records.js'
import type { ChangedRecords } from './save-records.js'

type Locked = { readonly id: number; readonly locked: LockedStream }

const deletion = (now: string) => `update plumb.records r
  set deleted_at = ${now}, last_modified_at = ${now}, last_action = 'DELETED', change = nextval('plumb.record_changes')`

/** Marks records as deleted and keeps their payloads; the stream must be locked. */
export async function deleteRecords(
  tx: Queryable,
  stream: Locked,
  ids: readonly string[],
): Promise<ChangedRecords> {
  const [row] = await tx.query<Deletion>(
    `with deleted as (
       ${deletion('$2')} where stream_id = $1 and external_id = any ($3) and deleted_at is null returning change)
     select ${deletedCounts} from deleted`,
    [stream.id, stream.locked.now, ids],
  )
  return noteDeletion(tx, stream, row)
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

/** Where it is known which records were seen: in the stream's delete window for null, or by the execution of a number. */
type SeenBy = { readonly execution: number | null }

/** How many of the stream's records were not seen. */
export async function countUnseenRecords(
  tx: Queryable,
  streamId: number,
  { execution }: SeenBy,
): Promise<number> {
  const [row] = await tx.query<{ count: number }>(
    `with ${seen} select count(*) as count from plumb.records r where ${unseen}`,
    [streamId, execution],
  )
  return row?.count ?? 0
}

/** Deletes what was not seen; tells the deleted ids, `tell` of them at most. */
export async function deleteUnseenRecords(
  tx: Queryable,
  stream: Locked,
  { execution, tell }: SeenBy & { readonly tell: number },
): Promise<ChangedRecords & { readonly ids: readonly string[] }> {
  const [row] = await tx.query<Deletion & { ids: string[] }>(
    `with ${seen}, deleted as (${deletion('$3')} where ${unseen} returning external_id, change)
     select ${deletedCounts}, array(select external_id from deleted limit $4) as ids from deleted`,
    [stream.id, execution, stream.locked.now, tell],
  )
  return { ...(await noteDeletion(tx, stream, row)), ids: row?.ids ?? [] }
}

/** Forgets what the window has seen. */
export async function closeDeleteWindow(tx: Queryable, streamId: number): Promise<void> {
  await tx.query('delete from plumb.record_seen where stream_id = $1', [streamId])
  await tx.query('update plumb.record_streams set window_opened_at = null where id = $1', [
    streamId,
  ])
}

const seenHash = (id: string) => `hashtextextended(${id} collate "C", 0)`
const seen = `seen as materialized (
  select distinct unnest(ids) as hash from plumb.record_seen where stream_id = $1 and $2::bigint is null
  union all select unnest(ids) from plumb.execution_seen where stream_id = $1 and execution = $2)`
const unseen = `r.stream_id = $1 and r.deleted_at is null
  and not exists (select from seen where seen.hash = ${seenHash('r.external_id')})`

type Deletion = {
  readonly count: number
  readonly first: number | null
  readonly last: number | null
}
const deletedCounts = 'count(*) as count, min(change) as first, max(change) as last'

async function noteDeletion(
  tx: Queryable,
  { id, locked }: Locked,
  deletion: Deletion | undefined,
): Promise<ChangedRecords> {
  const { count = 0, first = null, last = null } = deletion ?? {}
  if (first === null || last === null) return nothingChanged
  await noteStreamChange(tx, id, { live: -count, now: locked.now })
  return { added: 0, updated: 0, deleted: count, range: { first, last } }
}
