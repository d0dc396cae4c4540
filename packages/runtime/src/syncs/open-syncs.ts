import { randomUUID } from 'node:crypto'
import { PlumbError } from '@plumb/protocol'
import { frequencyMs } from '@plumb/sdk'
import {
  addSyncVariant,
  askForRuns,
  ensureSyncs,
  findDeployedFunction,
  holdEnvironment,
  lastRunsOf,
  listDeployedFunctions,
  listRecordModels,
  listSyncRuns,
  listSyncs,
  pauseSyncs,
  removeSyncs,
  retryFailedSyncs,
  setSyncFrequency,
  startSyncs,
} from '@plumb/store'
import type {
  DeployedFunction,
  EnsureScope,
  ScheduledFunction,
  StoredSync,
  SyncFilter,
  SyncName,
} from '@plumb/store'
import { SyncRunner } from './run-syncs.js'
import type { SyncParts } from './sync-parts.js'
import type { SyncLimits, Syncs, SyncStatus } from './syncs.js'

type Given = 'store' | 'engine' | 'gateway' | 'pool' | 'logs'

export type OpenSyncsOptions = Pick<SyncParts, Given> &
  Partial<Omit<SyncParts, Given | 'limits'>> & { readonly limits?: Partial<SyncLimits> }

const defaultLimits: SyncLimits = {
  concurrency: 8,
  perEnvironment: 64,
  sliceMs: 120_000,
  longestSliceMs: 3_600_000,
  longestRunMs: 24 * 3_600_000,
  firstRetryMs: 30_000,
  pollMs: 1000,
  keepRunsMs: 7 * 24 * 3_600_000,
}

/** Opens the syncs of all environments. `begin` runs what is due, once the engine is started. */
export function openSyncs(options: OpenSyncsOptions): Syncs {
  const parts: SyncParts = {
    findFunction: findDeployedFunction,
    listFunctions: listDeployedFunctions,
    services: () => ({}),
    ended: async () => undefined,
    newId: randomUUID,
    random: Math.random,
    onProgress: () => undefined,
    ...options,
    limits: { ...defaultLimits, ...options.limits },
  }
  return new StoredSyncs(parts)
}

class StoredSyncs implements Syncs {
  readonly #parts: SyncParts
  readonly #runner: SyncRunner

  constructor(parts: SyncParts) {
    this.#parts = parts
    this.#runner = new SyncRunner(parts)
  }

  begin(): void {
    this.#runner.begin()
  }

