import type { JsonObject, LogLine } from '@plumb/protocol'
import { z } from 'zod'
import { functionMethod } from './function-method.js'
import type { HostMethod } from '../runner/function-host.js'
import type { ExecutionCheckpoint } from './checkpoints.js'
import type { ExecutionLocks } from './locks.js'

const mostLogLines = 1000

/** What one execution may change beside records. */
export type ExecutionState = {
  metadata: JsonObject
  readonly checkpoint: ExecutionCheckpoint
  readonly logs: LogLine[]
  readonly locks: ExecutionLocks
  /** Keeps metadata beyond the execution. */
  readonly keepMetadata?: (metadata: JsonObject) => Promise<void>
}

/** Keeps a log line; the bound of the channel keeps the list short, and so does this one. */
export function addLogLine(state: ExecutionState, line: LogLine): void {
  if (state.logs.length < mostLogLines) state.logs.push(line)
}

const nothing = z.strictObject({})
const object = z.record(z.string(), z.json())
const flat = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]))
const metadataChange = z.strictObject({ metadata: object })
const checkpointChange = z.strictObject({ checkpoint: flat })
const lock = z.strictObject({ key: z.string(), ttlMs: z.number() })
const heldLock = z.strictObject({ key: z.string() })

/** Metadata, checkpoint and locks. */
export function stateMethods(state: ExecutionState): [string, HostMethod][] {
  const setMetadata = async (metadata: JsonObject): Promise<JsonObject> => {
    state.metadata = metadata
    await state.keepMetadata?.(metadata)
    return metadata
  }
  return [
    functionMethod('getMetadata', nothing, () => state.metadata),
    functionMethod('setMetadata', metadataChange, ({ metadata }) => setMetadata(metadata)),
    functionMethod('updateMetadata', metadataChange, ({ metadata }) =>
      setMetadata({ ...state.metadata, ...metadata }),
    ),
    functionMethod('getCheckpoint', nothing, () => state.checkpoint.current),
    functionMethod('saveCheckpoint', checkpointChange, async ({ checkpoint }) => {
      await state.checkpoint.save(checkpoint)
      return null
    }),
    functionMethod('clearCheckpoint', nothing, async () => {
      await state.checkpoint.clear()
      return null
    }),
    functionMethod('acquireLock', lock, ({ key, ttlMs }) => state.locks.acquire(key, ttlMs)),
    functionMethod('releaseLock', heldLock, ({ key }) => state.locks.release(key)),
  ]
}
