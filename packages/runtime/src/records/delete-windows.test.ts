import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { retainRecords } from './retain-records.js'
import { SeenIds } from './seen-ids.js'
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

describe('what an execution did not save', () => {
  const options = { confirmed: false, continued: false }

  it('is deleted, unless the execution continued from a checkpoint', async () => {
    await tests.open('unsaved').save('A', [...some(4), { id: 'nul\0', value: 'x' }])
    const records = tests.open('unsaved')
    await records.save('A', [...some(1), { id: 'nul\0', value: 'x' }])
    await records.update('A', [{ id: '3', value: 'new' }])
    await expect(records.deleteUnseen('A', { ...options, continued: true })).rejects.toThrow(
      /continued from a checkpoint/,
    )
    expect(ids(await records.deleteUnseen('A', options))).toEqual(['1', '2'])
    await tests.open('unsaved').save('A', some(30, 100))
    await expect(records.deleteUnseen('A', options)).rejects.toThrow('Deleting 30 of 33')
    expect(await records.deleteUnseen('A', { ...options, confirmed: true })).toHaveLength(30)
  })

  it('does not include what it could not save, and is not what another execution or model saved', async () => {
    await tests.open('failed').save('A', some(4))
    const records = tests.open('failed', { guard: () => Promise.reject(new Error('refused')) })
    await expect(records.save('A', [{ id: '1', value: 'new' }])).rejects.toThrow('refused')
    await records.save('B', [])
    await tests.open('failed').save('A', some(1, 2))
    await expect(records.deleteUnseen('A', options)).rejects.toThrow('refused')
    const open = tests.open('failed')
    await open.save('B', some(1, 3))
    await open.save('A', some(1))
    expect(ids(await open.deleteUnseen('A', options))).toEqual(['1', '2', '3'])
    expect(await open.get('B', ['3'])).toHaveLength(1)
  })

  it('leaves a delete window as it is', async () => {
    const records = tests.open('both')
    await records.save('A', some(4))
    await records.openDeleteWindow('A', { continued: false })
    await records.save('A', some(1))
    await records.begin()
    await records.save('A', some(2, 1))
    expect(ids(await records.deleteUnseen('A', options))).toEqual(['0', '3'])
    await records.save('A', some(1, 3))
    expect(ids(await records.closeDeleteWindow('A', false))).toEqual([])
  })
})

describe('many ids', () => {
  beforeEach(() => tests.db.query('delete from plumb.execution_seen'))

  const seen = () =>
    tests.db.query<{ ids: number }>('select sum(cardinality(ids)) as ids from plumb.execution_seen')

  it('of an execution are kept in the database, and nowhere once it has ended', async () => {
    const kept = new SeenIds(tests.db, 10)
    for (let first = 0; first < 45; first += 1) {
      await kept.note(first % 2 === 0 ? -1 : -2, [`id ${first}`])
      expect(kept.waiting).toBeLessThan(10)
    }
    expect(await seen()).toEqual([{ ids: 40 }])
    expect(await kept.settle(-1)).toBe(await kept.settle(-2))
    expect([kept.waiting, await seen()]).toEqual([0, [{ ids: 45 }]])
    await kept.end()
    expect(await seen()).toEqual([{ ids: null }])
  })

  it('are all kept, though they come at once and one time in vain', async () => {
    let broken = true
    const db = {
      query: <Row>(sql: string, params?: readonly unknown[]): Promise<Row[]> => {
        if (!broken) return tests.db.query<Row>(sql, params)
        broken = false
        return Promise.reject(new Error('The database is away.'))
      },
    }
    const kept = new SeenIds(db, 3)
    const all = Array.from({ length: 20 }, (_, n) => kept.note(-4, [`a ${n}`, `b ${n}`]))
    const failed = (await Promise.allSettled(all)).filter(({ status }) => status === 'rejected')
    expect(failed).toHaveLength(1)
    await kept.settle(-4)
    const [found] = await tests.db.query(
      `select count(distinct id), count(distinct execution) as executions
       from plumb.execution_seen, unnest(ids) id`,
    )
    expect(found).toEqual({ count: 40, executions: 1 })
    await kept.end()
  })

  it('decide what is deleted, as one by one', async () => {
    const stored = some(120)
    await tests.open('many').save('A', stored)
    const records = tests.open('many', { mostIds: 25 })
    const there = stored.filter(({ id }) => !id.endsWith('7'))
    for (let n = 0; n < 108; n += 9) await records.save('A', there.slice(n, n + 9))
    expect(await seen()).toEqual([{ ids: 108 }])
    const gone = await records.deleteUnseen('A', { confirmed: false, continued: false })
    expect(ids(gone)).toEqual(ids(stored.filter(({ id }) => id.endsWith('7'))))
    expect(records.counts()).toEqual({ A: { added: 0, updated: 0, deleted: 12 } })
    await records.end()
    expect(await seen()).toEqual([{ ids: null }])
  })

  it('that the database lost in a crash delete nothing', async () => {
    const records = tests.open('crash', { mostIds: 5 })
    for (let n = 0; n < 3; n += 1) await records.save('A', some(5, n * 5))
    await tests.db.query('truncate plumb.execution_seen')
    await records.save('A', some(5, 15))
    const deletion = records.deleteUnseen('A', { confirmed: true, continued: false })
    await expect(deletion).rejects.toMatchObject({ code: 'database-unavailable' })
    expect(await tests.read('crash', { actions: ['DELETED'] })).toEqual([])
  })

  it('that a killed execution left are forgotten after days', async () => {
    const [left, running] = [new SeenIds(tests.db, 1), new SeenIds(tests.db, 1)]
    await left.note(-3, ['a', 'b'])
    await tests.db.query(`update plumb.execution_seen set seen_at = now() - interval '3 days'`)
    await running.note(-3, ['a'])
    await retainRecords(tests, { now: Date.now(), deletedPayloadDays: 30 })
    expect(await seen()).toEqual([{ ids: 1 }])
    await running.end()
  })
})
