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
