import { asPlumbError, PlumbError } from '@plumb/protocol'
import type { Execution, JsonObject } from '@plumb/protocol'
import { setConnectionMetadata } from '@plumb/store'
import type { DeployedFunction } from '@plumb/store'
import type { ConnectionStore } from '../connections/integrations.js'
import { executeFunction } from '../execution/execute-function.js'
import type { ActionCall, FunctionServices } from '../execution/function-services.js'
import { storedLocks } from '../execution/stored-locks.js'
import type { ConnectionGateway, Gateway } from '../gateway/connection-gateway.js'
import type { LogWriter, OperationLog } from '../logs/log-writer.js'
import type { RunnerPool } from '../runner/runner-pool.js'
import { actionFailure, actionOutcome, failedBefore } from './action-outcome.js'
import type { ActionOrder, ActionOutcome } from './actions.js'

export type ActionParts = {
  readonly store: Pick<ConnectionStore, 'db'>
  readonly gateway: Gateway
  readonly pool: RunnerPool
  readonly logs: LogWriter
  /** What the product supplies to functions, beside calling other actions. */
  readonly services?: (
    order: Pick<ActionOrder, 'environment' | 'integrationKey' | 'connectionId'>,
  ) => FunctionServices | Promise<FunctionServices>
  /** How long one attempt may take, in milliseconds. Default two minutes. */
  readonly deadlineMs?: number
  /** The same for actions that run later. Default ten minutes. */
  readonly queuedDeadlineMs?: number
}

export type FunctionFinder = (
  order: Pick<ActionOrder, 'environment' | 'integrationKey' | 'action'>,
) => Promise<DeployedFunction>

export type Attempt = ActionOrder & {
  readonly deadlineMs: number
  /** Awaited before the account may be changed for the first time; what it throws stops the change. */
  readonly beforeWrite?: () => Promise<void>
  /** How many actions have called one another to get here. */
  readonly depth?: number
}

const defaultDeepest = 8

/** Runs actions once each, with a log of their own. */
export class ActionRunner {
  readonly #parts: ActionParts
  readonly #find: FunctionFinder

  constructor(parts: ActionParts, find: FunctionFinder) {
    this.#parts = parts
    this.#find = find
  }

  /** Throws PlumbErrors `connection-unknown`, `function-not-found`, `provider-unknown` and those of the sandbox. */
  async run(attempt: Attempt): Promise<ActionOutcome> {
    const { environment, integrationKey, connectionId, action } = attempt
    const log = this.#parts.logs.start({
      ...{ environment, integrationKey, connectionId, kind: 'action', name: action },
    })
    try {
      const outcome = await this.#execute(attempt, log)
      tellEnd(log, outcome)
      return outcome
    } catch (error) {
      tellEnd(log, failedBefore(asPlumbError(error), log.id))
      throw error
    }
  }

  async #execute(attempt: Attempt, log: OperationLog): Promise<ActionOutcome> {
    const { pool, store } = this.#parts
    const [deployed, gateway, given] = await Promise.all([
      this.#find(attempt),
      this.#gatewayOf(attempt, log),
      this.#parts.services?.(attempt) ?? {},
    ])
    const { compiled, allow } = deployed
    const { connection } = gateway
    const execution: Execution = await executeFunction({
      ...{ pool, gateway, compiled, purpose: 'execution', log },
      input: attempt.input,
      credentialAccess: allow.credentials ? 'allowed' : 'refused',
      outsideCalls: allow.uncontrolledFetch ? 'allowed' : 'refused',
      services: { ...given, triggerAction: (call, signal) => this.#trigger(attempt, call, signal) },
      otherConnection: (key) => this.#gatewayOf({ ...attempt, ...key }, log),
      keepMetadata: (metadata: JsonObject) =>
        setConnectionMetadata(store.db, { ...connection, metadata }),
      locks: storedLocks(store.db, connection),
      deadlineMs: attempt.deadlineMs,
      nested: (attempt.depth ?? 0) > 0,
      ...(attempt.signal && { signal: attempt.signal }),
      ids: { executionId: log.id },
    })
    return actionOutcome(attempt.action, execution.outcome, log.id)
  }

  #gatewayOf(attempt: Attempt, log: OperationLog): Promise<ConnectionGateway> {
    const { environment, integrationKey, connectionId, beforeWrite } = attempt
    return this.#parts.gateway.forConnection({
      ...{ environment, integrationKey, connectionId, purpose: 'execution', log },
      executionId: log.id,
      ...(beforeWrite && { beforeWrite }),
    })
  }

  /** An action that another one calls: its output, or its failure as an error. */
  async #trigger(from: Attempt, call: ActionCall, signal: AbortSignal): Promise<unknown> {
    const { environment, deadlineMs, beforeWrite, depth = 0 } = from
    if (depth >= defaultDeepest) throw tooDeep(call.action)
    const outcome = await this.run({
      ...{ environment, deadlineMs, depth: depth + 1, ...call, signal },
      ...(beforeWrite && { beforeWrite }),
    })
    if (outcome.kind === 'returned') return outcome.output
    throw actionFailure(outcome)
  }
}

function tellEnd(log: OperationLog, outcome: ActionOutcome): void {
  if (outcome.kind === 'returned') return log.finish({ state: 'success' })
  const { code, message, remedy, reason } = outcome
  log.finish({
    state: reason === 'aborted' ? 'cancelled' : 'failed',
    error: { code, message, remedy },
  })
}

function tooDeep(action: string): PlumbError {
  return new PlumbError({
    code: 'request-invalid',
    message: `The action "${action}" was not called: ${defaultDeepest} actions have called one another already.`,
    remedy: 'Look for actions that call each other in a circle.',
  })
}
