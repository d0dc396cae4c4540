import { randomUUID } from 'node:crypto'
import { listSecretKeys, revokeSecretKey, saveSecretKey } from '@plumb/store'
import { openTestDatabase } from '@plumb/store/testing'
import type { TestDatabase } from '@plumb/store/testing'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { KnownKeys } from './known-keys.js'

let db: TestDatabase
const at = '2026-01-01T00:00:00.000Z'
const clock = { now: Date.parse('2026-02-01T00:00:00.000Z') }

beforeAll(async () => {
  db = await openTestDatabase()
})
afterAll(() => db.close())

async function savedKey(): Promise<{ id: string; hash: string }> {
  const [id, hash] = [randomUUID(), randomUUID()]
  const key = { id, environment: 'dev', name: id, scopes: ['*'], createdAt: at } as const
  await saveSecretKey(db, { ...key, lastUsedAt: null, revokedAt: null }, hash)
  return { id, hash }
}

function openKeys(): { keys: KnownKeys; asked: () => number } {
  const query = vi.spyOn(db, 'query')
  const asked = (): number =>
    query.mock.calls.filter(([sql]) => sql.includes('from plumb.secret_keys')).length
  return { keys: new KnownKeys({ db, now: () => clock.now }), asked }
}

const patience = { timeout: 60_000 }

async function lastUse(id: string): Promise<string | null | undefined> {
  return (await listSecretKeys(db, 'dev')).find((key) => key.id === id)?.lastUsedAt
}

test('a key is read once for many requests, and its use is noted once a minute', async () => {
  const { id, hash } = await savedKey()
  const { keys, asked } = openKeys()
  const before = asked()
  for (let n = 0; n < 20; n += 1) expect(await keys.use(hash)).toMatchObject({ id })
  expect(asked() - before).toBe(1)
  await vi.waitFor(async () => expect(await lastUse(id)).toBe('2026-02-01T00:00:00.000Z'), patience)
  clock.now += 61_000
  await keys.use(hash)
  await vi.waitFor(async () => expect(await lastUse(id)).toBe('2026-02-01T00:01:01.000Z'), patience)
  keys.close()
})

test('a key that another process revokes is not taken any more, though it was a moment ago', async () => {
  const { id, hash } = await savedKey()
  const { keys } = openKeys()
  expect(await keys.use(hash)).toMatchObject({ id })
  await revokeSecretKey(db, { environment: 'dev', id, at })
  await vi.waitFor(async () => expect(await keys.use(hash)).toBeNull(), patience)
  keys.close()
})

test('a key that was not known is looked for again', async () => {
  const { keys } = openKeys()
  const hash = randomUUID()
  expect(await keys.use(hash)).toBeNull()
  const key = {
    id: 'late',
    environment: 'dev',
    name: 'late',
    scopes: ['*'],
    createdAt: at,
  } as const
  await saveSecretKey(db, { ...key, lastUsedAt: null, revokedAt: null }, hash)
  expect(await keys.use(hash)).toMatchObject({ id: 'late' })
  keys.close()
})
