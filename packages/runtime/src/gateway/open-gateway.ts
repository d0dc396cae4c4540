import { randomUUID } from 'node:crypto'
import { appendReceipt, recordResource } from '@plumb/store'
import type { ConnectionStore } from '../connections/integrations.js'
import { LiveAccount } from '../connections/live-account.js'
import type { LiveAccountParts } from '../connections/live-account.js'
import { baseAddressOf } from './base-address.js'
import { systemClock } from './clock.js'
import type { Clock } from './clock.js'
import { ConnectionClient } from './connection-client.js'
import type {
  CallContext,
  ConnectionGateway,
  Gateway,
  StreamContext,
  StreamGateway,
} from './connection-gateway.js'
import { AllLimits } from './connection-limits.js'
import type { ConnectionLimits } from './connection-limits.js'
import { Exchanger } from './exchanger.js'
import type { CallOrigin, Recorder } from './exchanger.js'
import { KeptAccount } from './kept-account.js'
import { openLiveTransport } from './live-transport.js'
import { defaultTimeoutMs } from './prepare-request.js'
import type { Target } from './prepare-request.js'
import { ProductionCalls } from './production-calls.js'
import { RecentConnections } from './recent-connections.js'
import type { FoundConnection } from './recent-connections.js'
import { StreamClient } from './stream-client.js'
import { openStreamTransport } from './stream-transport.js'
import type { StreamTransport } from './stream-transport.js'
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
  /** How many calls of executions one connection may have under way. Default 32. */
  readonly callsAtOnce?: number
  /** How long a call of an execution may be held back for a rate limit, in milliseconds. Default 30 seconds. */
  readonly maxWaitMs?: number
}

const defaultCallsAtOnce = 32
const defaultMaxWaitMs = 30_000

/** The only way out: performs provider calls with the credentials of connections, and writes their receipts. */
export function openGateway(options: GatewayOptions): Gateway {
  const transport = options.transport ?? openLiveTransport()
  const world = worldOf(options, transport)
  return {
    forConnection: (context) => openClient(world, context),
    forStreaming: (context) => openStreamClient(world, context),
    close: async () => {
      world.recent.close()
      await world.streams.close()
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
  readonly limits: AllLimits
  readonly recent: RecentConnections
  /** A connection that is used again is the same object until it changes. */
  readonly targets: WeakMap<FoundConnection, Target>
  readonly streams: StreamTransport
}

function worldOf(options: GatewayOptions, transport: Transport): World {
  const { clock = systemClock, random = Math.random, newId = randomUUID } = options
  const { callsAtOnce = defaultCallsAtOnce, maxWaitMs = defaultMaxWaitMs } = options
  return {
    ...{ store: options, transport, clock, random, newId },
    stop: options.signal,
    timeoutMs: options.timeoutMs ?? defaultTimeoutMs,
    refreshes: new Map(),
    limits: new AllLimits({ clock, random, concurrency: callsAtOnce, maxWaitMs }),
    recent: new RecentConnections(options, clock),
    targets: new WeakMap(),
    streams: openStreamTransport(),
  }
}

async function openClient(world: World, context: CallContext): Promise<ConnectionGateway> {
  const { clock, random, stop } = world
  const found = await findConnection(world, context)
  const { integration } = found
  const { recorder, exchanger, account } = exchangeParts(world, context, found)
  return new ConnectionClient({
    target: targetOf(world, found),
    ...(integration.oauthClient && { oauthClient: integration.oauthClient }),
    // What an execution creates is its owner's business; the build side cleans up behind itself.
    recorder:
      context.log === undefined ? recorder : { ...recorder, created: async () => undefined },
    ...{ account, exchanger, clock, random, context, stop },
    probes: true,
  })
}

async function openStreamClient(world: World, o: StreamContext): Promise<StreamGateway> {
  const { clock, random, streams: transport } = world
  const context = { ...o, purpose: 'execution' } as const
  const found = await findConnection(world, context)
  const { account } = exchangeParts(world, context, found)
  const target = targetOf(world, found)
  const limits = limitsOf(world, found)
  return new StreamClient({ target, account, transport, limits, log: o.log, clock, random })
}

function storeOf(world: World, { environment }: Pick<CallContext, 'environment'>): ConnectionStore {
  return { ...world.store, environment: environment ?? world.store.environment }
}

function findConnection(world: World, context: CallContext): Promise<FoundConnection> {
  const how = context.purpose === 'execution' ? 'kept' : 'fresh'
  return world.recent.find(storeOf(world, context), context, how)
}

function targetOf(world: World, found: FoundConnection): Target {
  const known = world.targets.get(found)
  if (known !== undefined) return known
  const target = newTarget(world, found)
  world.targets.set(found, target)
  return target
}

function newTarget({ clock, timeoutMs, newId }: World, found: FoundConnection): Target {
  const { integration, provider, connection } = found
  const { oauthClient } = integration
  return {
    ...{ provider, connection, timeoutMs },
    address: baseAddressOf(provider, integration, connection),
    ...(oauthClient && { secrets: [oauthClient.clientSecret] }),
    signing: { oauthClient, now: () => clock.now(), nonce: newId },
  }
}

function limitsOf(world: World, { connection, provider }: FoundConnection): ConnectionLimits {
  const { environment, integrationKey, connectionId } = connection
  return world.limits.of([environment, integrationKey, connectionId], provider)
}

function exchangeParts(world: World, context: CallContext, found: FoundConnection) {
  const store = storeOf(world, context)
  const { clock, refreshes } = world
  const recorder = databaseRecorder(store, originOf(context))
  const exchanger = exchangerOf({ world, context, found, recorder })
  const live = new LiveAccount({ ...{ store, ...found, exchanger, clock, refreshes } })
  if (context.purpose !== 'execution') return { recorder, exchanger, account: live }
  const { environment, integrationKey, connectionId } = found.connection
  const key = [environment, integrationKey, connectionId]
  const { credentials: recent } = world.recent
  return {
    recorder,
    exchanger,
    account: new KeptAccount({ key, live, recent, clock, log: context.log }),
  }
}

function exchangerOf(o: {
  readonly world: World
  readonly context: CallContext
  readonly found: FoundConnection
  readonly recorder: Recorder
}): Exchanger {
  const { world, context, found, recorder } = o
  const { transport, clock, newId } = world
  const parts = { origin: originOf(context), transport, recorder, clock, newId }
  if (context.purpose !== 'execution') return new Exchanger(parts)
  context.log?.conceal([found.integration.oauthClient?.clientSecret ?? ''])
  return new Exchanger({
    ...parts,
    production: new ProductionCalls(limitsOf(world, found), context),
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
