import type { Queryable } from '../database/database.js'

/** Name of the advisory lock that the holder of a slot keeps. */
export function slotLock(slot: string): string {
  return `engine slot ${slot}`
}

/** Says that this session holds the slot, and lives. */
export async function beatSlot(session: Queryable, slot: string): Promise<void> {
  await session.query(
    `insert into plumb.engine_slots (slot, backend_pid, seen_at)
     values ($1, pg_backend_pid(), clock_timestamp())
     on conflict (slot) do update set backend_pid = excluded.backend_pid, seen_at = excluded.seen_at`,
    [slot],
  )
}

/** The same from a new session of the holder; false when its work has been taken over meanwhile. */
export async function returnToSlot(session: Queryable, slot: string): Promise<boolean> {
  const rows = await session.query(
    `update plumb.engine_slots set backend_pid = pg_backend_pid(), seen_at = clock_timestamp()
     where slot = $1 and seen_at > '-infinity' returning slot`,
    [slot],
  )
  return rows.length === 1
}

/** Forgets a slot that nothing is left of. Only for who holds its lock. */
export async function forgetSlot(session: Queryable, slot: string): Promise<void> {
  await session.query('delete from plumb.engine_slots where slot = $1', [slot])
}

/** Says that the holder has left in order: others need not wait to see whether it comes back. */
export async function leaveSlot(session: Queryable, slot: string): Promise<void> {
  await session.query(`update plumb.engine_slots set seen_at = '-infinity' where slot = $1`, [slot])
}

/** All slots but one's own. */
export async function listOtherSlots(db: Queryable, own: string): Promise<readonly string[]> {
  const rows = await db.query<{ slot: string }>(
    'select slot from plumb.engine_slots where slot <> $1 order by slot',
    [own],
  )
  return rows.map(({ slot }) => slot)
}

/** The slots of a host whose holders have been seen within `leaseMs` milliseconds. */
export async function listFreshSlots(db: Queryable, leaseMs: number): Promise<readonly string[]> {
  const rows = await db.query<{ slot: string }>(
    `select slot from plumb.engine_slots
     where seen_at between clock_timestamp() - $1 * interval '1 millisecond' and clock_timestamp()`,
    [leaseMs],
  )
  return rows.map(({ slot }) => slot)
}

/**
 * Ends the sessions of holders that have been silent for longer than `leaseMs` milliseconds: they are frozen, and
 * would keep their locks for ever. Returns the slots.
 */
export async function expelSilentSlots(
  db: Queryable,
  o: { readonly leaseMs: number; readonly own: string },
): Promise<readonly string[]> {
  const rows = await db.query<{ slot: string }>(
    // Chosen first, ended then: in one condition the planner may end sessions before it looks at how silent they are.
    `with silent as materialized (
       select s.slot, s.backend_pid from plumb.engine_slots s
       join pg_locks l on l.pid = s.backend_pid and l.locktype = 'advisory' and l.granted
         and ((l.classid::bigint << 32) | l.objid::bigint) = hashtextextended('plumb lock engine slot ' || s.slot, 0)
         and l.database = (select oid from pg_database where datname = current_database())
       where s.slot <> $2 and s.seen_at < clock_timestamp() - $1 * interval '1 millisecond'
     )
     select slot, pg_terminate_backend(backend_pid) as ended from silent`,
    [o.leaseMs, o.own],
  )
  return rows.map(({ slot }) => slot)
}

/** Counts one more start of a workflow that has got nowhere since; returns how many there were. */
export async function countStart(db: Queryable, workflowId: string): Promise<number> {
  const [row] = await db.query<{ starts: number }>(
    `insert into plumb.engine_starts as s (workflow_id, starts) values ($1, 1)
     on conflict (workflow_id) do update set starts = s.starts + 1 returning starts`,
    [workflowId],
  )
  return row?.starts ?? 1
}

/** The workflow got somewhere, or ended: what was counted no longer matters. */
export async function forgetStarts(db: Queryable, workflowId: string): Promise<void> {
  await db.query('delete from plumb.engine_starts where workflow_id = $1', [workflowId])
}
