import { hostname } from 'node:os'
import { openTestDatabase } from '@plumb/store/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { holdBuildLock } from './hold-build-lock.js'

let db: Awaited<ReturnType<typeof openTestDatabase>>
const { signal } = new AbortController()

beforeAll(async () => {
  db = await openTestDatabase()
})

afterAll(() => db.close())

test('a build waits for one that is ending, and then has the folder for itself', async () => {
  const order: string[] = []
  await holdBuildLock({ db, home: '/a', signal }, async () => {
    const second = holdBuildLock({ db, home: '/a', signal }, async () => order.push('second'))
    await new Promise((resolve) => setTimeout(resolve, 300))
    order.push('first')
    return { second }
  }).then(({ second }) => second)
  expect(order).toEqual(['first', 'second'])
})

test('a build that goes on is not disturbed, and another folder does not wait', async () => {
  await holdBuildLock({ db, home: '/b', signal }, async () => {
    const refused = holdBuildLock({ db, home: '/b', signal, patienceMs: 300 }, async () => 1)
    await expect(refused).rejects.toMatchObject({ code: 'build-running' })
    expect(await holdBuildLock({ db, home: '/c', signal }, async () => 2)).toBe(2)
  })
})

/** Of the session that holds the lock of a folder now. */
async function holder(home: string): Promise<number | null> {
  const [row] = await db.query<{ pid: number }>(
    `select pid from pg_locks where locktype = 'advisory' and granted
       and (classid::bigint << 32 | objid::bigint) = hashtextextended('plumb lock ' || $1, 0)`,
    [`build on ${hostname()} in ${home}`],
  )
  return row?.pid ?? null
}

test('a build whose session ends, as with a restart of the database, keeps the folder', async () => {
  await holdBuildLock({ db, home: '/d', signal }, async () => {
    const first = await holder('/d')
    expect(first).not.toBeNull()
    await db.query('select pg_terminate_backend($1)', [first])
    const isAnew = async () => ![first, null].includes(await holder('/d'))
    await expect.poll(isAnew, { timeout: 30_000 }).toBe(true)
    const refused = holdBuildLock({ db, home: '/d', signal, patienceMs: 300 }, async () => 1)
    await expect(refused).rejects.toMatchObject({ code: 'build-running' })
  })
  expect(await holdBuildLock({ db, home: '/d', signal }, async () => 3)).toBe(3)
})
