import { PlumbError } from '@plumb/protocol'
import { openTestDatabase } from '@plumb/store/testing'
import type { TestDatabase } from '@plumb/store/testing'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { WorkflowDefinition, WorkflowRun } from '../engine/engine.js'
import { failedBefore } from './action-outcome.js'
import type { ActionOutcome } from './actions.js'
import { QueuedActions } from './queued-actions.js'
import type { Attempt } from './run-action.js'

let db: TestDatabase
beforeAll(async () => {
  db = await openTestDatabase()
})
afterAll(() => db?.close())

const order = {
  ...{ environment: 'dev', integrationKey: 'crm', connectionId: 'c', action: 'order' },
  input: 1,
}
const away = new PlumbError({ code: 'database-unavailable', message: 'away', remedy: 'Wait.' })
const returned: ActionOutcome = { kind: 'returned', output: 1, operationId: 'o' }

/** A queue whose engine does what it is asked to, when `execute` is called. */
async function queueOf(run: (attempt: Attempt, signal: AbortController) => Promise<ActionOutcome>) {
  let workflow: WorkflowDefinition | undefined
  let given: unknown
  const signal = new AbortController()
  const queue = new QueuedActions({
    ...{ store: { db }, owner: 'this', newId: () => crypto.randomUUID() },
    ...{ random: () => 0, deadlineMs: 5000, concurrency: 1, perConnection: 1 },
    runner: { run: (attempt) => run(attempt, signal) },
    engine: {
      define: (definition) => void (workflow = definition),
      enqueue: async (_name, input) => void (given = input),
    },
  })
  const { id } = await queue.enqueue(order)
  const place = { id, signal: signal.signal, assertOwned: () => undefined }
  return {
    execute: async () => workflow?.run(given as never, place as unknown as WorkflowRun),
    state: () => queue.get({ environment: 'dev', id }),
  }
}

it('is executed again when it changed nothing because the database was away', async () => {
  let runs = 0
  const queue = await queueOf(async () => ((runs += 1) === 1 ? failedBefore(away, 'o') : returned))
  await expect(queue.execute()).rejects.toMatchObject({ code: 'database-unavailable' })
  expect(await queue.state()).toEqual({ state: 'running' })
  await queue.execute()
  expect(await queue.state()).toEqual({ state: 'done', outcome: returned })
})

it('is not repeated when it had begun to change the account', async () => {
  let runs = 0
  const queue = await queueOf(async ({ beforeWrite }) => {
    runs += 1
    await beforeWrite?.()
    return failedBefore(away, 'o')
  })
  await queue.execute()
  expect(await queue.state()).toMatchObject({ outcome: { code: 'database-unavailable' } })
  expect(runs).toBe(1)
})

it('keeps what it returned, also when its process is no longer sure of its slot', async () => {
  const queue = await queueOf(async ({ beforeWrite }, signal) => {
    await beforeWrite?.()
    signal.abort(new Error('lost'))
    return returned
  })
  await queue.execute()
  expect(await queue.state()).toEqual({ state: 'done', outcome: returned })
})
