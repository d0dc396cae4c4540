import { providerRequestSchema } from '@plumb/protocol'
import type {
  BlockedCause,
  CompiledFunction,
  Execution,
  FunctionOutcome,
  JsonObject,
  RunClock,
  RunContext,
} from '@plumb/protocol'
import type { ConnectionGateway } from '../gateway/connection-gateway.js'
import { levelOf } from '../logs/log-writer.js'
import type { OperationLog } from '../logs/log-writer.js'
import type { FunctionHost, HostMethod } from '../runner/function-host.js'
import type { RunnerPool } from '../runner/runner-pool.js'
import { ExecutionCheckpoint, memoryCheckpoints } from './checkpoints.js'
import type { CheckpointStore } from './checkpoints.js'
import { connectionMethods } from './connection-methods.js'
import { openGateways } from './execution-gateways.js'
import type { ConnectionKey, ExecutionGateways } from './execution-gateways.js'
import { followAbort } from '../gateway/followed-abort.js'
import { functionMethod } from './function-method.js'
import { addLogLine, stateMethods } from './execution-state.js'
import type { ExecutionState } from './execution-state.js'
import { serviceMethods } from './function-services.js'
import type { FunctionServices } from './function-services.js'
import { ExecutionLocks, memoryLocks } from './locks.js'
import type { LockStore } from './locks.js'
import { openEmptyLedger, openRecordLedger } from './record-changes.js'
import type { RecordKeeper } from './record-keeper.js'
import { recordMethods } from './record-methods.js'
import { RecordSet } from './record-set.js'

export type ExecutionOrder = {
  readonly pool: RunnerPool
  readonly gateway: ConnectionGateway
  readonly compiled: CompiledFunction
  readonly purpose: Execution['purpose']
  readonly attemptId?: string | null
  readonly input?: unknown
  /** Default: the connection's. */
  readonly metadata?: JsonObject
  readonly checkpoint?: JsonObject | null
  /** Where the checkpoint is kept, instead of `checkpoint`; an execution never overwrites another's. */
  readonly checkpoints?: CheckpointStore
  /** Where locks are kept that other executions may want; without it, they are this execution's alone. */
  readonly locks?: LockStore
  /** What earlier executions stored; changed by this one. */
  readonly records?: RecordKeeper
  /** A stopped clock and seeded randomness, for replay. */
  readonly clock?: RunClock
  readonly lastSyncDate?: string | null
  readonly variant?: string
  /** A webhook arrived, and the input is its payload: `onWebhook` runs instead of `exec`. */
  readonly webhook?: boolean
  /** Whether the function may read credentials. Default `refused`; only a person's project allows it. */
  readonly credentialAccess?: 'allowed' | 'refused'
  /** Whether the function may call any public address. Default `refused`; only a person's project allows it. */
  readonly outsideCalls?: 'allowed' | 'refused'
  /** What the product around the function supplies. */
  readonly services?: FunctionServices
  /** Other connections of the same owner. Throws PlumbError `connection-unknown`; without it, there are none. */
  readonly otherConnection?: (key: ConnectionKey) => Promise<ConnectionGateway>
  readonly deadlineMs: number
  readonly signal?: AbortSignal
  /** The execution's id, which is also in the receipts of its gateway. */
  readonly ids: { readonly executionId: string }
  /** Milliseconds since 1970, for `startedAt`, durations and log lines. Default: the machine's. */
  readonly now?: () => number
  /** Called once, before the execution ends, when the connection has lost access. */
  readonly onAccessLost?: (cause: BlockedCause) => void
  /** Told each line that the function logs, when it does. */
  readonly log?: OperationLog
  /** Keeps what the function sets; without it, metadata ends with the execution. */
  readonly keepMetadata?: (metadata: JsonObject) => Promise<void>
  /** Another function waits for this one, and keeps its place in the pool meanwhile. */
  readonly nested?: boolean
}

/**
 * Calls a function once through the runner and tells everything it did. What the function does never throws here;
 * PlumbErrors `sandbox-failed` and `cancelled` (aborted before it started) do.
 */
