import { providerSchema } from '@plumb/protocol'
import type { Database } from '@plumb/store'
import { addConnection } from '../../connections/connections.js'
import { addIntegration } from '../../connections/integrations.js'
import type { ConnectionStore } from '../../connections/integrations.js'
import { openEngine } from '../../engine/open-engine.js'
import type { EngineOptions } from '../../engine/open-engine.js'
import { openGateway } from '../../gateway/open-gateway.js'
import { openKeys } from '../../keys/open-keys.js'
import { openLogWriter } from '../../logs/open-log-writer.js'
import type { RunnerPool } from '../../runner/runner-pool.js'
import { openSyncs } from '../open-syncs.js'
import type { SyncLimits, Syncs } from '../syncs.js'

/** What a server of these tests is told; as JSON, what a process of its own is. */
export type SyncServerJob = {
  readonly keysDirectory: string
  readonly host?: string
  readonly limits?: Partial<SyncLimits>
  readonly engine?: Pick<EngineOptions, 'beatMs' | 'leaseMs'>
}

export type SyncServer = {
  readonly store: ConnectionStore
  readonly syncs: Syncs
  close(): Promise<void>
}

/** The one provider of these tests; an integration has the address. */
export const listProviders: ConnectionStore['providers'] = new Map([
  [
    'list',
    {
      provider: providerSchema.parse({
        name: 'list',
        displayName: 'List',
        auth: { mode: 'bearer' },
        proxy: {
          baseUrl: 'https://list.example',
          check: { endpoint: '/me' },
          access: [
            { kind: 'access-revoked', status: 403, matches: 'suspended' },
            { kind: 'missing-scope', status: 403, matches: 'scope' },
          ],
        },
      }),
      path: '',
      apiDescription: null,
    },
  ],
])

/** Everything that runs syncs, over real parts; the pool is the caller's. */
export async function openSyncServer(
  db: Database,
  pool: RunnerPool,
  job: SyncServerJob,
): Promise<SyncServer> {
  const keys = await openKeys(job.keysDirectory)
  const store: ConnectionStore = { db, keys, providers: listProviders, environment: 'dev' }
  const gateway = openGateway(store)
  const logs = openLogWriter({ db })
  const times = { beatMs: 200, leaseMs: 6000, pollMs: 100, ...job.engine }
  const engine = openEngine({ db, ...times, ...(job.host !== undefined && { host: job.host }) })
  const limits = { pollMs: 100, concurrency: 4, ...job.limits }
  const syncs = openSyncs({ store, engine, gateway, pool, logs, limits })
  await engine.start()
  syncs.begin()
  return {
    store,
    syncs,
    async close() {
      await syncs.close()
      await engine.close()
      await logs.close()
      await gateway.close()
    },
  }
}

/** A connection of an integration whose API is at `url`. */
export async function connectTo(
  store: ConnectionStore,
  o: {
    readonly integrationKey: string
    readonly connectionId: string
    readonly url: string
    readonly token?: string
  },
): Promise<void> {
  const { integrationKey, connectionId, token = 'list-token-1' } = o
  await addIntegration(store, { integrationKey, provider: 'list', baseUrl: o.url })
  await addConnection(store, {
    ...{ integrationKey, connectionId, credential: { kind: 'bearer', token } },
    now: '2026-01-01T00:00:00.000Z',
  })
}
