import { noteActionWrite, saveActionCall, claimActionCall } from '@plumb/store'
import { openTestDatabase } from '@plumb/store/testing'
import type { TestDatabase } from '@plumb/store/testing'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { systemClock } from '../gateway/clock.js'
import type { ActionOutcome } from './actions.js'
import { KeyedActions, newCall } from './keyed-actions.js'
import { openOwnerLock } from './owner-lock.js'
import type { OwnerLock } from './owner-lock.js'

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
  const actions = new KeyedActions({ ...parts, deadlineMs: 5000 })
  expect(await actions.run(order('late'))).toMatchObject({ code: 'action-interrupted' })
  expect(runs).toBe(0)
})

it('has an owner who lives also after its session was lost', async () => {
  const owner = openOwnerLock(db, () => 'this')
  const other = openOwnerLock(db, () => 'other')
  expect([await owner.name(), await other.lives('this')]).toEqual(['this', true])
  await db.query(
    `select pg_terminate_backend(pid) from pg_stat_activity
     where datname = current_database() and query like 'select pg_advisory_lock%'`,
  )
  await expect.poll(() => other.lives('this')).toBe(false)
  await expect
    .poll(async () => {
      await owner.name()
      return other.lives('this')
    })
    .toBe(true)
  await owner.close()
  expect(await other.lives('this')).toBe(false)
  await other.close()
})
