import type { JsonObject } from '@plumb/protocol'
import type { Database, Queryable } from '../database/database.js'
import { strongerMode } from './syncs.js'
import type { SyncMode, SyncName } from './syncs.js'
import type { RunCounts, RunError } from './sync-runs.js'

/** What a slice of a run needs to know. */
export type SliceStart = SyncName & {
  readonly syncId: string
  readonly runId: string
  readonly fence: number
  readonly mode: SyncMode
  /** Whether `prepareRun` has been done. */
  readonly prepared: boolean
  readonly deploymentId: string | null
  readonly lastSyncAt: string | null
  readonly startedAt: string
  /** Milliseconds since the run started, by the clock of the database. */
  readonly ageMs: number
  readonly slices: number
  readonly counts: RunCounts
  readonly failures: number
}

/** Who may write: the newest slice of the run under way. */
export type SliceFence = { readonly runId: string; readonly fence: number }

/**
 * Takes a run over: whatever executed it before can not write any more. Null when the run has ended, or its sync is
 * gone. A clock that was put back leaves a last sync in the future: what changed until then would be missed, so it
 * counts as none.
 */
export async function beginSlice(db: Queryable, runId: string): Promise<SliceStart | null> {
  const [slice] = await db.query<SliceStart>(
    `update plumb.syncs s set fence = s.fence + 1
     from plumb.sync_runs r
     where r.id = $1 and r.finished_at is null and s.id = r.sync_id and s.run_id = r.id
     returning s.id as "syncId", r.id as "runId", s.fence, s.environment, s.integration_key as "integrationKey",
       s.connection_id as "connectionId", s.name, s.variant, r.mode, r.prepared, r.deployment_id as "deploymentId",
       case when s.last_sync_at <= now() then s.last_sync_at end as "lastSyncAt", r.started_at as "startedAt", r.slices, r.counts, s.failures,
       extract(epoch from now() - r.started_at) * 1000 as "ageMs"`,
    [runId],
  )
  return slice ?? null
}

/**
 * Fixes the version that a run stays on, and clears away what it is to begin without; `clear` does the same for
 * records in the same transaction. False when the slice has been taken over.
 */
export async function prepareRun(
  db: Database,
  slice: SliceStart & { readonly deploymentId: string },
  clear: (tx: Queryable) => Promise<void>,
): Promise<boolean> {
  const anew = slice.mode !== 'incremental'
  return db.transaction(async (tx) => {
    const rows = await tx.query(
      `update plumb.syncs set
         checkpoint = case when $3 then null else checkpoint end,
         checkpoint_version = checkpoint_version + case when $3 then 1 else 0 end,
         last_sync_at = case when $3 then null else last_sync_at end
       where run_id = $1 and fence = $2 returning id`,
      [slice.runId, slice.fence, anew],
    )
    if (rows.length === 0) return false
    if (slice.mode === 'full_refresh_and_clear_cache') await clear(tx)
    await tx.query('update plumb.sync_runs set prepared = true, deployment_id = $2 where id = $1', [
      slice.runId,
      slice.deploymentId,
    ])
    return true
  })
}

/** The checkpoint that a slice starts from. */
export async function readCheckpoint(
  db: Queryable,
  { runId, fence }: SliceFence,
): Promise<{ readonly checkpoint: JsonObject | null; readonly version: number } | null> {
  const [row] = await db.query<{ checkpoint: JsonObject | null; version: number }>(
    `select checkpoint, checkpoint_version as version from plumb.syncs where run_id = $1 and fence = $2`,
    [runId, fence],
  )
  return row ?? null
}

