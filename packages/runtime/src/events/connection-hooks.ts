import type { Connection, FunctionOutcome, JsonObject } from '@plumb/protocol'
import { listDeployedFunctions, setConnectionMetadata } from '@plumb/store'
import type { Database, DeployedFunction } from '@plumb/store'
import type { ConnectionHooks } from '../connections/connection-hooks.js'
import { executeFunction } from '../execution/execute-function.js'
import type { FunctionServices } from '../execution/function-services.js'
import { storedLocks } from '../execution/stored-locks.js'
import type { Gateway } from '../gateway/connection-gateway.js'
import type { LogWriter, OperationLog } from '../logs/log-writer.js'
import type { RunnerPool } from '../runner/runner-pool.js'

export type EventParts = {
  readonly store: { readonly db: Database }
  readonly gateway: Gateway
  readonly pool: RunnerPool
  readonly logs: LogWriter
  /** What the product supplies to functions. */
  readonly services?: (
    owner: Pick<Connection, 'environment' | 'integrationKey' | 'connectionId'>,
  ) => FunctionServices | Promise<FunctionServices>
  /** How long one function may take, in milliseconds. Default two minutes; half a minute before a deletion. */
  readonly deadlineMs?: number
}

type Event = 'validate-connection' | 'post-connection-creation' | 'pre-connection-deletion'

const defaultDeadlineMs = 120_000
const deletionDeadlineMs = 30_000

/** Runs the on-event functions that are deployed, each with a log of its own, those of one event by name. */
export function connectionHooks(parts: EventParts): ConnectionHooks {
  const { deadlineMs = defaultDeadlineMs } = parts
  return {
    async validate(connection) {
      for (const deployed of await listening(parts, connection, 'validate-connection')) {
        const outcome = await runEvent(parts, connection, { deployed, deadlineMs })
        const refusal = refusalOf(deployed, outcome)
        if (refusal !== null) return { kind: 'invalid', message: refusal }
      }
      return { kind: 'valid' }
    },
    created: (connection) =>
      runAll(parts, connection, { event: 'post-connection-creation', deadlineMs }),
    deleting: (connection) =>
      runAll(parts, connection, {
        event: 'pre-connection-deletion',
        deadlineMs: Math.min(deadlineMs, deletionDeadlineMs),
      }),
  }
}

/** One that fails, even before it runs, keeps neither the others nor the connection from going on: the log tells. */
async function runAll(
  parts: EventParts,
  connection: Connection,
  { event, deadlineMs }: { readonly event: Event; readonly deadlineMs: number },
): Promise<void> {
  for (const deployed of await listening(parts, connection, event)) {
    await runEvent(parts, connection, { deployed, deadlineMs }).catch(() => undefined)
  }
}

async function listening(
  { store }: EventParts,
  { environment, integrationKey }: Connection,
  event: Event,
): Promise<readonly DeployedFunction[]> {
  const kind = 'on-event'
  const found = await listDeployedFunctions(store.db, { environment, integrationKey, kind })
  return found.filter(({ compiled }) => compiled.definition.event === event)
}

type EventRun = { readonly deployed: DeployedFunction; readonly deadlineMs: number }

async function runEvent(
  parts: EventParts,
  connection: Connection,
  run: EventRun,
): Promise<FunctionOutcome> {
  const { environment, integrationKey, connectionId } = connection
  const { name } = run.deployed.compiled
  const log = parts.logs.start({
    ...{ environment, integrationKey, connectionId, kind: 'on-event', name },
  })
  try {
    const outcome = await execute(parts, { connection, log, ...run })
    tellEnd(log, outcome)
    return outcome
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    tellEnd(log, { kind: 'killed', reason: 'crash', detail: message })
    throw error
  }
}

async function execute(
  { store, gateway, pool, services }: EventParts,
  run: EventRun & { readonly connection: Connection; readonly log: OperationLog },
): Promise<FunctionOutcome> {
  const { connection, deployed, deadlineMs, log } = run
  const { environment, integrationKey, connectionId } = connection
  const owner = { environment, integrationKey, connectionId }
  const open = (key: { integrationKey: string; connectionId: string }) =>
    gateway.forConnection({
      ...{ ...key, environment, purpose: 'execution', executionId: log.id, log },
    })
  const { allow, compiled } = deployed
  const execution = await executeFunction({
    ...{ pool, compiled, deadlineMs, log, purpose: 'execution', otherConnection: open },
    gateway: await open(owner),
    credentialAccess: allow.credentials ? 'allowed' : 'refused',
    outsideCalls: allow.uncontrolledFetch ? 'allowed' : 'refused',
    services: (await services?.(owner)) ?? {},
    keepMetadata: (metadata: JsonObject) => setConnectionMetadata(store.db, { ...owner, metadata }),
    locks: storedLocks(store.db, owner),
    signal: AbortSignal.timeout(deadlineMs + graceMs),
    ids: { executionId: log.id },
  })
  return execution.outcome
}

/** Waiting for a place in the pool counts too, so that nobody waits for ever. */
const graceMs = 15_000

/** What the person who connects is told; null when the function is content. */
function refusalOf({ compiled }: DeployedFunction, outcome: FunctionOutcome): string | null {
  if (outcome.kind === 'returned') return null
  if (outcome.kind === 'threw') return messageOf(outcome)
  return `The check "${compiled.name}" of this account did not finish: ${outcome.detail}`
}

/** An ActionError says what it means in its payload. */
function messageOf({ error }: Extract<FunctionOutcome, { kind: 'threw' }>): string {
  const { payload, message } = error
  const told: unknown =
    typeof payload === 'object' && payload !== null ? Reflect.get(payload, 'message') : payload
  return error.type === 'action-error' && typeof told === 'string' ? told : message
}

function tellEnd(log: OperationLog, outcome: FunctionOutcome): void {
  if (outcome.kind === 'returned') return log.finish({ state: 'success' })
  const message = outcome.kind === 'threw' ? messageOf(outcome) : outcome.detail
  const remedy = 'Look at the messages of this log and at the function, and deploy it again.'
  log.finish({ state: 'failed', error: { code: 'action-failed', message, remedy } })
}
