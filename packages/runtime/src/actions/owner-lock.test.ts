import { PlumbError } from '@plumb/protocol'
import type { Database } from '@plumb/store'
import { openTestDatabase } from '@plumb/store/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openOwnerLock } from './owner-lock.js'

let db: Awaited<ReturnType<typeof openTestDatabase>>

beforeAll(async () => {
  db = await openTestDatabase()
})

afterAll(() => db?.close())

const times = { againMs: 50, graceMs: 200 }
const away = new PlumbError({ code: 'database-unavailable', message: 'away', remedy: 'wait' })

/** A database that is away the first so many times that a lock is asked for. */
function awayAtFirst(refusals: number): Pick<Database, 'withLock' | 'tryLock'> {
  let left = refusals
  return {
    tryLock: (name, fn) => db.tryLock(name, fn),
    withLock: async (name, fn) => {
      left -= 1
      if (left >= 0) throw away
      return db.withLock(name, fn)
    },
  }
}

test('who asks just after the database was away has the lock, and others see it', async () => {
  const [one, other] = ['one', 'other'].map((id, n) =>
    openOwnerLock(awayAtFirst(1 - n), () => `${id} back`, times),
  )
  try {
    expect(await one?.name()).toBe('one back')
    expect(await other?.lives('one back')).toBe(true)
  } finally {
    await one?.close()
  }
  expect(await other?.lives('one back')).toBe(false)
  await other?.close()
})

test('who asks while the database is away is told', async () => {
  const lock = openOwnerLock(awayAtFirst(1000), () => 'never', times)
  await expect(lock.name()).rejects.toBe(away)
  await lock.close()
})