/** Null when another slice has taken over, or has saved since version `expected`. */
export async function writeCheckpoint(
  db: Queryable,
  { runId, fence }: SliceFence,
  write: {
    readonly checkpoint: JsonObject | null
    readonly expected: number
    readonly counts: RunCounts
  },
): Promise<{ readonly version: number; readonly stopAsked: boolean } | null> {
  const { checkpoint, expected, counts } = write
  const [row] = await db.query<{ version: number; stopAsked: boolean }>(
    `with saved as (
       update plumb.syncs set checkpoint = $3, checkpoint_version = checkpoint_version + 1
       where run_id = $1 and fence = $2 and checkpoint_version = $4
       returning checkpoint_version as version, stop_asked as "stopAsked"
     ), counted as (
       update plumb.sync_runs set counts = $5 where id = $1 and exists (select from saved)
     )
     select version, "stopAsked" from saved`,
    [
      ...[runId, fence, checkpoint === null ? null : JSON.stringify(checkpoint), expected],
      JSON.stringify(counts),
    ],
  )
  return row ?? null
}

/** Keeps what a slice has done when another one follows. False when the run has been taken over. */
export async function endSlice(
  db: Queryable,
  { runId, fence }: SliceFence,
  counts: RunCounts,
): Promise<boolean> {
  const rows = await db.query(
    `update plumb.sync_runs r set slices = r.slices + 1, counts = $3
     from plumb.syncs s where r.id = $1 and s.run_id = r.id and s.fence = $2 returning r.id`,
    [runId, fence, JSON.stringify(counts)],
  )
  return rows.length === 1
}

export type RunEnding = {
  readonly state: 'success' | 'failed' | 'paused' | 'cancelled'
  /** Null leaves what earlier slices counted. */
  readonly counts: RunCounts | null
  readonly error?: RunError
  /** Milliseconds from now to another try, if that is sooner than the schedule. */
  readonly retryMs?: number
}

/**
 * Ends a run and frees its sync for the next one: after a failure, and where the connection must be reconnected, that
 * one is due as soon as it was. What a failed run did not come to do is still asked for. False when the run had ended, or another slice has taken over; `fence` null is for
 * runs that nobody executes.
 */
export async function finishSyncRun(
  db: Queryable,
  { runId, fence }: { readonly runId: string; readonly fence: number | null },
  ending: RunEnding,
): Promise<boolean> {
  const rows = await db.query(
    `with run as (
       update plumb.sync_runs r set state = $3, counts = coalesce($4, counts), error = $5, slices = slices + 1, finished_at = now()
       where id = $1 and finished_at is null
         and ($2::bigint is null
           or not exists (select from plumb.syncs s where s.run_id = r.id and s.fence <> $2))
       returning id, sync_id, started_at, case when not prepared and mode <> 'incremental' then mode end as unbegun
     ), freed as (
       update plumb.syncs s set run_id = null, stop_asked = false, fence = s.fence + 1,
         asked = case when $3 = 'failed' and (s.asked is not null or not s.stop_asked)
           then ${strongerMode('s.asked', 'run.unbegun')} else s.asked end,
         failures = case $3 when 'success' then 0 when 'failed' then s.failures + 1 else s.failures end,
         last_sync_at = case when $3 = 'success' then run.started_at else s.last_sync_at end,
         due_at = least(s.due_at, now() + $6::bigint * interval '1 millisecond', (
           select now() from plumb.connections c where $3 = 'failed' and c.state = 'needs-reconnect'
             and (c.environment, c.integration_key, c.connection_id) = (s.environment, s.integration_key, s.connection_id)))
       from run where s.id = run.sync_id and s.run_id = run.id
     )
     select id from run`,
    [
      runId,
      fence,
      ending.state,
      ending.counts === null ? null : JSON.stringify(ending.counts),
      ending.error === undefined ? null : JSON.stringify(ending.error),
      ending.retryMs ?? null,
    ],
  )
  return rows.length === 1
}

/** Of the slices given, the runs that must not go on: ended, removed, or taken over by another slice. */
export async function listLostSlices(
  db: Queryable,
  slices: readonly SliceFence[],
): Promise<readonly string[]> {
  const rows = await db.query<{ runId: string }>(
    `select g.run_id as "runId" from unnest($1::text[], $2::bigint[]) as g (run_id, fence)
     where not exists (select from plumb.syncs s where s.run_id = g.run_id and s.fence = g.fence)`,
    [slices.map(({ runId }) => runId), slices.map(({ fence }) => fence)],
  )
  return rows.map(({ runId }) => runId)
}
