import type { Queryable } from '../database/database.js'
import { strongerMode } from './syncs.js'
import type { SyncName } from './syncs.js'

/** A sync that a deployment has, with the length of its frequency in milliseconds. */
export type ScheduledFunction = {
  readonly integrationKey: string
  readonly name: string
  readonly frequency: string
  readonly periodMs: number
  readonly autoStart: boolean
}

export type EnsureScope = {
  readonly environment: string
  /** Default: every integration and connection of the environment. */
  readonly integrationKey?: string
  readonly connectionId?: string
}

const given = `unnest($2::text[], $3::text[], $4::text[], $5::bigint[], $6::boolean[])
  as f (integration_key, name, frequency, period_ms, auto_start)`
const scoped = (table: string): string => `${table}.environment = $1
  and ($7::text is null or ${table}.integration_key = $7)
  and ($8::text is null or ${table}.connection_id = $8)`
const keptColumns = `id, environment, integration_key, connection_id, name, variant, state, own_frequency, own_period_ms,
  due_at, asked, checkpoint, checkpoint_version, failures, last_sync_at, created_at`

/**
 * Brings the schedules of connections in line with what is deployed: takes away what is not deployed any more, brings
 * back as it was what is deployed again, follows changed frequencies, and adds what is missing (started at once unless
 * `autoStart` is false). Nobody may deploy meanwhile.
 */
export async function ensureSyncs(
  db: Queryable,
  scope: EnsureScope,
  functions: readonly ScheduledFunction[],
): Promise<{ readonly added: number; readonly removed: number }> {
  const params = [
    scope.environment,
    functions.map((one) => one.integrationKey),
    functions.map((one) => one.name),
    functions.map((one) => one.frequency),
    functions.map((one) => one.periodMs),
    functions.map((one) => one.autoStart),
    scope.integrationKey ?? null,
    scope.connectionId ?? null,
  ]
  // Before their syncs: whoever deletes a connection locks it first, too.
  await db.query(
    `select from plumb.connections where environment = $1 and ($2::text is null or integration_key = $2)
       and ($3::text is null or connection_id = $3) for key share`,
    [scope.environment, scope.integrationKey ?? null, scope.connectionId ?? null],
  )
  const removed = await takeAway(db, params)
  const back = await bringBack(db, params)
  await db.query(
    `update plumb.syncs s set frequency = f.frequency, period_ms = f.period_ms,
       due_at = case when s.own_frequency is null
         then least(s.due_at, now() + f.period_ms * interval '1 millisecond') else s.due_at end
     from ${given}
     where ${scoped('s')} and f.integration_key = s.integration_key and f.name = s.name
       and s.frequency <> f.frequency`,
    params,
  )
  const added = await db.query(
    `insert into plumb.syncs
       (id, environment, integration_key, connection_id, name, variant, state, frequency, period_ms, due_at)
     select gen_random_uuid()::text, c.environment, c.integration_key, c.connection_id, f.name, 'base',
       case when f.auto_start then 'started' else 'paused' end, f.frequency, f.period_ms, now()
     from plumb.connections c join ${given} on f.integration_key = c.integration_key
     where ${scoped('c')}
     on conflict (environment, integration_key, connection_id, name, variant) do nothing
     returning id`,
    params,
  )
  return { added: added.length + back, removed }
}

/** A run under way can not write any more; it is due as soon as its sync is back, unless it was to stop. */
async function takeAway(db: Queryable, params: readonly unknown[]): Promise<number> {
  const removed = await db.query(
    `with gone as (
       delete from plumb.syncs s where ${scoped('s')} and not exists (
         select from ${given} where f.integration_key = s.integration_key and f.name = s.name)
       returning *
     ), interrupted as (
       select g.id, case when r.prepared then 'incremental' else r.mode end as mode
       from gone g join plumb.sync_runs r on r.id = g.run_id
       where not g.stop_asked or g.asked is not null
     )
     insert into plumb.removed_syncs (${keptColumns})
     select id, environment, integration_key, connection_id, name, variant, state, own_frequency, own_period_ms,
       case when i.mode is null then due_at else now() end, ${strongerMode('asked', 'i.mode')},
       checkpoint, checkpoint_version, failures, last_sync_at, created_at
     from gone left join interrupted i using (id)
     on conflict do nothing returning id`,
    params,
  )
  return removed.length
}

async function bringBack(db: Queryable, params: readonly unknown[]): Promise<number> {
  const back = await db.query(
    `with back as (
       delete from plumb.removed_syncs s using ${given}
       where ${scoped('s')} and f.integration_key = s.integration_key and f.name = s.name
       returning s.*, f.frequency, f.period_ms
     )
     insert into plumb.syncs (${keptColumns}, frequency, period_ms)
     select id, environment, integration_key, connection_id, name, variant, state, own_frequency, own_period_ms,
       least(due_at, now() + coalesce(own_period_ms, period_ms) * interval '1 millisecond'),
       asked, checkpoint, checkpoint_version, failures, last_sync_at, created_at, frequency, period_ms
     from back
     on conflict do nothing returning id`,
    params,
  )
  return back.length
}

/** What failed is tried at once: its connection was made anew. */
export async function retryFailedSyncs(
  db: Queryable,
  { environment, integrationKey, connectionId }: Required<EnsureScope>,
): Promise<void> {
  await db.query(
    `update plumb.syncs set due_at = least(due_at, now())
     where environment = $1 and integration_key = $2 and connection_id = $3 and failures > 0`,
    [environment, integrationKey, connectionId],
  )
}

/** Adds a variant of a sync that exists as `base`, with its frequency. Its id, or null when there is no `base`. */
export async function addSyncVariant(db: Queryable, sync: SyncName): Promise<string | null> {
  const [row] = await db.query<{ id: string }>(
    `insert into plumb.syncs
       (id, environment, integration_key, connection_id, name, variant, state, frequency, period_ms, due_at)
     select gen_random_uuid()::text, environment, integration_key, connection_id, name, $5, state, frequency,
       period_ms, now()
     from plumb.syncs
     where environment = $1 and integration_key = $2 and connection_id = $3 and name = $4 and variant = 'base'
     on conflict (environment, integration_key, connection_id, name, variant) do update set name = excluded.name
     returning id`,
    [sync.environment, sync.integrationKey, sync.connectionId, sync.name, sync.variant],
  )
  return row?.id ?? null
}
