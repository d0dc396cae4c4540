import { createHash } from 'node:crypto'
import { canonicalJson, PlumbError } from '@plumb/protocol'
import {
  claimActionCall,
  findActionCall,
  forgetActionCall,
  isDatabaseAway,
  noteActionWrite,
  saveActionCall,
} from '@plumb/store'
import type { ActionCall } from '@plumb/store'
import type { Clock } from '../gateway/clock.js'
import type { ActionOrder, ActionOutcome } from './actions.js'
import { failedForDatabase, keepAnswer } from './keep-answer.js'
import type { OwnerLock } from './owner-lock.js'
import type { ActionParts, ActionRunner, Attempt } from './run-action.js'

export type KeyedOrder = ActionOrder & { readonly idempotencyKey: string }

type Parts = Pick<ActionParts, 'store'> & {
  readonly runner: Pick<ActionRunner, 'run'>
  readonly owner: OwnerLock
  readonly clock: Clock
  readonly newId: () => string
  readonly deadlineMs: number
}

/** Between two looks at what another process works on. */
const pollMs = 250

/**
 * Actions with an idempotency key. The first request runs, equal ones get its answer: those in this process from its
 * promise, those of others from the database. A process that died before it changed anything is stepped in for.
 */
export class KeyedActions {
  readonly #parts: Parts
  readonly #running = new Map<string, Promise<unknown>>()

  constructor(parts: Parts) {
    this.#parts = parts
  }

  /** Throws PlumbErrors `idempotency-conflict`, `idempotency-in-progress`, `cancelled`, and those of running. */
  async run(order: KeyedOrder): Promise<ActionOutcome> {
    const { clock, deadlineMs } = this.#parts
    const key = JSON.stringify([order.environment, order.idempotencyKey])
    const until = clock.now() + deadlineMs
    for (;;) {
      const call = await this.#callOf(order)
      refuseOther(call, order)
      if (call.state === 'done') return call.outcome as ActionOutcome
      const own = this.#running.get(key)
      if (own === undefined) {
        const outcome = await this.#begin(key, call, order)
        if (outcome !== null) return outcome
      }
      if (clock.now() >= until) throw inProgress(order)
      await abortable(own ?? clock.wait(pollMs, order.signal), order.signal)
    }
  }

  async #callOf(order: KeyedOrder): Promise<ActionCall> {
    const { db } = this.#parts.store
    for (;;) {
      const known = await findActionCall(db, order)
      if (known !== null) return known
      await saveActionCall(db, {
        ...newCall(order, this.#parts.newId()),
        queued: false,
        maxRetries: 0,
      })
    }
  }

  /** Runs the call when nobody else does. Null when somebody does, or when it has to be looked at again. */
  async #begin(key: string, call: ActionCall, order: KeyedOrder): Promise<ActionOutcome | null> {
    if (call.queued) return null
    if (call.state === 'running' && (await this.#parts.owner.lives(call.owner))) return null
    if (this.#running.has(key)) return null
    const work = this.#claimAndRun(call, order)
    const settled = work.catch(() => undefined).finally(() => this.#running.delete(key))
    this.#running.set(key, settled)
    return work
  }

  async #claimAndRun(call: ActionCall, order: KeyedOrder): Promise<ActionOutcome | null> {
    const { store, owner } = this.#parts
    const claim = await claimActionCall(store.db, call, await owner.name())
    if (claim === null) return null
    // As it is now: its process may have begun to write after we saw the call.
    if (call.state === 'running' && claim.wrote) return this.#finish(claim, interrupted(call))
    const wrote = { value: false }
    try {
      const outcome = await this.#parts.runner.run(this.#attempt(order, claim, wrote))
      if (wrote.value || !saysNothing(outcome)) return await this.#finish(claim, outcome)
      await this.#forget(claim)
      return outcome
    } catch (error) {
      // It was refused before it began, so the key is free for a better request.
      if (!wrote.value) await this.#forget(claim)
      throw error
    }
  }

  /** While the database is away nothing is forgotten: a call of this process that changed nothing runs again. */
  async #forget(claim: ActionCall): Promise<void> {
    await forgetActionCall(this.#parts.store.db, claim).catch((error: unknown) => {
      if (!isDatabaseAway(error)) throw error
    })
  }

