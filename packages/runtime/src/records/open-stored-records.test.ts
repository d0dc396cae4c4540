import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openTestDatabase } from '@plumb/store/testing'
import type { TestDatabase } from '@plumb/store/testing'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openKeys } from '../keys/open-keys.js'
import type { Keys } from '../keys/open-keys.js'
import { openStoredRecords } from './open-stored-records.js'

let db: TestDatabase
let keys: Keys
let root: string

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'plumb-records-'))
  keys = await openKeys(join(root, 'keys'))
  db = await openTestDatabase()
})
afterAll(async () => {
  await db?.close()
  await rm(root, { recursive: true, force: true })
})

it('works', async () => {
  const records = openStoredRecords(
    { db, keys },
    { environment: 'dev', integrationKey: 'i', connectionId: 'c', variant: 'base' },
  )
  await records.save('A', [
    { id: '1', a: 1 },
    { id: '2', b: '\0\u0001x' },
  ])
  expect(records.counts()).toEqual({ A: { added: 2, updated: 0, deleted: 0 } })
  expect(await records.get('A', ['1', '2'])).toEqual([
    { id: '1', a: 1 },
    { id: '2', b: '\0\u0001x' },
  ])
})
