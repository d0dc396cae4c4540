import type {
  CompiledFunction,
  Connection,
  Execution,
  PlumbError,
  Provider,
  ReceiptDraft,
} from '@plumb/protocol'
import { executeFunction, openReplayGateway } from '@plumb/runtime'
import type { Recording, RunnerPool } from '@plumb/runtime'
import { runClockOf } from './run-clock-of.js'

export type ReplayInput = {
  readonly pool: RunnerPool
  readonly provider: Provider
  readonly connection: Connection
  /** Where the recorded calls went. */
  readonly baseUrl: string
  readonly compiled: CompiledFunction
  /** What is repeated; its clock stands where the recorded one stood. */
  readonly recorded: Pick<Execution, 'id' | 'input' | 'metadata' | 'startCheckpoint' | 'startedAt'>
  readonly recordings: readonly Recording[]
  /** In milliseconds. */
  readonly deadlineMs: number
  readonly ids: () => string
  readonly signal: AbortSignal
}

export type Replay = {
  readonly execution: Execution
  /** Recorded exchanges that the function did not ask for. */
  readonly unused: readonly Recording[]
  /** Requests that were never recorded. */
  readonly unknown: readonly PlumbError[]
  /** What the calls would have left behind. */
  readonly receipts: readonly ReceiptDraft[]
}

/** Runs a function again over recordings, in a process of its own. */
export async function replayExecution(input: ReplayInput): Promise<Replay> {
  const { provider, connection, baseUrl, recordings, recorded } = input
  const gateway = openReplayGateway({ provider, connection, baseUrl, recordings })
  const execution = await executeFunction({
    pool: input.pool,
    gateway,
    compiled: input.compiled,
    purpose: 'verification',
    input: recorded.input,
    metadata: recorded.metadata,
    checkpoint: recorded.startCheckpoint,
    clock: runClockOf(recorded),
    deadlineMs: input.deadlineMs,
    signal: input.signal,
    ids: { executionId: input.ids() },
  })
  return {
    execution,
    unused: gateway.unused(),
    unknown: gateway.unknown(),
    receipts: gateway.receipts(),
  }
}
