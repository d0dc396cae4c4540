import type { CompiledFunction, Connection, Execution, PlumbError, Provider } from '@plumb/protocol'
import { executeFunction, openReplayGateway, virtualClock } from '@plumb/runtime'
import type { Recording, RunnerPool } from '@plumb/runtime'

export type ReplayInput = {
  readonly pool: RunnerPool
  readonly provider: Provider
  readonly connection: Connection
  readonly compiled: CompiledFunction
  /** What is repeated: its input, metadata, checkpoint and start time are used. */
  readonly recorded: Pick<Execution, 'input' | 'metadata' | 'startCheckpoint' | 'startedAt'>
  readonly recordings: readonly Recording[]
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
}

/** Runs a function again over recordings, with the clock standing where the recorded run began. */
export async function replayExecution(input: ReplayInput): Promise<Replay> {
  const { provider, connection, recorded } = input
  const clock = virtualClock(Date.parse(recorded.startedAt))
  const gateway = openReplayGateway({
    provider,
    connection,
    recordings: [...input.recordings],
    clock,
  })
  const execution = await executeFunction({
    pool: input.pool,
    gateway,
    compiled: input.compiled,
    purpose: 'verification',
    input: recorded.input,
    metadata: recorded.metadata,
    checkpoint: recorded.startCheckpoint,
    clock,
    deadlineMs: input.deadlineMs,
    signal: input.signal,
    ids: input.ids,
  })
  return { execution, unused: gateway.unused(), unknown: gateway.unknown() }
}
