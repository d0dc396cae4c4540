import { parseSyncName, syncContracts } from '@plumb/protocol'
import type { OutputOf, ParsedInputOf } from '@plumb/protocol'
import { readConnection } from '@plumb/runtime'
import type { SyncStatus } from '@plumb/runtime'
import type { RunFilter, SyncFilter, SyncMode, SyncRun } from '@plumb/store'
import { handle } from './handler.js'
import type { ApiCall, Handler } from './handler.js'
import { requireIntegration } from './integrations.js'

const done = { success: true } as const

export const syncHandlers: readonly Handler[] = [
  handle(syncContracts.start, async (input, call) => {
    await call.plumb.syncs.start(await filterOf(input, call))
    return done
  }),
  handle(syncContracts.pause, async (input, call) => {
    await call.plumb.syncs.pause(await filterOf(input, call))
    return done
  }),
  handle(syncContracts.trigger, async (input, call) => {
    await call.plumb.syncs.trigger(await filterOf(input, call), modeOf(input))
    return done
  }),
  handle(syncContracts.status, async ({ syncs, ...input }, call) => {
    const names = syncs === '*' ? [] : syncs.split(',').filter((name) => name !== '')
    const filter = await filterOf({ ...input, syncs: names.map(parseSyncName) }, call)
    return { syncs: (await call.plumb.syncs.status(filter)).map(shownStatus) }
  }),
  handle(syncContracts.runs, async (input, { plumb, environment }) => ({
    runs: (await plumb.syncs.runs(runFilterOf(environment, input))).map(shownRun),
  })),
  handle(syncContracts.setFrequency, async ({ frequency, ...sync }, { plumb, environment }) => ({
    frequency: await plumb.syncs.setFrequency({ environment, ...sync }, frequency),
  })),
  handle(syncContracts.addVariant, async (sync, { plumb, environment }) => {
    const { id } = await plumb.syncs.addVariant({ environment, ...sync })
    return { id, name: sync.name, variant: sync.variant }
  }),
  handle(syncContracts.removeVariant, async (sync, { plumb, environment }) => {
    await plumb.syncs.removeVariant({ environment, ...sync })
    return done
  }),
]

type Asked = {
  readonly integrationKey: string
  readonly connectionId?: string | undefined
  readonly syncs: NonNullable<SyncFilter['syncs']>
}

/** Throws PlumbError `connection-unknown`: nobody may believe that a mistyped name was started. */
async function filterOf(
  { integrationKey, connectionId, syncs }: Asked,
  { plumb, environment }: ApiCall,
): Promise<SyncFilter> {
  if (connectionId !== undefined) {
    await readConnection({ db: plumb.db, environment }, { integrationKey, connectionId })
  } else await requireIntegration({ plumb, environment }, integrationKey)
  return {
    environment,
    integrationKey,
    ...(connectionId !== undefined && { connectionId }),
    ...(syncs.length > 0 && { syncs }),
  }
}

function runFilterOf(
  environment: string,
  input: ParsedInputOf<typeof syncContracts.runs>,
): RunFilter {
  const { integrationKey, connectionId, name, variant, before, limit } = input
  return {
    ...{ environment, limit },
    ...(integrationKey !== undefined && { integrationKey }),
    ...(connectionId !== undefined && { connectionId }),
    ...(name !== undefined && { name }),
    ...(variant !== undefined && { variant }),
    ...(before !== undefined && { before }),
  }
}

function modeOf({ mode, anew, options }: ParsedInputOf<typeof syncContracts.trigger>): SyncMode {
  if (options?.emptyCache === true) return 'full_refresh_and_clear_cache'
  if (options?.reset === true || anew === true) return 'full_refresh'
  return mode ?? 'incremental'
}

type ShownStatus = OutputOf<typeof syncContracts.status>['syncs'][number]

function shownStatus(sync: SyncStatus): ShownStatus {
  const { lastRun } = sync
  return {
    id: sync.id,
    name: sync.name,
    variant: sync.variant,
    connection_id: sync.connectionId,
    status: wordOf(sync),
    type: sync.lastSyncAt === null ? 'INITIAL' : 'INCREMENTAL',
    frequency: sync.frequency,
    finishedAt: lastRun?.finishedAt ?? null,
    nextScheduledSyncAt: sync.state === 'paused' && sync.asked === null ? null : sync.dueAt,
    latestResult: lastRun?.counts ?? {},
    recordCount: sync.recordCounts,
    checkpoint: sync.checkpoint,
    failures: sync.failures,
    error: lastRun?.error ?? null,
  }
}

function wordOf({ runId, state, lastRun }: SyncStatus): ShownStatus['status'] {
  if (runId !== null) return 'RUNNING'
  if (state === 'paused') return 'PAUSED'
  if (lastRun?.state === 'failed') return 'ERROR'
  return lastRun?.state === 'cancelled' ? 'STOPPED' : 'SUCCESS'
}

function shownRun(run: SyncRun): OutputOf<typeof syncContracts.runs>['runs'][number] {
  const { startedAt, finishedAt } = run
  return {
    id: run.id,
    provider_config_key: run.integrationKey,
    connection_id: run.connectionId,
    name: run.name,
    variant: run.variant,
    mode: run.mode,
    state: run.state,
    deployment_id: run.deploymentId,
    slices: run.slices,
    counts: run.counts,
    error: run.error,
    started_at: startedAt,
    finished_at: finishedAt,
    duration_ms: finishedAt === null ? null : Date.parse(finishedAt) - Date.parse(startedAt),
  }
}
