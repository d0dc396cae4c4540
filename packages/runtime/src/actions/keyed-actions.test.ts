import { randomUUID } from 'node:crypto'
import { PlumbError } from '@plumb/protocol'
import {
  claimActionCall,
  findActionCall,
  finishActionCall,
  noteActionWrite,
  saveActionCall,
} from '@plumb/store'
import { openTestDatabase } from '@plumb/store/testing'
import type { TestDatabase } from '@plumb/store/testing'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { systemClock } from '../gateway/clock.js'
import { failedBefore } from './action-outcome.js'
import type { ActionOutcome } from './actions.js'
import { KeyedActions, newCall } from './keyed-actions.js'
import { openOwnerLock } from './owner-lock.js'
import type { OwnerLock } from './owner-lock.js'
import type { Attempt } from './run-action.js'

let db: TestDatabase
beforeAll(async () => {
  db = await openTestDatabase()
})
afterAll(() => db?.close())

const order = (idempotencyKey: string) => ({
  ...{ environment: 'dev', integrationKey: 'crm', connectionId: 'c', action: 'order' },
  ...{ input: 1, idempotencyKey },
})

it('repeats nothing of an owner that begins to write while it is taken for dead', async () => {
  const call = newCall(order('late'), 'late')
  await saveActionCall(db, { ...call, queued: false, maxRetries: 0 })
  const seen = { environment: 'dev', id: 'late', attempts: 0, state: 'queued' } as const
  const other = await claimActionCall(db, seen, 'other')
  if (other === null) throw new Error('The call was not there.')
  const owner: OwnerLock = {
    name: async () => 'this',
    lives: async () => !(await noteActionWrite(db, other)),
    close: async () => undefined,
  }
  let runs = 0
  const runner = {
    run: async (): Promise<ActionOutcome> => {
      runs += 1
      return { kind: 'returned', output: 1, operationId: 'o' }
    },
  }
  const parts = { store: { db } as never, runner, owner, clock: systemClock, newId: () => 'x' }
  const actions = new KeyedActions({ ...parts, deadlineMs: 60_000 })
  expect(await actions.run(order('late'))).toMatchObject({ code: 'action-interrupted' })
  expect(runs).toBe(0)
})

it('has an owner who lives also after its session was lost', async () => {
  const owner = openOwnerLock(db, () => 'this')
  const other = openOwnerLock(db, () => 'other', { againMs: 200, graceMs: 2500 })
  expect([await owner.name(), await other.lives('this')]).toEqual(['this', true])
  for (let n = 0; n < 3; n += 1) {
    const ended = await db.query(
      // Of one that is ended already the lock is gone, but it is listed for a moment.
      `select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and granted
       and database = (select oid from pg_database where datname = current_database())`,
    )
    expect(ended).toHaveLength(1)
    expect(await other.lives('this')).toBe(true)
  }
  await owner.close()
  expect(await other.lives('this')).toBe(false)
  await other.close()
})

const away = new PlumbError({ code: 'database-unavailable', message: 'away', remedy: 'Wait.' })
const returned: ActionOutcome = { kind: 'returned', output: 1, operationId: 'o' }

/** Actions whose database is away from the moment in which `run` says so, until it says otherwise. */
function actionsOf(run: (attempt: Attempt, isAway: (away: boolean) => void) => unknown) {
  let isAway = false
  const query: TestDatabase['query'] = (sql, params) =>
    isAway ? Promise.reject(away) : db.query(sql, params)
  const runner = {
    run: async (attempt: Attempt): Promise<ActionOutcome> =>
      (await run(attempt, (now) => (isAway = now))) as ActionOutcome,
  }
  const owner: OwnerLock = {
    name: async () => 'this',
    lives: async () => false,
    close: async () => undefined,
  }
  const store = { db: { ...db, query } } as never
  const parts = { store, runner, owner, clock: systemClock, newId: randomUUID, deadlineMs: 60_000 }
  return new KeyedActions(parts)
}

it('keeps an answer that came while the database was away', async () => {
  let runs = 0
  const actions = actionsOf(async (attempt, isAway) => {
    runs += 1
    await attempt.beforeWrite?.()
    isAway(true)
    setTimeout(() => isAway(false), 500)
    return returned
  })
  expect(await actions.run(order('kept'))).toEqual(returned)
  expect(await actions.run(order('kept'))).toEqual(returned)
  expect(runs).toBe(1)
})

it('keeps no answer of an action that changed nothing because the database was away', async () => {
  let runs = 0
  const actions = actionsOf(async (attempt, isAway) => {
    runs += 1
    isAway(runs === 1)
    const failed = await attempt.beforeWrite?.().catch((error: PlumbError) => error)
    return failed === undefined ? returned : failedBefore(failed, 'o')
  })
  expect(await actions.run(order('void'))).toMatchObject({ code: 'database-unavailable' })
  await db.query('select 1')
  const again = actionsOf(async (attempt) => {
    await attempt.beforeWrite?.()
    return returned
  })
  expect(await again.run(order('void'))).toEqual(returned)
})

it('answers with what another process made of a call that it has taken over', async () => {
  const other: ActionOutcome = { ...returned, output: 'of the other' }
  const actions = actionsOf(async () => {
    const seen = await findActionCall(db, order('taken'))
    if (seen === null) throw new Error('The call was not there.')
    const claim = await claimActionCall(db, seen, 'other')
    if (claim !== null) await finishActionCall(db, { ...claim, outcome: other })
    return returned
  })
  expect(await actions.run(order('taken'))).toEqual(other)
})
