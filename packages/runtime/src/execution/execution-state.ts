import { PlumbError } from '@plumb/protocol'
import type { Connection, JsonObject, LogLine } from '@plumb/protocol'
import { z } from 'zod'
import { hostMethod } from '../runner/function-host.js'
import type { HostMethod } from '../runner/function-host.js'

const mostLogLines = 1000

/** What one execution may change beside records: nothing of it outlives the execution. */
export type ExecutionState = {
  metadata: JsonObject
  checkpoint: JsonObject | null
  readonly logs: LogLine[]
  readonly locks: Set<string>
}

export function startState(start: {
  metadata: JsonObject
  checkpoint: JsonObject | null
}): ExecutionState {
  return { ...start, logs: [], locks: new Set() }
}

/** Keeps a log line; the bound of the channel keeps the list short, and so does this one. */
export function addLogLine(state: ExecutionState, line: LogLine): void {
  if (state.logs.length < mostLogLines) state.logs.push(line)
}

const nothing = z.strictObject({})
const object = z.record(z.string(), z.json())
const flat = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]))
const lock = z.strictObject({ key: z.string().max(500), ttlMs: z.number() })

/** Metadata, checkpoint and locks. */
export function stateMethods(state: ExecutionState): [string, HostMethod][] {
  const set = (change: Partial<ExecutionState>): null => {
    Object.assign(state, change)
    return null
  }
  return [
    ['getMetadata', hostMethod(nothing, () => state.metadata)],
    [
      'setMetadata',
      hostMethod(z.strictObject({ metadata: object }), ({ metadata }) => set({ metadata })),
    ],
    [
      'updateMetadata',
      hostMethod(z.strictObject({ metadata: object }), ({ metadata }) =>
        set({ metadata: { ...state.metadata, ...metadata } }),
      ),
    ],
    ['getCheckpoint', hostMethod(nothing, () => state.checkpoint)],
    [
      'saveCheckpoint',
      hostMethod(z.strictObject({ checkpoint: flat }), ({ checkpoint }) => set({ checkpoint })),
    ],
    ['clearCheckpoint', hostMethod(nothing, () => set({ checkpoint: null }))],
    ['acquireLock', hostMethod(lock, ({ key }) => !state.locks.has(key) && !!state.locks.add(key))],
    [
      'releaseLock',
      hostMethod(z.strictObject({ key: z.string() }), ({ key }) => state.locks.delete(key)),
    ],
  ]
}

const otherConnection = z
  .strictObject({ integrationKey: z.string(), connectionId: z.string() })
  .nullable()

/** What a function may know about its connection; never a secret. */
export function connectionMethods(
  connection: Connection,
  state: ExecutionState,
): [string, HostMethod][] {
  const { integrationKey, provider } = connection
  const isOwn = (other: z.infer<typeof otherConnection>): boolean =>
    other === null ||
    (other.integrationKey === integrationKey && other.connectionId === connection.connectionId)
  return [
    [
      'getConnection',
      hostMethod(z.strictObject({ connection: otherConnection }), ({ connection: other }) => {
        if (!isOwn(other)) throw otherRefused(other)
        return {
          connection_id: connection.connectionId,
          provider_config_key: integrationKey,
          provider,
          connection_config: connection.connectionConfig,
          metadata: state.metadata,
          created_at: connection.createdAt,
          updated_at: connection.updatedAt,
        }
      }),
    ],
    ['getIntegration', hostMethod(nothing, () => ({ unique_key: integrationKey, provider }))],
    ['getEnvironmentVariables', hostMethod(nothing, () => [])],
  ]
}

function otherRefused(other: z.infer<typeof otherConnection>): PlumbError {
  return new PlumbError({
    code: 'connection-unknown',
    message: `This execution may not read connection "${other?.connectionId ?? ''}" of "${other?.integrationKey ?? ''}".`,
    remedy: 'Use the connection of the execution: call getConnection without arguments.',
  })
}
