import { PlumbError } from '@plumb/protocol'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTestDatabase, type TestDatabase } from '../testing/index.js'
import { explainDatabaseError } from './explain-database-error.js'

let db: TestDatabase
beforeAll(async () => {
  db = await openTestDatabase()
  await db.query('create table numbers (n int)')
})
afterAll(() => db.close())

const count = async () => (await db.query('select n from numbers')).length

test('values have the types the rest of the code expects', async () => {
  const [row] = await db.query(
    `select 5000000000::bigint as big, 1.5::numeric as exact, '2026-01-01 02:00+02'::timestamptz as at,
       '{"b":1,"a":2}'::json as document, null as nothing`,
  )
  expect(row).toEqual({
    big: 5_000_000_000,
    exact: 1.5,
    at: '2026-01-01T00:00:00.000Z',
    document: { b: 1, a: 2 },
    nothing: null,
  })
})

test('a transaction commits as a whole, or leaves nothing and passes the error on', async () => {
  await db.transaction((tx) => tx.query('insert into numbers values (1), (2)'))
  expect(await count()).toBe(2)
  const own = Object.assign(new Error('mine'), { code: 'ENOENT' })
  const failed = db.transaction(async (tx) => {
    await tx.query('insert into numbers values (3)')
    throw own
  })
  await expect(failed).rejects.toBe(own)
  expect(await count()).toBe(2)
})

test('a session that dies in a transaction does not poison the pool', async () => {
  const killed = db.transaction(async (tx) => {
    const [row] = await tx.query<{ pid: number }>('select pg_backend_pid() as pid')
    await db.query('select pg_terminate_backend($1)', [row?.pid])
    await tx.query('select 1')
  })
  await expect(killed).rejects.toMatchObject({ code: 'database-unavailable' })
  const answers = await Promise.all(Array.from({ length: 20 }, () => db.query('select 1')))
  expect(answers).toHaveLength(20)
})

test('a lock is held by one at a time and given back on errors', async () => {
  let inside = 0
  let most = 0
  const enter = () =>
    db.withLock('one', async (session) => {
      most = Math.max(most, ++inside)
      await session.query('select pg_sleep(0.002)')
      inside--
    })
  await Promise.all(Array.from({ length: 15 }, enter))
  expect(most).toBe(1)
  await expect(db.withLock('one', () => Promise.reject(new Error('mine')))).rejects.toThrow('mine')
  await enter()
})

test('a lock that is held can be refused instead of waited for, and is free again afterwards', async () => {
  const inner = await db.withLock('busy', () => db.tryLock('busy', async () => 'never'))
  expect(inner).toEqual({ kind: 'held' })
  expect(await db.tryLock('busy', async () => 'in')).toEqual({ kind: 'done', value: 'in' })
  await expect(db.tryLock('busy', () => Promise.reject(new Error('mine')))).rejects.toThrow('mine')
  expect(await db.tryLock('busy', async () => 'in')).toMatchObject({ kind: 'done' })
})

test('locks of different names do not wait for each other', async () => {
  const result = await db.withLock('outer', () => db.withLock('inner', async () => 'in'))
  expect(result).toBe('in')
})

test('each kind of trouble gets its own code, and what is no trouble of the machine stays as it is', () => {
  const coded = (code: string) => Object.assign(new Error('reason'), { code })
  const codeOf = (code: string) => {
    const explained = explainDatabaseError(coded(code), '/data')
    return explained instanceof PlumbError ? explained.code : null
  }
  expect(['53100', 'ENOSPC', 'ECONNREFUSED', '28P01', '23505'].map(codeOf)).toEqual([
    'disk-full',
    'disk-full',
    'database-unavailable',
    'database-unavailable',
    null,
  ])
})