export async function executeFunction(order: ExecutionOrder): Promise<Execution> {
  const { compiled, gateway, now = Date.now } = order
  const begun = now()
  const opened = openGateways(order)
  const state = await openState(order)
  const { checkpoint, metadata } = state
  const startCheckpoint = checkpoint.current
  const models = Object.keys(compiled.definition.models)
  const records = order.records ?? new RecordSet()
  const ledger = records.tellsChanges ? openRecordLedger(models) : openEmptyLedger(models)
  await records.begin()
  const running = runWith(order, state, (lose) => [
    requestMethod(opened, lose),
    ...stateMethods(state),
    ...connectionMethods({
      ...{ gateway, state, otherConnection: (key) => opened.other(key) },
      credentialAccess: order.credentialAccess ?? 'refused',
      outsideCalls: order.outsideCalls ?? 'refused',
    }),
    ...serviceMethods(order.services ?? {}, places[order.purpose]),
    ...recordMethods({ records, ledger, models, continued: startCheckpoint !== null }),
  ])
  const ending = () => Promise.all([state.locks.end(), records.end()])
  const { outcome, cpuMs } = await running.finally(ending)
  return {
    id: order.ids.executionId,
    attemptId: order.attemptId ?? null,
    purpose: order.purpose,
    functionName: compiled.name,
    functionKind: compiled.definition.kind,
    sourceHash: compiled.sourceHash,
    integrationKey: gateway.connection.integrationKey,
    connectionId: gateway.connection.connectionId,
    input: order.input ?? null,
    startCheckpoint,
    metadata,
    outcome,
    records: ledger.changes(),
    endCheckpoint: checkpoint.current,
    calls: opened.calls(),
    logs: state.logs,
    // A stopped clock is the run's time: a replay that starts from the record sees the same.
    startedAt: new Date(order.clock?.now ?? begun).toISOString(),
    durationMs: Math.max(0, now() - begun),
    cpuMs,
  }
}

async function openState(order: ExecutionOrder): Promise<ExecutionState> {
  const { gateway, ids, keepMetadata, now = Date.now } = order
  const checkpoints = order.checkpoints ?? memoryCheckpoints(order.checkpoint)
  return {
    metadata: order.metadata ?? (gateway.connection.metadata as JsonObject),
    checkpoint: await ExecutionCheckpoint.open(checkpoints),
    locks: new ExecutionLocks(order.locks ?? memoryLocks(now), ids.executionId),
    logs: [],
    ...(keepMetadata && { keepMetadata }),
  }
}

const places: Readonly<Record<Execution['purpose'], string>> = {
  dryrun: 'a dry run',
  verification: 'a verification',
  execution: 'this place',
}

type Lose = (cause: BlockedCause) => void

async function runWith(
  order: ExecutionOrder,
  state: ExecutionState,
  methods: (lose: Lose) => [string, HostMethod][],
): Promise<{ outcome: FunctionOutcome; cpuMs: number | null }> {
  const stop = followAbort(order.signal)
  let lost: BlockedCause | null = null
  const lose: Lose = (cause) => {
    if (lost !== null) return
    lost = cause
    order.onAccessLost?.(cause)
    stop.abort(new Error(`The connection has lost access: ${cause.message}`))
  }
  const { compiled, clock, deadlineMs, now = Date.now } = order
  const host: FunctionHost = {
    context: contextOf(order),
    methods: new Map(methods(lose)),
    log: (level, message) => {
      order.log?.message({ level: levelOf(level), text: message })
      addLogLine(state, { at: new Date(now()).toISOString(), level, message })
    },
  }
  const running = order.pool.run({
    tenant: tenantOf(order),
    // Nothing may be left over from one verification to the next.
    once: order.purpose === 'verification',
    nested: order.nested === true,
    code: compiled.code,
    fileName: compiled.fileName,
    input: order.input ?? null,
    ...(clock && { clock }),
    deadlineMs,
    host,
    signal: stop.signal,
  })
  const { outcome, cpuMs } = await running.finally(() => stop.letGo())
  return { outcome: lost === null ? outcome : accessLost(lost), cpuMs }
}

function contextOf(order: ExecutionOrder): RunContext {
  const { connection, provider, pagination } = order.gateway
  return {
    connectionId: connection.connectionId,
    providerConfigKey: connection.integrationKey,
    provider: provider.name,
    variant: order.variant ?? 'base',
    lastSyncDate: order.lastSyncDate ?? null,
    pagination,
    ...(order.webhook === true && { webhook: true }),
  }
}

function tenantOf({ purpose, attemptId, ids, gateway }: ExecutionOrder): string {
  if (purpose === 'verification') return `verification ${ids.executionId}`
  const { environment, integrationKey, connectionId } = gateway.connection
  return ['connection', environment, integrationKey, connectionId, attemptId ?? ''].join(' ')
}

function requestMethod(gateways: ExecutionGateways, lose: Lose): [string, HostMethod] {
  return functionMethod('request', providerRequestSchema, async (request, signal) => {
    const gateway = await gateways.of(request.connection)
    const answer = await gateway.request({ ...request, connection: null }, signal)
    if (answer.kind === 'refused') throw answer.error
    if (answer.kind === 'access-lost') {
      if (gateway === gateways.own) lose(answer.cause)
      throw new Error(answer.cause.message)
    }
    if (answer.kind === 'answered') return { kind: answer.kind, response: answer.response }
    return { kind: answer.kind, code: answer.code, message: answer.message }
  })
}

function accessLost(cause: BlockedCause): FunctionOutcome {
  return {
    kind: 'threw',
    error: {
      type: 'plumb-error',
      message: cause.message,
      payload: cause,
      status: null,
      stack: null,
    },
  }
}
