import { randomUUID } from 'node:crypto'
import { appendReceipt, recordResource } from '@plumb/store'
import { ownerOf, readStored, withoutSecret } from '../connections/connections.js'
import type { ConnectionStore } from '../connections/integrations.js'
import { LiveAccount } from '../connections/live-account.js'
import type { LiveAccountParts } from '../connections/live-account.js'
import { baseAddressOf } from './base-address.js'
import { systemClock } from './clock.js'
import type { Clock } from './clock.js'
import { ConnectionClient } from './connection-client.js'
import type { CallContext, ConnectionGateway, Gateway } from './connection-gateway.js'
import { Exchanger } from './exchanger.js'
import type { CallOrigin, Recorder } from './exchanger.js'
import { openLiveTransport } from './live-transport.js'
import { defaultTimeoutMs } from './prepare-request.js'
import type { Transport } from './transport.js'

export type GatewayOptions = ConnectionStore & {
  /** Default: the network. Closed with the gateway only when it is the default. */
  readonly transport?: Transport
  readonly clock?: Clock
  /** Ids of receipts; default: random UUIDs. */
  readonly newId?: () => string
  /** From 0 to below 1; default: Math.random. */
  readonly random?: () => number
  /** How long one transport call may take; default: two minutes. */
  readonly timeoutMs?: number
  /** Aborts every call. */
  readonly signal?: AbortSignal
}

/** The only way out: performs provider calls with the credentials of connections, and writes their receipts. */
export function openGateway(options: GatewayOptions): Gateway {
  const transport = options.transport ?? openLiveTransport()
  const world: World = {
    store: options,
    transport,
    stop: options.signal,
    timeoutMs: options.timeoutMs ?? defaultTimeoutMs,
    clock: options.clock ?? systemClock,
    newId: options.newId ?? randomUUID,
    random: options.random ?? Math.random,
    refreshes: new Map(),
  }
  return {
    forConnection: (context) => openClient(world, context),
    close: async () => {
      await Promise.allSettled(world.refreshes.values())
      if (options.transport === undefined) await transport.close?.()
    },
  }
}

type World = {
  readonly store: ConnectionStore
  readonly transport: Transport
  readonly clock: Clock
  readonly newId: () => string
  readonly random: () => number
  readonly refreshes: LiveAccountParts['refreshes']
  readonly stop: AbortSignal | undefined
  readonly timeoutMs: number
}

async function openClient(world: World, context: CallContext): Promise<ConnectionGateway> {
  const { clock, transport, newId } = world
  const store = { ...world.store, environment: context.environment ?? world.store.environment }
  const stored = await readStored(store, context)
  const { integration, provider } = await ownerOf(store, context.integrationKey)
  const connection = withoutSecret(stored)
  const origin = originOf(context)
  const recorder = databaseRecorder(store, origin)
  const exchanger = new Exchanger({ origin, transport, recorder, clock, newId })
  const { refreshes, random, stop, timeoutMs } = world
  return new ConnectionClient({
    target: {
      provider,
      connection,
      address: baseAddressOf(provider, integration, connection),
      timeoutMs,
      ...(integration.oauthClient && { secrets: [integration.oauthClient.clientSecret] }),
      signing: { oauthClient: integration.oauthClient, now: () => clock.now(), nonce: newId },
    },
    ...(integration.oauthClient && { oauthClient: integration.oauthClient }),
    account: new LiveAccount({
      store,
      provider,
      integration,
      connection,
      exchanger,
      clock,
      refreshes,
    }),
    exchanger,
    recorder,
    clock,
    random,
    context,
    probes: true,
    stop,
  })
}

function originOf(context: CallContext): CallOrigin {
  const { integrationKey, connectionId, attemptId = null, executionId = null } = context
  const chain = context.chain ?? attemptId ?? `connection ${integrationKey}/${connectionId}`
  return { integrationKey, connectionId, attemptId, executionId, chain }
}

function databaseRecorder({ db, keys }: ConnectionStore, origin: CallOrigin): Recorder {
  const { integrationKey, connectionId, attemptId } = origin
  return {
    async append(draft) {
      await appendReceipt(db, draft, keys.signer)
    },
    created: (resource) =>
      recordResource(db, { ...resource, connection: { integrationKey, connectionId }, attemptId }),
  }
}
