import { randomUUID } from 'node:crypto'
import type { Database } from '@plumb/store'
import type { Engine } from '../engine/engine.js'
import { systemClock } from '../gateway/clock.js'
import type { Clock } from '../gateway/clock.js'
import type { Actions } from './actions.js'
import { openFunctionFinder } from './function-finder.js'
import { KeyedActions } from './keyed-actions.js'
import { openOwnerLock } from './owner-lock.js'
import { QueuedActions } from './queued-actions.js'
import type { QueueParts } from './queued-actions.js'
import { ActionRunner } from './run-action.js'
import type { ActionParts } from './run-action.js'

export type OpenActionsOptions = ActionParts &
  Partial<Pick<QueueParts, 'concurrency' | 'perConnection' | 'ended'>> & {
    readonly store: { readonly db: Database }
    /** Not started yet: actions that run later are defined in it. */
    readonly engine: Pick<Engine, 'define' | 'enqueue'>
    readonly clock?: Clock
    readonly newId?: () => string
    readonly random?: () => number
  }

const defaultDeadlineMs = 120_000
const defaultQueuedDeadlineMs = 600_000

/** Opens what runs actions; nothing is asked of the database before the first one. */
export function openActions(options: OpenActionsOptions): Actions {
  const { store, clock = systemClock, newId = randomUUID, random = Math.random } = options
  const { deadlineMs = defaultDeadlineMs, queuedDeadlineMs = defaultQueuedDeadlineMs } = options
  const finder = openFunctionFinder(store.db, () => clock.now())
  const runner = new ActionRunner(options, finder.find)
  const owner = openOwnerLock(store.db, newId)
  const keyed = new KeyedActions({ store, runner, owner, clock, newId, deadlineMs })
  const queued = new QueuedActions({
    ...{ store, runner, newId, random, engine: options.engine, owner: newId() },
    deadlineMs: queuedDeadlineMs,
    concurrency: options.concurrency ?? 8,
    perConnection: options.perConnection ?? 4,
    ...(options.ended && { ended: options.ended }),
  })
  return {
    run: ({ idempotencyKey, ...order }) =>
      idempotencyKey === undefined
        ? runner.run({ ...order, deadlineMs })
        : keyed.run({ ...order, idempotencyKey }),
    enqueue: (order) => queued.enqueue(order),
    get: (name) => queued.get(name),
    async close() {
      finder.close()
      await owner.close()
    },
  }
}
