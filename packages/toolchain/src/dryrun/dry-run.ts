import type { BlockedCause, CompiledFunction, Execution, JsonObject } from '@plumb/protocol'
import { executeFunction } from '@plumb/runtime'
import type {
  CallContext,
  ConnectionGateway,
  RecordSet,
  RunnerPool,
  StoppedWrite,
} from '@plumb/runtime'
import { runClockOf } from '../replay/run-clock-of.js'

export type DryRunContext = Pick<
  CallContext,
  'purpose' | 'executionId' | 'allowWrites' | 'onStoppedWrite'
>

type Allowed = { readonly credentials: boolean; readonly uncontrolledFetch: boolean }

export type DryRunOrder = {
  readonly pool: RunnerPool
  /** Opens the connection's way out: of this Plumb, or of a remote one. */
  readonly connect: (context: DryRunContext) => Promise<ConnectionGateway>
  readonly compiled: CompiledFunction
  readonly input?: unknown
  /** Default: the connection's. */
  readonly metadata?: JsonObject | undefined
  readonly checkpoint?: JsonObject | null
  /** What earlier runs stored; changed by this one. */
  readonly records?: RecordSet
  readonly variant?: string | undefined
  readonly lastSyncDate?: string | undefined
  readonly allowWrites: boolean
  /** What the project allows its functions beyond the gateway. Default: nothing. */
  readonly allow?: Allowed
  readonly deadlineMs: number
  readonly signal: AbortSignal
  readonly executionId: string
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/** One dry run. A write that was stopped ended the function, whatever the function made of it. */
export type DryRun = {
  readonly execution: Execution
  readonly gateway: ConnectionGateway
  readonly stoppedWrite: StoppedWrite | null
  readonly accessLost: BlockedCause | null
}

/** Runs a function once against a connection; what the function does never throws. */
export async function dryRun(order: DryRunOrder): Promise<DryRun> {
  const { executionId, compiled, allowWrites, input, now, records } = order
  const stop = new AbortController()
  const stopped: StoppedWrite[] = []
  const lost: BlockedCause[] = []
  const gateway = await order.connect({
    purpose: 'dryrun',
    executionId,
    allowWrites,
    onStoppedWrite: (write) => {
      stopped.push(write)
      stop.abort(new Error(`${write.method} ${write.url} was stopped.`))
    },
  })
  const execution = await executeFunction({
    ...{ pool: order.pool, gateway, compiled, purpose: 'dryrun', input, now },
    ...(order.metadata && { metadata: order.metadata }),
    ...(order.variant !== undefined && { variant: order.variant }),
    ...(records && { records }),
    checkpoint: order.checkpoint ?? null,
    lastSyncDate: order.lastSyncDate ?? null,
    ...waysOut(order.allow),
    // The clock stands, so that what was recorded can be repeated to the byte.
    clock: runClockOf({ id: executionId, startedAt: new Date(now()).toISOString() }),
    deadlineMs: order.deadlineMs,
    signal: AbortSignal.any([order.signal, stop.signal]),
    ids: { executionId },
    onAccessLost: (cause) => lost.push(cause),
  })
  return { execution, gateway, stoppedWrite: stopped[0] ?? null, accessLost: lost[0] ?? null }
}

function waysOut(allow: Allowed = { credentials: false, uncontrolledFetch: false }) {
  const access = (allowed: boolean) => (allowed ? 'allowed' : 'refused')
  return {
    credentialAccess: access(allow.credentials),
    outsideCalls: access(allow.uncontrolledFetch),
  } as const
}
