import { getOperation, saveOperations, slotLock } from '@plumb/store'
import type { Database } from '@plumb/store'
import { openTestDatabase } from '@plumb/store/testing'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { endLeftOperations, endOverdueOperations } from './lost-operations.js'

let db: Database
beforeAll(async () => {
  db = await openTestDatabase()
})
afterAll(() => db?.close())

const minuteMs = 60_000
const stateOf = async (id: string) => (await getOperation(db, { environment: 'dev', id }))?.state

async function running(id: string, kind: string, ageMs: number): Promise<void> {
  const owner = { environment: 'dev', integrationKey: null, connectionId: null, name: null }
  const startedAt = new Date(Date.now() - ageMs).toISOString()
  const now = { state: 'running', error: null, startedAt, finishedAt: null }
  await saveOperations(db, [{ id, kind, ...owner, ...now }])
}

beforeEach(async () => {
  await running('young', 'action', minuteMs)
  await running('old', 'action', 20 * minuteMs)
  await running('sync', 'sync', 20 * minuteMs)
  await running('old sync', 'sync', 80 * minuteMs)
})

test('what is too old for anybody to be doing it is ended, with a remedy', async () => {
  await endOverdueOperations(db, Date.now())
  const states = await Promise.all(['young', 'old', 'sync', 'old sync'].map(stateOf))
  expect(states).toEqual(['running', 'failed', 'running', 'failed'])
  expect(await getOperation(db, { environment: 'dev', id: 'old' })).toMatchObject({
    error: { code: 'operation-lost', remedy: expect.stringMatching(/\S/) },
    finishedAt: expect.any(String),
  })
})

test('a server that starts ends everything, unless another one serves', async () => {
  await db.query(
    `insert into plumb.engine_slots (slot, seen_at, backend_pid) values ('other-0', now(), 1)`,
  )
  const held = db.withLock(slotLock('other-0'), async () => {
    await endLeftOperations(db)
    return stateOf('old')
  })
  expect(await held).toBe('running')
  await endLeftOperations(db)
  const states = await Promise.all(['young', 'old', 'sync', 'old sync'].map(stateOf))
  expect(states).toEqual(['failed', 'failed', 'failed', 'failed'])
})

test('who was not gone tells its own end, and that holds', async () => {
  await endLeftOperations(db)
  await saveOperations(db, [
    {
      ...{ id: 'young', kind: 'action', environment: 'dev', state: 'success', error: null },
      ...{ integrationKey: null, connectionId: null, name: null },
      ...{ startedAt: new Date().toISOString(), finishedAt: new Date().toISOString() },
    },
  ])
  expect(await getOperation(db, { environment: 'dev', id: 'young' })).toMatchObject({
    state: 'success',
    error: null,
  })
})
