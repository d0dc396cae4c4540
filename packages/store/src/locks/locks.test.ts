import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openTestDatabase } from '../testing/index.js'
import type { TestDatabase } from '../testing/index.js'
import { acquireLock, deleteExpiredLocks, releaseLocks } from './locks.js'

let db: TestDatabase
const place = { environment: 'dev', integrationKey: 'crm', connectionId: 'c1' }
const minute = 60_000

beforeAll(async () => {
  db = await openTestDatabase()
})
beforeEach(() => db.query('delete from plumb.locks'))
afterAll(() => db?.close())

const take = (owner: string, o: { key?: string; ttlMs?: number } & Partial<typeof place> = {}) =>
  acquireLock(db, { ...place, key: 'k', ttlMs: minute, ...o, owner })
const free = (owner: string, ...keys: string[]) => releaseLocks(db, { ...place, owner, keys })
/** The time of every lock is up. */
const expire = () => db.query(`update plumb.locks set expires_at = now() - interval '1 second'`)

describe('a lock', () => {
  it('has one owner, who may take it again and is the only one to free it', async () => {
    expect([await take('a'), await take('b'), await take('a')]).toEqual([true, false, true])
    expect([await free('b', 'k'), await take('b')]).toEqual([false, false])
    expect([await free('a', 'k'), await take('b')]).toEqual([true, true])
  })

  it('is extended by its owner, and not shortened by others', async () => {
    await take('a', { ttlMs: 1 })
    await take('a', { ttlMs: 60 * minute })
    await take('b', { ttlMs: 1 })
    const [lock] = await db.query<{ left: number }>(
      `select extract(epoch from expires_at - now()) as left from plumb.locks`,
    )
    expect(lock?.left).toBeGreaterThan(1800)
  })

  it('whose time is up is taken over, and no longer its old owner’s', async () => {
    await take('a')
    await expire()
    expect([await take('b'), await free('a', 'k'), await take('a')]).toEqual([true, false, false])
    await expire()
    expect(await free('b', 'k')).toBe(false)
    expect(await take('b', { ttlMs: 0.5 })).toBe(true)
  })

  it('is another one in another environment, integration or connection', async () => {
    const others = [{ environment: 'prod' }, { integrationKey: 'x' }, { connectionId: 'c2' }, {}]
    const taken = others.map((other, n) => take(String(n), other))
    expect(await Promise.all(taken)).toEqual([true, true, true, true])
  })

  it('goes to one of many who want it at once, also when its time is up', async () => {
    const owners = Array.from({ length: 40 }, (_, n) => `o${n}`)
    for (const round of [1, 2]) {
      const taken = await Promise.all(owners.map((owner) => take(`${owner} ${round}`)))
      expect(taken.filter(Boolean)).toHaveLength(1)
      await expire()
    }
  })
})

it('of several locks frees those that the owner has', async () => {
  for (const key of ['a', 'b']) await take('me', { key })
  await take('you', { key: 'c' })
  expect(await free('me', 'a', 'b', 'c', 'd')).toBe(true)
  expect(await db.query('select key from plumb.locks')).toEqual([{ key: 'c' }])
})

it('forgets what has expired, and nothing else', async () => {
  for (const key of ['a', 'b']) await take('me', { key })
  await expire()
  await take('me', { key: 'c' })
  await deleteExpiredLocks(db)
  expect(await db.query('select key from plumb.locks')).toEqual([{ key: 'c' }])
})
