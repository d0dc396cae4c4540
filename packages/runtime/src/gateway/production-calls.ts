import type { OperationLog } from '../logs/log-writer.js'
import { logCall } from './call-log.js'
import type { LoggedCall } from './call-log.js'
import type { CallContext } from './connection-gateway.js'
import type { ConnectionLimits, Place } from './connection-limits.js'

/** Below this a wait is nothing to tell. */
const shortWaitMs = 20

/** What surrounds the calls of an execution: the limits of its connection, its log, and its first write. */
export class ProductionCalls {
  readonly #limits: ConnectionLimits
  readonly #log: OperationLog | undefined
  readonly #beforeWrite: CallContext['beforeWrite']

  constructor(limits: ConnectionLimits, context: Pick<CallContext, 'log' | 'beforeWrite'>) {
    this.#limits = limits
    this.#log = context.log
    this.#beforeWrite = context.beforeWrite
  }

  /** Whether calls are told to a log, and so leave no receipts. */
  get logs(): boolean {
    return this.#log !== undefined
  }

  /** Waits until the call may be made. The caller gives the place back. */
  async enter(call: { readonly write: boolean }, signal?: AbortSignal): Promise<Place> {
    if (call.write) await this.#beforeWrite?.()
    const place = await this.#limits.take(signal)
    if (place.waitedMs >= shortWaitMs) this.#tellWait(place.waitedMs)
    return place
  }

  tell(made: LoggedCall): void {
    if (this.#log !== undefined) logCall(this.#log, made)
  }

  #tellWait(waitedMs: number): void {
    this.#log?.message({
      level: 'info',
      text: `Waited ${waitedMs} ms for the rate limit of the connection.`,
      details: { waitedMs },
    })
  }
}
