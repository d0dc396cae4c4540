import { PlumbError } from '@plumb/protocol'
import type { Json } from '@plumb/protocol'
import {
  claimActionCall,
  findActionCall,
  getActionCall,
  noteActionWrite,
  releaseActionCall,
  saveActionCall,
} from '@plumb/store'
import type { ActionCall } from '@plumb/store'
import { z } from 'zod'
import type { Engine, WorkflowRun } from '../engine/engine.js'
import { actionFailure, failedBefore } from './action-outcome.js'
import type { ActionOutcome, QueuedAction, QueuedActionOrder } from './actions.js'
import { failedForDatabase, keepAnswer } from './keep-answer.js'
import { claimLost, interrupted, newCall, refuseOther } from './keyed-actions.js'
import type { ActionParts, ActionRunner } from './run-action.js'

export type QueueParts = Pick<ActionParts, 'store'> & {
  readonly runner: Pick<ActionRunner, 'run'>
  readonly engine: Pick<Engine, 'define' | 'enqueue'>
  readonly owner: string
  readonly newId: () => string
  readonly deadlineMs: number
  /** Actions of this process that run later, at once. */
  readonly concurrency: number
  /** The same of one connection, over all processes. */
  readonly perConnection: number
  readonly random: () => number
  /** Told each answer, once it is kept. */
  readonly ended?: (call: ActionCall, outcome: ActionOutcome) => Promise<void>
}

const workflow = 'action'
const nameSchema = z.object({ environment: z.string(), id: z.string() })
const firstBackoffMs = 1000
const maxBackoffMs = 60_000

/** Actions that run later: kept first, then executed by the engine, which survives any process. */
export class QueuedActions {
  readonly #parts: QueueParts

  constructor(parts: QueueParts) {
    this.#parts = parts
    parts.engine.define({
      name: workflow,
      concurrency: parts.concurrency,
      perPartition: parts.perConnection,
      run: (input, run) => this.#work(input, run),
      abandoned: (input, error) => this.#abandon(input, error),
    })
  }

  /** Throws PlumbError `idempotency-conflict`. The same key with the same input is the same call. */
  async enqueue(order: QueuedActionOrder): Promise<{ id: string }> {
    const { store, engine, newId } = this.#parts
    const { environment, idempotencyKey, maxRetries = 0 } = order
    const call = { ...newCall(order, newId()), queued: true, maxRetries }
    let id = call.id
    if (!(await saveActionCall(store.db, call)) && idempotencyKey !== undefined) {
      const known = await findActionCall(store.db, { environment, idempotencyKey })
      if (known === null) return this.enqueue(order)
      refuseOther(known, order)
      id = known.id
      if (!known.queued) return { id }
    }
    const partition = JSON.stringify([environment, order.integrationKey, order.connectionId])
    await engine.enqueue(workflow, { environment, id }, { id: `action ${id}`, partition })
    return { id }
  }

  async get(name: { environment: string; id: string }): Promise<QueuedAction | null> {
    const call = await getActionCall(this.#parts.store.db, name)
    if (call === null) return null
    if (call.state !== 'done') return { state: call.state }
    return { state: 'done', outcome: call.outcome as ActionOutcome }
  }

  async #work(input: Json, run: WorkflowRun): Promise<null> {
    const name = nameSchema.parse(input)
    for (;;) {
      const call = await getActionCall(this.#parts.store.db, name)
      if (call === null || call.state === 'done') return null
      if (call.attempts > 0 && call.state === 'queued') await run.sleep(this.#backoff(call))
      run.assertOwned()
      await this.#attempt(call, run)
    }
  }

  #backoff({ attempts }: ActionCall): number {
    const backoff = Math.min(maxBackoffMs, firstBackoffMs * 2 ** (attempts - 1))
    return Math.round(backoff * (0.5 + this.#parts.random() / 2))
  }

  async #attempt(seen: ActionCall, run: WorkflowRun): Promise<void> {
    const { store, owner } = this.#parts
    const call = await claimActionCall(store.db, seen, owner)
    if (call === null) return
    const wasInterrupted = seen.state === 'running'
    if (wasInterrupted && call.wrote && call.attempts > call.maxRetries + 1) {
      return this.#finish(call, interrupted(call))
    }
    const outcome = await this.#run(call, run)
    // What ended because we are stopping has not ended: the next process goes on.
    if (run.signal.aborted && outcome.kind === 'failed') return run.signal.throwIfAborted()
    if (isRetried(outcome) && call.attempts <= call.maxRetries) {
      return releaseActionCall(store.db, call)
    }
    await this.#finish(call, outcome)
  }

  async #run(call: ActionCall, { signal }: WorkflowRun): Promise<ActionOutcome> {
    const { runner, store, deadlineMs } = this.#parts
    const { environment, integrationKey, connectionId, action, input } = call
    let noted = false
    const beforeWrite = async (): Promise<void> => {
      if (!noted && !(await noteActionWrite(store.db, call))) throw claimLost(action)
      noted = true
    }
    const outcome = await runner
      .run({
        ...{ environment, integrationKey, connectionId, action, input },
        ...{ signal, deadlineMs, beforeWrite },
      })
      .catch((error: unknown) => {
        if (error instanceof PlumbError && !signal.aborted) return failedBefore(error, call.id)
        throw error
      })
    // It has changed nothing, and is executed again when the database is back.
    const isVoid = !noted && failedForDatabase(outcome)
    if (isVoid && outcome.kind === 'failed') throw actionFailure(outcome)
    return outcome
  }

  async #finish(call: ActionCall, outcome: ActionOutcome): Promise<void> {
    const kept = await keepAnswer(this.#parts.store.db, { ...call, outcome })
    if (kept) await this.#parts.ended?.(call, outcome)
  }

  async #abandon(input: Json, error: { code: string; message: string; remedy: string }) {
    const { store, owner } = this.#parts
    const call = await getActionCall(store.db, nameSchema.parse(input))
    if (call === null || call.state === 'done') return
    const claim = await claimActionCall(store.db, call, owner)
    if (claim === null) return
    await this.#finish(claim, {
      ...interrupted(call),
      ...error,
      code: 'action-crashed',
    } as ActionOutcome)
  }
}

/** Whether another try may end otherwise: not what the function says on purpose, nor what does not match a schema. */
function isRetried(outcome: ActionOutcome): boolean {
  if (outcome.kind === 'returned') return false
  if (outcome.code === 'access-lost') return false
  return !['action-error', 'validation', 'plumb-error', 'protocol', 'memory'].includes(
    outcome.reason,
  )
}