  async start(filter: SyncFilter): Promise<void> {
    await this.#requireAll(filter)
    await startSyncs(this.#db, filter)
    this.#runner.nudge()
  }

  async pause(filter: SyncFilter): Promise<void> {
    await this.#requireAll(filter)
    await pauseSyncs(this.#db, filter)
  }

  async trigger(filter: SyncFilter, mode: Parameters<Syncs['trigger']>[1]): Promise<void> {
    await this.#requireAll(filter)
    await askForRuns(this.#db, filter, mode)
    this.#runner.nudge()
  }

  async status(filter: SyncFilter): Promise<readonly SyncStatus[]> {
    const syncs = await this.#requireAll(filter)
    const runs = await lastRunsOf(
      this.#db,
      syncs.map(({ id }) => id),
    )
    const modelsOf = new Map<string, Promise<readonly string[]>>()
    return Promise.all(
      syncs.map(async (sync) => {
        const lastRun = runs.get(sync.id) ?? null
        return { ...sync, lastRun, recordCounts: await this.#recordCounts(sync, modelsOf) }
      }),
    )
  }

  runs(filter: Parameters<Syncs['runs']>[0]): ReturnType<Syncs['runs']> {
    return listSyncRuns(this.#db, filter)
  }

  async setFrequency(sync: SyncName, frequency: string | null): Promise<string> {
    const own = frequency === null ? null : { frequency, periodMs: parseFrequency(frequency) }
    const [changed] = await setSyncFrequency(this.#db, filterOf(sync), own)
    if (changed === undefined) throw unknownSync(sync.environment, [sync])
    this.#runner.nudge()
    return changed.frequency
  }

  async addVariant(sync: SyncName): Promise<{ readonly id: string }> {
    refuseBase(sync)
    const id = await addSyncVariant(this.#db, sync)
    if (id === null) throw unknownSync(sync.environment, [{ ...sync, variant: 'base' }])
    this.#runner.nudge()
    return { id }
  }

  async removeVariant(sync: SyncName): Promise<void> {
    refuseBase(sync)
    const removed = await removeSyncs(this.#db, filterOf(sync))
    if (removed === 0) throw unknownSync(sync.environment, [sync])
  }

  async ensureFor(connection: Required<EnsureScope>): Promise<void> {
    await retryFailedSyncs(this.#db, connection)
    await this.#ensure(connection)
  }

  ensureAll(environment: string): Promise<void> {
    return this.#ensure({ environment })
  }

  close(): Promise<void> {
    return this.#runner.close()
  }

  get #db() {
    return this.#parts.store.db
  }

  /** Of deployments that follow one another closely, what is live in the end decides: what was read may be so no more. */
  async #ensure(scope: EnsureScope): Promise<void> {
    const { environment, integrationKey } = scope
    await this.#db.transaction(async (tx) => {
      await holdEnvironment(tx, environment)
      const deployed = await this.#parts.listFunctions(tx, {
        ...{ environment, kind: 'sync' },
        ...(integrationKey !== undefined && { integrationKey }),
      })
      await ensureSyncs(tx, scope, deployed.flatMap(scheduleOf))
    })
    this.#runner.nudge()
  }

  /** The syncs of a filter. Throws when a name in it is nobody's. */
  async #requireAll(filter: SyncFilter): Promise<readonly StoredSync[]> {
    const syncs = await listSyncs(this.#db, filter)
    const missing = (filter.syncs ?? []).filter(
      (asked) => !syncs.some((one) => one.name === asked.name && one.variant === asked.variant),
    )
    if (missing.length > 0) throw unknownSync(filter.environment, missing)
    return syncs
  }

  async #recordCounts(
    sync: StoredSync,
    modelsOf: Map<string, Promise<readonly string[]>>,
  ): Promise<Readonly<Record<string, number>>> {
    const key = JSON.stringify([sync.integrationKey, sync.name])
    const asked = modelsOf.get(key) ?? this.#modelsOf(sync)
    modelsOf.set(key, asked)
    const kept = await listRecordModels(this.#db, sync)
    const own = new Map(
      kept.flatMap(({ model, variant, count }) =>
        variant === sync.variant ? [[model, count] as const] : [],
      ),
    )
    return Object.fromEntries((await asked).map((model) => [model, own.get(model) ?? 0]))
  }

  async #modelsOf({ environment, integrationKey, name }: StoredSync): Promise<readonly string[]> {
    const asked = { environment, integrationKey, name, kind: 'sync' } as const
    const deployed = await this.#parts.findFunction(this.#db, asked)
    return Object.keys(deployed?.compiled.definition.models ?? {})
  }
}

function scheduleOf(deployed: DeployedFunction): readonly ScheduledFunction[] {
  const { integrationKey, compiled } = deployed
  const { frequency, autoStart } = compiled.definition
  const periodMs = frequencyMs(frequency ?? '')
  if (frequency === null || periodMs === null) return []
  return [{ integrationKey, name: compiled.name, frequency, periodMs, autoStart }]
}

function filterOf({ name, variant, ...connection }: SyncName): SyncFilter {
  const { environment, integrationKey, connectionId } = connection
  return { environment, integrationKey, connectionId, syncs: [{ name, variant }] }
}

function parseFrequency(frequency: string): number {
  const periodMs = frequencyMs(frequency)
  if (periodMs !== null) return periodMs
  throw new PlumbError({
    code: 'sync-invalid',
    message: `The frequency is ${JSON.stringify(frequency)}. It must read like "every 5m", "every hour" or "every 6 hours", and be 30 seconds at least.`,
    remedy: 'Give such a frequency, or null for that of the deployed sync.',
  })
}

function refuseBase({ name, variant }: SyncName): void {
  if (variant !== 'base' && /^[\w.-]{1,100}$/.test(variant)) return
  throw new PlumbError({
    code: 'sync-invalid',
    message: `${JSON.stringify(variant)} is no variant of "${name}" that can be added or removed.`,
    remedy:
      'Use 1 to 100 letters, digits, "_", "." or "-"; "base" belongs to the deployment and is there always.',
  })
}

function unknownSync(
  environment: string,
  syncs: readonly { readonly name: string; readonly variant: string }[],
): PlumbError {
  const names = syncs.map(({ name, variant }) =>
    variant === 'base' ? name : `${name}::${variant}`,
  )
  return new PlumbError({
    code: 'sync-unknown',
    message: `Environment "${environment}" has no sync ${names.map((name) => `"${name}"`).join(', ')} for what was asked.`,
    remedy:
      '`plumb syncs status` lists what there is; a sync appears with its deployment and a connection.',
  })
}
