import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { providerSchema } from '@plumb/protocol'
import type { Credential, Integration, Provider, ProviderRequest } from '@plumb/protocol'
import type { LoadedProvider } from '@plumb/providers'
import { listReceipts } from '@plumb/store'
import { openTestDatabase } from '@plumb/store/testing'
import type { TestDatabase } from '@plumb/store/testing'
import { addConnection } from '../../connections/connections.js'
import { addIntegration } from '../../connections/integrations.js'
import type { ConnectionStore } from '../../connections/integrations.js'
import { openKeys } from '../../keys/open-keys.js'
import type { Clock } from '../clock.js'
import type { CallContext, ConnectionGateway, GatewayAnswer } from '../connection-gateway.js'
import { openGateway } from '../open-gateway.js'
import type { GatewayOptions } from '../open-gateway.js'
import { startProviderServer } from './start-provider-server.js'
import type { ProviderServer } from './start-provider-server.js'

export type TestGateway = {
  readonly store: ConnectionStore & { readonly db: TestDatabase }
  readonly server: ProviderServer
  readonly keysDirectory: string
  /** What the gateway waited for, in milliseconds. */
  readonly waits: number[]
  /** A fresh connection of a provider on the server. */
  connect(o?: ConnectOptions): Promise<ConnectionGateway>
  receipts(gateway: ConnectionGateway): ReturnType<typeof listReceipts>
  close(): Promise<void>
}

export type ConnectOptions = {
  /** Members of the provider entry beside name, displayName and base URL. */
  readonly provider?: Partial<Pick<Provider, 'auth'>> & { readonly proxy?: object }
  readonly credential?: Credential
  readonly integration?: Partial<Integration>
  readonly context?: Partial<CallContext>
  readonly gateway?: Partial<GatewayOptions>
}

/** Everything a gateway needs, with a real database and a provider on loopback; waits take no time. */
export async function openTestGateway(): Promise<TestGateway> {
  const server = await startProviderServer()
  const keysDirectory = await mkdtemp(join(tmpdir(), 'plumb-keys-'))
  const providers = new Map<string, LoadedProvider>()
  const [db, keys] = [await openTestDatabase(), await openKeys(keysDirectory)]
  const store = { db, keys, providers, environment: 'dev' }
  const waits: number[] = []
  const clock: Clock = { now: () => Date.now(), wait: async (ms) => void waits.push(ms) }
  const open: ReturnType<typeof openGateway>[] = []
  let count = 0
  return {
    store,
    server,
    keysDirectory,
    waits,
    async connect(o = {}) {
      const name = `acme-${++count}`
      providers.set(name, { provider: providerNamed(name, o), path: '', apiDescription: null })
      const integration = { integrationKey: name, provider: name, baseUrl: server.url }
      await addIntegration(store, { ...integration, ...o.integration })
      await addConnection(store, {
        integrationKey: name,
        connectionId: 'account',
        credential: o.credential ?? { kind: 'bearer', token: 'tok-secret-4711' },
        now: '2026-01-01T00:00:00.000Z',
      })
      const gateway = openGateway({ ...store, clock, random: () => 0, ...o.gateway })
      open.push(gateway)
      const context = { integrationKey: name, connectionId: 'account', purpose: 'dryrun' } as const
      return gateway.forConnection({ ...context, ...o.context })
    },
    receipts: ({ connection }) =>
      listReceipts(store.db, {
        chain: `connection ${connection.integrationKey}/${connection.connectionId}`,
      }),
    async close() {
      for (const gateway of open) await gateway.close()
      await store.db.close()
      await server.close()
      await rm(keysDirectory, { recursive: true })
    },
  }
}

function providerNamed(name: string, o: ConnectOptions): Provider {
  return providerSchema.parse({
    name,
    displayName: 'Acme',
    auth: o.provider?.auth ?? { mode: 'bearer' },
    proxy: { baseUrl: 'https://api.acme.example', ...o.provider?.proxy },
  })
}

/** A request with the defaults of the SDK. */
export function requestOf(
  method: string,
  endpoint: string,
  o: Partial<ProviderRequest> = {},
): ProviderRequest {
  return {
    method: method as ProviderRequest['method'],
    endpoint,
    headers: {},
    query: [],
    body: null,
    retries: 0,
    retryOn: [],
    retryHeader: null,
    expectedStatus: [],
    connection: null,
    ...o,
  }
}

export function jsonBody(value: unknown): ProviderRequest['body'] {
  return { encoding: 'utf8', text: JSON.stringify(value) }
}

/** The response of an answer that must have one. */
export function answered(answer: GatewayAnswer) {
  if (answer.kind !== 'answered') throw new Error(`not answered: ${JSON.stringify(answer)}`)
  return answer.response
}

/** The error of an answer that must be a refusal. */
export function refused(answer: GatewayAnswer) {
  if (answer.kind !== 'refused') throw new Error(`not refused: ${JSON.stringify(answer)}`)
  return answer.error
}
