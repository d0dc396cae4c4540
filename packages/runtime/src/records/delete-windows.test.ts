import { afterAll, beforeAll, expect, it } from 'vitest'
import { openRecordTests, some } from './testing/record-tests.js'
import type { RecordTests } from './testing/record-tests.js'

let tests: RecordTests
beforeAll(async () => {
  tests = await openRecordTests()
})
afterAll(() => tests?.close())

const ids = (records: readonly { id: string }[]) => records.map(({ id }) => id).sort()

it('survives executions: what any of them saved, updated or saved unchanged is kept', async () => {
  await tests.open('long').save('A', some(6))
  await tests.open('long').openDeleteWindow('A', { continued: false })
  await tests.open('long').save('A', some(2))
  const second = tests.open('long')
  await second.openDeleteWindow('A', { continued: true })
  await second.update('A', [{ id: '2', value: 'new' }])
  await second.save('A', some(1, 3, 'new'))
  const third = tests.open('long')
  expect(ids(await third.closeDeleteWindow('A', false))).toEqual(['4', '5'])
  expect(third.counts()).toEqual({ A: { added: 0, updated: 0, deleted: 2 } })
  expect(await tests.db.query('select 1 from plumb.record_seen')).toEqual([])
  await expect(third.closeDeleteWindow('A', true)).rejects.toThrow(/without trackDeletesStart/)
})

it('starts anew when a walk starts anew', async () => {
  const records = tests.open('anew')
  await records.save('A', some(4))
  await records.openDeleteWindow('A', { continued: false })
  await records.save('A', some(4))
  await records.openDeleteWindow('A', { continued: false })
  await records.save('A', some(3))
  expect(ids(await records.closeDeleteWindow('A', false))).toEqual(['3'])
})

it('has no end in time', async () => {
  let now = Date.parse('2026-01-01T00:00:00Z')
  const open = () => tests.open('slow', { now: () => now })
  await open().save('A', some(3))
  await open().openDeleteWindow('A', { continued: false })
  await open().save('A', some(1))
  now += 30 * 86_400_000
  await open().save('A', some(1, 1))
  expect(ids(await open().closeDeleteWindow('A', false))).toEqual(['2'])
})

it('refuses mass deletion, keeps everything and stays open; deleted records do not count', async () => {
  const records = tests.open('mass')
  await records.save('A', some(42))
  await records.delete('A', some(21))
  await records.openDeleteWindow('A', { continued: false })
  await records.save('A', some(10, 21))
  await expect(records.closeDeleteWindow('A', false)).rejects.toThrow(
    'Deleting 11 of 21 records of "A" was refused',
  )
  expect((await tests.read('mass')).filter(({ deletedAt }) => deletedAt === null)).toHaveLength(21)
  expect(await records.closeDeleteWindow('A', true)).toHaveLength(11)
})

it.each([
  [20, 0, 20],
  [21, 11, 10],
  [100, 50, 50],
])('of %i records of which %i were seen deletes %i', async (total, seen, deleted) => {
  const records = tests.open(`share ${total}`)
  await records.save('A', some(total))
  await records.openDeleteWindow('A', { continued: false })
  await records.save('A', some(seen))
  expect(await records.closeDeleteWindow('A', false)).toHaveLength(deleted)
})

it('lets what an execution did not save be deleted, unless it continued from a checkpoint', async () => {
  const records = tests.open('unsaved')
  await records.save('A', [...some(3), { id: 'nul\0', value: 'x' }])
  const seen = new Set(['0', 'nul\0'])
  const options = { confirmed: false, continued: false }
  await expect(records.deleteUnseen('A', seen, { ...options, continued: true })).rejects.toThrow(
    /continued from a checkpoint/,
  )
  expect(ids(await records.deleteUnseen('A', seen, options))).toEqual(['1', '2'])
  await records.save('A', some(30, 100))
  await expect(records.deleteUnseen('A', seen, options)).rejects.toThrow('Deleting 30 of 32')
})