  #attempt(order: KeyedOrder, claim: ActionCall, wrote: { value: boolean }): Attempt {
    return {
      ...order,
      deadlineMs: this.#parts.deadlineMs,
      beforeWrite: async () => {
        if (wrote.value) return
        if (!(await noteActionWrite(this.#parts.store.db, claim))) throw claimLost(order.action)
        wrote.value = true
      },
    }
  }

  /** Null when another process has taken the call over: its answer is everybody's. */
  async #finish(claim: ActionCall, outcome: ActionOutcome): Promise<ActionOutcome | null> {
    return (await keepAnswer(this.#parts.store.db, { ...claim, outcome })) ? outcome : null
  }
}

/** The row of a new call. */
export function newCall(order: ActionOrder, id: string) {
  const { environment, integrationKey, connectionId, action, input, idempotencyKey } = order
  const asked = canonicalJson([integrationKey, connectionId, action, input ?? null])
  const requestHash = createHash('sha256').update(asked).digest('hex')
  return {
    ...{ environment, id, integrationKey, connectionId, action, input, requestHash },
    idempotencyKey: idempotencyKey ?? null,
  }
}

/** Throws PlumbError `idempotency-conflict` when the key of `order` belongs to another request. */
export function refuseOther(known: ActionCall, order: ActionOrder): void {
  if (known.requestHash === newCall(order, '').requestHash) return
  throw new PlumbError({
    code: 'idempotency-conflict',
    message: `The idempotency key "${order.idempotencyKey ?? ''}" was used for another request, of action "${known.action}".`,
    remedy: 'Use a new key for each request, and the same key only to repeat one exactly.',
  })
}

/** What is told of a call whose process died after it had begun to change the account. */
export function interrupted({ id, action }: Pick<ActionCall, 'id' | 'action'>): ActionOutcome {
  return {
    kind: 'failed',
    reason: 'crash',
    code: 'action-interrupted',
    message: `Plumb was killed while "${action}" ran, after it had begun to change the account.`,
    remedy:
      'Look at what it changed. Then call it with another idempotency key, or allow repetitions with X-Max-Retries.',
    payload: null,
    status: null,
    operationId: id,
  }
}

export function claimLost(action: string): PlumbError {
  return new PlumbError({
    code: 'cancelled',
    message: `Another process has taken "${action}" over, so this one may change nothing any more.`,
    remedy: 'Nothing: the other process goes on with it.',
  })
}

/** Whether the same request may end otherwise, if it has changed nothing. */
function saysNothing(outcome: ActionOutcome): boolean {
  return failedForDatabase(outcome) || (outcome.kind === 'failed' && outcome.reason === 'aborted')
}

function inProgress({ idempotencyKey }: KeyedOrder): PlumbError {
  return new PlumbError({
    code: 'idempotency-in-progress',
    message: `The first request with the idempotency key "${idempotencyKey}" has not ended yet.`,
    remedy: 'Send the request again in a moment, with the same key.',
  })
}

/** Waits for work of somebody else, and no longer than our own caller does. */
async function abortable(work: Promise<unknown>, signal: AbortSignal | undefined): Promise<void> {
  if (signal === undefined) return void (await work)
  signal.throwIfAborted()
  let leave: () => void = () => undefined
  const left = new Promise<never>((_resolve, reject) => {
    leave = () => reject(signal.reason as Error)
    signal.addEventListener('abort', leave, { once: true })
  })
  await Promise.race([work, left]).finally(() => signal.removeEventListener('abort', leave))
}
