import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openDatabase } from '@plumb/store'
import type { Database } from '@plumb/store'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openKeys } from '../keys/open-keys.js'
import type { Keys } from '../keys/open-keys.js'
import { measureRecords } from './measure-records.js'
import { openStoredRecords } from './open-stored-records.js'

let root: string
let db: Database
let keys: Keys

// A server of its own: on a shared one, others write meanwhile.
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'plumb-unchanged-'))
  db = await openDatabase({ dataDir: join(root, 'data') })
  keys = await openKeys(join(root, 'keys'))
})
afterAll(async () => {
  await db?.close()
  await rm(root, { recursive: true, force: true })
})

const owner = { environment: 'dev', integrationKey: 'crm', connectionId: 'c' }

async function walOf(work: () => unknown): Promise<number> {
  const at = async () => {
    const [row] = await db.query<{ at: string }>('select pg_current_wal_insert_lsn()::text as at')
    return row?.at
  }
  const before = await at()
  await work()
  const after = await at()
  const [row] = await db.query<{ bytes: number }>('select $1::pg_lsn - $2::pg_lsn as bytes', [
    after,
    before,
  ])
  return row?.bytes ?? -1
}

it('what is unchanged writes no WAL at all, whatever the order of its members', async () => {
  const records = openStoredRecords({ db, keys }, { ...owner, variant: 'base' })
  const given = Array.from({ length: 1000 }, (_, n) => ({
    id: String(n),
    a: 1,
    b: { c: 2, d: [n] },
  }))
  const turned = given.map(({ id, b }) => ({ b: { d: b.d, c: 2 }, a: 1, id }))
  expect(await walOf(() => records.save('A', given))).toBeGreaterThan(100_000)
  const passes: number[] = []
  // The first reader of a page may note there that its writer has committed, and a vacuum may come by.
  for (let pass = 0; pass < 5 && passes.at(-1) !== 0; pass++) {
    passes.push(await walOf(() => records.save('A', turned)))
  }
  expect(passes.at(-1)).toBe(0)
  expect(records.counts()).toEqual({ A: { added: 1000, updated: 0, deleted: 0 } })
})

it('in a delete window, unchanged records write some bytes each', async () => {
  const records = openStoredRecords({ db, keys }, { ...owner, variant: 'window' })
  const given = Array.from({ length: 1000 }, (_, n) => ({ id: `long id number ${n}` }))
  await records.save('A', given)
  await records.openDeleteWindow('A', { continued: false })
  const bytes = await walOf(() => records.save('A', given))
  expect(bytes).toBeGreaterThan(8_000)
  expect(bytes).toBeLessThan(30_000)
})

it('that they were seen is kept in no log, however many they are', async () => {
  const order = { ...owner, variant: 'many', mostIds: 1000 }
  const records = openStoredRecords({ db, keys }, order)
  const given = Array.from({ length: 1000 }, (_, n) => ({ id: `long id number ${n}` }))
  await records.save('A', given)
  const bytes: number[] = []
  for (let pass = 0; pass < 5 && !(Number(bytes.at(-1)) < 1000); pass++) {
    bytes.push(await walOf(() => records.save('A', given)))
  }
  expect(bytes.at(-1)).toBeLessThan(1000)
  expect((await db.query('select 1 from plumb.execution_seen')).length).toBeGreaterThan(1)
  await records.end()
})

it('the measurement saves as many records as it was asked for, once', async () => {
  const measured = await measureRecords({ db, keys }, { ...owner, count: 2500 })
  expect(measured.fresh).toMatchObject({ records: 2500 })
  expect(measured.fresh.walBytes).toBeGreaterThan(2500 * 900)
  expect(measured.unchanged.walBytes).toBeLessThan(measured.fresh.walBytes / 10)
  expect(await db.query(`select live from plumb.record_streams where model = 'Contact'`)).toEqual([
    { live: 2500 },
  ])
})
