import { abandonRecords, listRecordModels, saveConnection, saveIntegration } from '@plumb/store'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { retainRecords } from './retain-records.js'
import { openRecordTests, some } from './testing/record-tests.js'
import type { RecordTests } from './testing/record-tests.js'

let tests: RecordTests
beforeAll(async () => {
  tests = await openRecordTests()
})
afterAll(() => tests?.close())

const day = 86_400_000
const start = Date.parse('2026-01-01T00:00:00Z')
const ownerOf = (connectionId: string) => ({
  ...{ environment: 'dev', integrationKey: 'crm', connectionId },
})

it('payloads of deleted records are forgotten after a time, and those of others kept', async () => {
  let now = start
  const records = tests.open('old', { now: () => now })
  await records.save('A', some(3))
  await records.delete('A', [{ id: '0' }])
  now += 10 * day
  await records.delete('A', [{ id: '1' }])
  const retain = (at: number) => retainRecords(tests, { deletedPayloadDays: 7, now: at })
  expect(await retain(start + 6 * day)).toEqual({ pruned: 0, removed: 0 })
  expect(await retain(now)).toEqual({ pruned: 1, removed: 0 })
  expect(await retain(now)).toEqual({ pruned: 0, removed: 0 })
  const shown = await tests.read('old')
  expect(shown.map(({ payload, lastAction }) => [payload['value'], lastAction])).toEqual([
    ['x', 'ADDED'],
    [undefined, 'DELETED'],
    ['x', 'DELETED'],
  ])
})

it('records of a deleted connection are gone at once, and removed by and by', async () => {
  const at = new Date(start).toISOString()
  await saveIntegration(tests.db, 'dev', { integrationKey: 'crm', provider: 'p' })
  await saveConnection(tests.db, {
    ...{ ...ownerOf('leaving'), provider: 'p', state: 'ok', connectionConfig: {}, metadata: {} },
    ...{ createdAt: at, updatedAt: at, encryptedCredential: 'x', credentialVersion: 1 },
  })
  await tests.open('staying').save('A', some(2))
  const before = tests.open('leaving')
  await before.openDeleteWindow('A', { continued: false })
  await before.save('A', some(12))
  const cursor = (await tests.read('leaving')).at(-1)?.cursor ?? ''
  await tests.db.query(`delete from plumb.connections where connection_id = 'leaving'`)
  expect(await tests.read('leaving')).toEqual([])
  expect(
    await tests.db.query(
      'select encrypted_key from plumb.record_streams where abandoned_at is not null',
    ),
  ).toEqual([{ encrypted_key: '' }])
  await expect(before.save('A', some(1, 50))).rejects.toMatchObject({ code: 'connection-unknown' })
  // An account that is connected again under the same name has nothing of the old one, and old cursors still work.
  await tests.open('leaving').save('A', some(1, 99))
  expect(await tests.read('leaving', { cursor })).toMatchObject([{ payload: { id: '99' } }])
  expect(await retainRecords(tests, { deletedPayloadDays: 7, now: start })).toMatchObject({
    removed: 12,
  })
  expect(await tests.db.query('select count(*) as n from plumb.record_seen')).toEqual([{ n: 0 }])
  expect(await tests.read('staying')).toHaveLength(2)
  expect(await tests.read('leaving')).toHaveLength(1)
})

it('records that are given up start anew, by variant and model', async () => {
  const now = new Date(start).toISOString()
  await tests.open('reset').save('A', some(2))
  await tests.open('reset').save('B', some(1))
  await tests.open('reset', { variant: 'v' }).save('A', some(3))
  await abandonRecords(tests.db, { ...ownerOf('reset'), variant: 'base', models: ['A'] }, now)
  await tests.open('reset').save('A', some(1))
  const models = await listRecordModels(tests.db, ownerOf('reset'))
  expect(models.map(({ model, variant, count }) => [model, variant, count])).toEqual([
    ['A', 'base', 1],
    ['A', 'v', 3],
    ['B', 'base', 1],
  ])
})

it('ends when it is told to', async () => {
  const order = { deletedPayloadDays: 7, now: start, signal: AbortSignal.abort(new Error('stop')) }
  await expect(retainRecords(tests, order)).rejects.toThrow('stop')
})
