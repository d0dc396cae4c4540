import type { Queryable } from '../database/database.js'
import type { LockedStream } from './record-streams.js'
import { noteStreamChange } from './record-streams.js'

/** Bytes of one hash. */
export const recordHashBytes = 16

/** Ids, each once, with the hashes of their records one after the other. */
export type RecordHashes = { readonly ids: readonly string[]; readonly hashes: Buffer }

export type RecordRows = RecordHashes & {
  /** Plain or encrypted, one after the other. */
  readonly payloads: Buffer
  /** Bytes of each payload. */
  readonly lengths: readonly number[]
}

export type ChangedRecords = {
  readonly added: number
  readonly updated: number
  readonly deleted: number
  /** Numbers of the changes, both included; null when there were none. */
  readonly range: { readonly first: number; readonly last: number } | null
}

export const nothingChanged: ChangedRecords = { added: 0, updated: 0, deleted: 0, range: null }

type Target = { readonly id: number; readonly payloads: 'encrypted' | 'plain' }

const hashAt = (n: string) =>
  `substring($3::bytea from (${n} - 1) * ${recordHashBytes} + 1 for ${recordHashBytes})`

/**
 * The places in `rows.ids` of records that are new, changed, deleted, or stored in the other form. Reads alone: for
 * what is unchanged nothing is ever written.
 */
export async function findChangedRecords(
  db: Queryable,
  stream: Target,
  rows: RecordHashes,
): Promise<{ readonly windowOpen: boolean; readonly changed: readonly number[] }> {
  // LATERAL with LIMIT makes it a walk over the ids, whatever the planner knows of a table that has just grown.
  const [found] = await db.query<{ windowOpen: boolean; changed: number[] }>(
    `select coalesce((select window_opened_at is not null from plumb.record_streams where id = $1), false) as "windowOpen",
       array(
         select (i.n - 1)::int from unnest($2::text[]) with ordinality i (external_id, n)
         left join lateral (
           select hash, deleted_at, payload is not null as is_plain, sealed is not null as is_sealed
           from plumb.records where stream_id = $1 and external_id = i.external_id limit 1
         ) r on true
         where r.hash is distinct from ${hashAt('i.n::int')} or r.deleted_at is not null
           or (case when $4 then r.is_sealed else r.is_plain end)
       ) as changed`,
    [stream.id, rows.ids, rows.hashes, stream.payloads === 'plain'],
  )
  return found ?? { windowOpen: false, changed: [] }
}

const sameContent = 'r.hash = excluded.hash and r.deleted_at is null'

/** Adds and replaces records; the stream must be locked. What turns out to be unchanged stays as it is. */
export async function upsertRecords(
  tx: Queryable,
  stream: Target & { readonly locked: LockedStream },
  rows: RecordRows,
): Promise<ChangedRecords> {
  const { locked } = stream
  const [found] = await tx.query<Counted>(
    `with written as (
       insert into plumb.records as r
         (stream_id, external_id, hash, change, first_seen_at, last_modified_at, last_action, payload, sealed)
       select $1, i.external_id, ${hashAt('i.n::int')}, nextval('plumb.record_changes'), $7, $7, 'ADDED',
         case when $4 then convert_from(substring($5::bytea from i.start + 1 for i.length), 'UTF8')::jsonb end,
         case when not $4 then substring($5::bytea from i.start + 1 for i.length) end
       from unnest($2::text[], $6::int[], $9::int[]) with ordinality i (external_id, start, length, n)
       on conflict (stream_id, external_id) do update set
         hash = excluded.hash, payload = excluded.payload, sealed = excluded.sealed,
         change = case when ${sameContent} then r.change else excluded.change end,
         last_modified_at = case when ${sameContent} then r.last_modified_at else excluded.last_modified_at end,
         last_action = case when ${sameContent} then r.last_action when r.deleted_at is null then 'UPDATED' else 'ADDED' end,
         deleted_at = null, pruned_at = null
       where not (${sameContent}) or (case when $4 then r.sealed is not null else r.payload is not null end)
       returning last_action, change
     )
     select ${counts} from written where change > $8`,
    [
      ...[stream.id, rows.ids, rows.hashes, stream.payloads === 'plain', rows.payloads],
      ...[startsOf(rows.lengths), locked.now, locked.lastChange, rows.lengths],
    ],
  )
  const changed = changesOf(found)
  if (changed.range !== null) {
    await noteStreamChange(tx, stream.id, { live: changed.added, now: locked.now })
  }
  return changed
}

type Counted = { added: number; updated: number; first: number | null; last: number | null }

const counts = `count(*) filter (where last_action = 'ADDED') as added,
  count(*) filter (where last_action = 'UPDATED') as updated, min(change) as first, max(change) as last`

function changesOf(found: Counted | undefined): ChangedRecords {
  if (!found || found.first === null || found.last === null) return nothingChanged
  const { added, updated, first, last } = found
  return { added, updated, deleted: 0, range: { first, last } }
}

function startsOf(lengths: readonly number[]): number[] {
  let end = 0
  return lengths.map((length) => (end += length) - length)
}
