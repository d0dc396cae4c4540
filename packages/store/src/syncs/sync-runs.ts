import type { Queryable } from '../database/database.js'
import type { SyncFilter, SyncMode, SyncName } from './syncs.js'

/** What a run did to the records, by model. */
export type RunCounts = Readonly<
  Record<string, { readonly added: number; readonly updated: number; readonly deleted: number }>
>

export type RunError = { readonly code: string; readonly message: string; readonly remedy: string }

export type SyncRun = SyncName & {
  readonly id: string
  readonly syncId: string
  readonly mode: SyncMode
  readonly state: 'running' | 'success' | 'failed' | 'paused' | 'cancelled'
  readonly deploymentId: string | null
  readonly slices: number
  readonly counts: RunCounts
  readonly error: RunError | null
  readonly startedAt: string
  readonly finishedAt: string | null
}

const columns = `r.id, r.sync_id as "syncId", r.environment, r.integration_key as "integrationKey",
  r.connection_id as "connectionId", r.name, r.variant, r.mode, r.state, r.deployment_id as "deploymentId",
  r.slices, r.counts, r.error, r.started_at as "startedAt", r.finished_at as "finishedAt"`

export type RunFilter = Omit<SyncFilter, 'syncs'> & {
  readonly name?: string
  readonly variant?: string
  /** Started before this time, ISO 8601. */
  readonly before?: string
  readonly limit: number
}

/** Runs, the newest first. */
export async function listSyncRuns(db: Queryable, filter: RunFilter): Promise<readonly SyncRun[]> {
  return db.query<SyncRun>(
    `select ${columns} from plumb.sync_runs r
     where r.environment = $1 and ($2::text is null or r.integration_key = $2)
       and ($3::text is null or r.connection_id = $3) and ($4::text is null or r.name = $4)
       and ($5::text is null or r.variant = $5) and ($6::timestamptz is null or r.started_at < $6)
     order by r.started_at desc, r.id limit $7`,
    [
      filter.environment,
      filter.integrationKey ?? null,
      filter.connectionId ?? null,
      filter.name ?? null,
      filter.variant ?? null,
      filter.before ?? null,
      filter.limit,
    ],
  )
}

/** The newest run of each sync, by sync id. Where a clock was put back, those of its future are older than all others. */
export async function lastRunsOf(
  db: Queryable,
  syncIds: readonly string[],
): Promise<ReadonlyMap<string, SyncRun>> {
  const runs = await db.query<SyncRun>(
    `select ${columns} from unnest($1::text[]) as g (sync_id)
     cross join lateral (
       select * from (
         (select * from plumb.sync_runs where sync_id = g.sync_id and started_at <= now()
          order by started_at desc limit 1)
         union all
         (select * from plumb.sync_runs where sync_id = g.sync_id and started_at > now()
          order by started_at desc limit 1)) each
       order by started_at > now() limit 1) r`,
    [syncIds],
  )
  return new Map(runs.map((run) => [run.syncId, run]))
}

/** Runs that have not ended and started at least `ageMs` milliseconds ago, the oldest first. */
export async function listUnfinishedRuns(db: Queryable, ageMs: number): Promise<readonly string[]> {
  const rows = await db.query<{ id: string }>(
    `select id from plumb.sync_runs
     where finished_at is null and started_at < now() - $1 * interval '1 millisecond'
     order by started_at limit 1000`,
    [ageMs],
  )
  return rows.map(({ id }) => id)
}

/** Removes up to `limit` runs that ended more than `ageMs` milliseconds ago, but never the newest of a sync. */
export async function removeOldRuns(
  db: Queryable,
  o: { readonly ageMs: number; readonly limit: number },
): Promise<number> {
  const rows = await db.query(
    `delete from plumb.sync_runs where id in (
       select id from plumb.sync_runs r
       where finished_at < now() - $1 * interval '1 millisecond'
         and exists (select from plumb.sync_runs n where n.sync_id = r.sync_id and n.started_at > r.started_at)
       limit $2)
     returning id`,
    [o.ageMs, o.limit],
  )
  return rows.length
}
