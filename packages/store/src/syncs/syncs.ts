import type { JsonObject } from '@plumb/protocol'
import type { Queryable } from '../database/database.js'

export type SyncMode = 'incremental' | 'full_refresh' | 'full_refresh_and_clear_cache'

/** SQL for the mode that does what both ask for, of which either may be null. */
export function strongerMode(a: string, b: string): string {
  const [clear, anew] = ["'full_refresh_and_clear_cache'", "'full_refresh'"]
  return `case when ${clear} in (${a}, ${b}) then ${clear} when ${anew} in (${a}, ${b}) then ${anew}
    else coalesce(${a}, ${b}) end`
}

/** One sync of one connection. */
export type SyncName = {
  readonly environment: string
  readonly integrationKey: string
  readonly connectionId: string
  readonly name: string
  readonly variant: string
}

export type StoredSync = SyncName & {
  readonly id: string
  readonly state: 'started' | 'paused'
  /** Of this connection, where it has its own. */
  readonly frequency: string
  readonly dueAt: string
  readonly asked: SyncMode | null
  readonly runId: string | null
  readonly stopAsked: boolean
  readonly checkpoint: JsonObject | null
  readonly failures: number
  readonly lastSyncAt: string | null
}

/** Which syncs of an environment; a member that is left out lets all through. */
export type SyncFilter = {
  readonly environment: string
  readonly integrationKey?: string
  readonly connectionId?: string
  readonly syncs?: readonly { readonly name: string; readonly variant: string }[]
}

const columns = `id, environment, integration_key as "integrationKey", connection_id as "connectionId", name, variant,
  state, coalesce(own_frequency, frequency) as frequency, due_at as "dueAt", asked, run_id as "runId",
  stop_asked as "stopAsked", checkpoint, failures, last_sync_at as "lastSyncAt"`

const matching = `environment = $1 and ($2::text is null or integration_key = $2)
  and ($3::text is null or connection_id = $3)
  and ($4::text[] is null or (name, variant) in (select * from unnest($4::text[], $5::text[])))`

function matchingParams(filter: SyncFilter): unknown[] {
  const { environment, integrationKey = null, connectionId = null, syncs } = filter
  return [
    environment,
    integrationKey,
    connectionId,
    syncs?.map(({ name }) => name) ?? null,
    syncs?.map(({ variant }) => variant) ?? null,
  ]
}

/** By connection, name and variant. */
export async function listSyncs(db: Queryable, filter: SyncFilter): Promise<readonly StoredSync[]> {
  return db.query<StoredSync>(
    `select ${columns} from plumb.syncs where ${matching}
     order by integration_key, connection_id, name, variant`,
    matchingParams(filter),
  )
}

/** Starts schedules, each with a run at once; what was started already stays as it is. Returns how many there are. */
export async function startSyncs(db: Queryable, filter: SyncFilter): Promise<number> {
  const rows = await db.query(
    `update plumb.syncs set state = 'started', stop_asked = false,
       due_at = case when state = 'paused' then now() else due_at end
     where ${matching} returning id`,
    matchingParams(filter),
  )
  return rows.length
}

/** Pauses schedules; a run under way ends where it saves its next checkpoint. Returns how many there are. */
export async function pauseSyncs(db: Queryable, filter: SyncFilter): Promise<number> {
  const rows = await db.query(
    `update plumb.syncs set state = 'paused', stop_asked = run_id is not null, asked = null
     where ${matching} returning id`,
    matchingParams(filter),
  )
  return rows.length
}

/**
 * Asks for one run, also of a paused schedule. A run under way is waited for; one that is to begin anew ends the run
 * under way where it saves its next checkpoint. Returns how many syncs there are.
 */
export async function askForRuns(
  db: Queryable,
  filter: SyncFilter,
  mode: SyncMode,
): Promise<number> {
  const rows = await db.query(
    `update plumb.syncs set due_at = now(),
       asked = ${strongerMode('asked', '$6::text')},
       stop_asked = stop_asked or (run_id is not null and $6 <> 'incremental')
     where ${matching} returning id`,
    [...matchingParams(filter), mode],
  )
  return rows.length
}

/** Gives syncs a frequency of their own, or takes it away with null. `periodMs` is its length in milliseconds. */
export async function setSyncFrequency(
  db: Queryable,
  filter: SyncFilter,
  own: { readonly frequency: string; readonly periodMs: number } | null,
): Promise<readonly StoredSync[]> {
  return db.query<StoredSync>(
    `update plumb.syncs set own_frequency = $6, own_period_ms = $7,
       due_at = least(due_at, now() + coalesce($7, period_ms) * interval '1 millisecond')
     where ${matching} returning ${columns}`,
    [...matchingParams(filter), own?.frequency ?? null, own?.periodMs ?? null],
  )
}

/** Removes schedules; a run under way can not write any more. Returns how many there were. */
export async function removeSyncs(db: Queryable, filter: SyncFilter): Promise<number> {
  const rows = await db.query(
    `delete from plumb.syncs where ${matching} returning id`,
    matchingParams(filter),
  )
  return rows.length
}
