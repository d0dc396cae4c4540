import type { Database, Queryable } from '../database/database.js'
import type { SyncMode } from './syncs.js'

type ClaimLimits = {
  /** Ids for the runs; as many syncs are claimed at most. */
  readonly runIds: readonly string[]
  /** Runs at once in one environment, over all servers. */
  readonly perEnvironment: number
}

type ClaimOutcome =
  | { readonly kind: 'claimed'; readonly runIds: readonly string[] }
  /** Another server claims at this moment. */
  | { readonly kind: 'busy' }

type Due = { readonly id: string; readonly asked: SyncMode | null }

/**
 * Turns due syncs into runs: one at a time per connection, and none of a connection that must be reconnected.
 * Servers take turns, so that the limits hold over all of them.
 */
export async function claimDueSyncs(db: Database, limits: ClaimLimits): Promise<ClaimOutcome> {
  const [waiting] = await db.query<{ any: boolean }>(
    `select exists (select from plumb.syncs
       where run_id is null and (state = 'started' or asked is not null) and due_at <= now()) as any`,
  )
  if (waiting?.any !== true) return { kind: 'claimed', runIds: [] }
  return db.transaction(async (tx) => {
    const [turn] = await tx.query<{ taken: boolean }>(
      `select pg_try_advisory_xact_lock(hashtextextended('plumb sync claims', 0)) as taken`,
    )
    if (turn?.taken !== true) return { kind: 'busy' }
    const due = await lockDue(tx, limits)
    const runIds = limits.runIds.slice(0, due.length)
    if (due.length > 0) await startRuns(tx, due, runIds)
    return { kind: 'claimed', runIds }
  })
}

async function lockDue(tx: Queryable, limits: ClaimLimits): Promise<readonly Due[]> {
  return tx.query<Due>(
    `with due as (
       select s.id, s.environment, s.due_at, row_number() over (
         partition by s.environment, s.integration_key, s.connection_id order by s.due_at, s.id) as place
       from plumb.syncs s
       join plumb.connections c using (environment, integration_key, connection_id)
       where s.run_id is null and (s.state = 'started' or s.asked is not null) and s.due_at <= now()
         and c.state in ('ok', 'refreshing')
         and not exists (select from plumb.syncs o where o.run_id is not null and
           (o.environment, o.integration_key, o.connection_id) = (s.environment, s.integration_key, s.connection_id))
     ), placed as (
       select id, environment, due_at, row_number() over (partition by environment order by due_at, id) as place
       from due where place = 1
     ), running as (
       select environment, count(*) as runs from plumb.syncs where run_id is not null group by environment
     ), chosen as (
       select p.id, p.due_at from placed p left join running r using (environment)
       where p.place + coalesce(r.runs, 0) <= $1 order by p.due_at, p.id limit $2
     )
     select s.id, s.asked from plumb.syncs s join chosen using (id) for update of s skip locked`,
    [limits.perEnvironment, limits.runIds.length],
  )
}

/**
 * The next time is a period after the one that was due, however late it was claimed, so that a sync of every minute runs
 * as often as there are minutes; a whole period late, it is counted from now. It is up to a twentieth of the period (at
 * most 30 s) off either way, so that herds spread out. A run begins with this statement, not with the transaction: the
 * run before it may have ended in between.
 */
async function startRuns(
  tx: Queryable,
  due: readonly Due[],
  runIds: readonly string[],
): Promise<void> {
  await tx.query(
    `with given as (select * from unnest($1::text[], $2::text[], $3::text[]) as g (sync_id, run_id, mode)),
     timed as (
       select g.*, interval '1 millisecond' * coalesce(s.own_period_ms, s.period_ms) as period
       from given g join plumb.syncs s on s.id = g.sync_id
     ), claimed as (
       update plumb.syncs s set run_id = g.run_id, asked = null, stop_asked = false,
         due_at = case when s.due_at > now() - g.period then s.due_at else now() end + g.period
           + least(g.period / 20, interval '30 seconds') * ((hashtext(g.run_id) & 1023) / 511.5 - 1)
       from timed g where s.id = g.sync_id
       returning s.*, g.mode
     )
     insert into plumb.sync_runs
       (id, sync_id, environment, integration_key, connection_id, name, variant, mode, state, started_at)
     select run_id, id, environment, integration_key, connection_id, name, variant, mode, 'running',
       statement_timestamp()
     from claimed`,
    [due.map(({ id }) => id), runIds, due.map(({ asked }) => asked ?? 'incremental')],
  )
}

/**
 * A clock that was put back leaves syncs due too far in the future: they would stop. They are spread over one period
 * from now. Returns how many there were.
 */
export async function mendDueTimes(db: Queryable): Promise<number> {
  const rows = await db.query(
    `update plumb.syncs
     set due_at = now() + random() * coalesce(own_period_ms, period_ms) * interval '1 millisecond'
     where due_at > now() + coalesce(own_period_ms, period_ms) * interval '1.1 milliseconds' + interval '1 second'
     returning id`,
  )
  return rows.length
}
