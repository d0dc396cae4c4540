import { setTimeout as sleep } from 'node:timers/promises'
import { findRecordStream, lockRecordStream } from '@plumb/store'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { listRecords, pruneListedRecords } from './list-records.js'
import type { ListedRecord, ListRecordsQuery } from './list-records.js'
import { openRecordTests, some } from './testing/record-tests.js'
import type { RecordTests } from './testing/record-tests.js'

let tests: RecordTests
beforeAll(async () => {
  tests = await openRecordTests()
})
afterAll(() => tests?.close())

const nameOf = (connectionId: string) => ({
  ...{ environment: 'dev', integrationKey: 'crm', connectionId, model: 'A', variant: 'base' },
})
const everything: ListRecordsQuery = {
  ...{ cursor: null, modifiedAfter: null, actions: null, ids: null, limit: 100 },
}
const page = (connectionId: string, query: Partial<ListRecordsQuery> = {}) =>
  listRecords(tests, nameOf(connectionId), { ...everything, ...query })

/** One record added, one updated, one deleted. */
async function threeActions(connectionId: string): Promise<void> {
  const records = tests.open(connectionId)
  await records.save('A', some(3))
  await records.save('A', [{ id: '1', value: 'new' }])
  await records.delete('A', [{ id: '2' }])
}

it.each([
  [null, ['0', '1', '2']],
  [['DELETED'], ['2']],
  [
    ['UPDATED', 'DELETED'],
    ['1', '2'],
  ],
  [
    ['ADDED', 'DELETED'],
    ['0', '2'],
  ],
] as const)('the filter %s finds %s', async (actions, found) => {
  await threeActions(`filter ${String(actions)}`)
  const { records } = await page(`filter ${String(actions)}`, { actions })
  expect(records.map(({ payload }) => payload.id)).toEqual(found)
})

it('pages go through every record once, and a later one brings what changed', async () => {
  const records = tests.open('pages')
  await records.save('A', some(25))
  const seen: string[] = []
  let cursor: string | null = null
  let last = ''
  do {
    const found = await page('pages', { cursor, limit: 10 })
    seen.push(...found.records.map(({ payload }) => payload.id))
    last = found.records.at(-1)?.cursor ?? last
    cursor = found.nextCursor
  } while (cursor !== null && seen.length < 100)
  expect(seen).toEqual(some(25).map(({ id }) => id))
  expect((await page('pages', { cursor: last })).records).toEqual([])
  await records.save('A', some(25, 0).with(7, { id: '7', value: 'new' }))
  expect((await page('pages', { cursor: last })).records).toMatchObject([{ payload: { id: '7' } }])
})

it('exactly full pages end without another one', async () => {
  await tests.open('full').save('A', some(10))
  expect(await page('full', { limit: 10 })).toMatchObject({ nextCursor: null })
})

it('finds by id and by time of the change, and nothing of what was never stored', async () => {
  let now = Date.parse('2026-01-01T00:00:00.000Z')
  const records = tests.open('times', { now: () => now })
  await records.save('A', some(3))
  now += 1000
  await records.save('A', some(1, 0, 'new'))
  const found = async (query: Partial<ListRecordsQuery>) =>
    (await page('times', query)).records.map(({ payload }) => payload.id)
  expect(await found({ modifiedAfter: '2026-01-01T00:00:00.000Z' })).toEqual(['0'])
  expect(await found({ modifiedAfter: '2025-12-31T23:59:59.999Z' })).toEqual(['1', '2', '0'])
  expect(await found({ modifiedAfter: '2026-01-01T00:00:01.000Z' })).toEqual([])
  expect(await found({ ids: ['2', '7', '0'] })).toEqual(['2', '0'])
  expect(await page('never')).toEqual({ records: [], nextCursor: null })
})

it('a time holds along all pages, wherever it lies', async () => {
  let now = Date.parse('2026-01-01T00:00:00.000Z')
  const records = tests.open('along', { now: () => now })
  for (let n = 0; n < 9; n += 1) {
    now += 1000
    await records.save('A', some(1, n))
  }
  const walk = async (modifiedAfter: string) => {
    const seen: string[] = []
    let cursor: string | null = null
    do {
      const found = await page('along', { modifiedAfter, cursor, limit: 2 })
      seen.push(...found.records.map(({ payload }) => payload.id))
      cursor = found.nextCursor
    } while (cursor !== null && seen.length < 20)
    return seen.join('')
  }
  expect(await walk('2025-01-01T00:00:00Z')).toBe('012345678')
  expect(await walk('2026-01-01T00:00:04Z')).toBe('45678')
  expect(await walk('2026-01-01T00:00:09Z')).toBe('')
  const all = (await page('along')).records.at(-3)
  const late = { modifiedAfter: '2026-01-01T00:00:04Z', cursor: all?.cursor ?? null }
  expect((await page('along', late)).records.map(({ payload }) => payload.id)).toEqual(['7', '8'])
})

it.each([
  ['+275760-09-13T00:00:00.000Z', 0],
  ['-271821-04-20T00:00:00.000Z', 2],
  ['0000-01-01T00:00:00.000Z', 2],
  ['9999-12-31T23:59:59.999Z', 0],
])('a time as odd as %s finds %i records', async (modifiedAfter, count) => {
  await tests.open('eras').save('A', some(2))
  expect((await page('eras', { modifiedAfter })).records).toHaveLength(count)
})

it.each([{ model: 'a\0b' }, { variant: '\0' }, { model: '\ud800' }, { connectionId: 'c\0' }])(
  'nobody has records of %j',
  async (odd) => {
    const found = await listRecords(tests, { ...nameOf('odd'), ...odd }, everything)
    expect(found).toEqual({ records: [], nextCursor: null })
  },
)

it('ids as odd as they may be find nothing or are refused', async () => {
  await tests.open('ids').save('A', some(2))
  const ids = ['\0', '\ud800', '1', '__proto__']
  expect((await page('ids', { ids })).records.map(({ payload }) => payload.id)).toEqual(['1'])
  await expect(page('ids', { ids: ['x'.repeat(10_000)] })).rejects.toThrow('has 10000 bytes')
  expect(
    (await page('ids', { cursor: Buffer.from('c1-999999999999999').toString('base64url') }))
      .records,
  ).toEqual([])
})

it.each(['garbage', 'c1-5', '-1', Buffer.from('c1-x').toString('base64url')])(
  'the cursor "%s" is refused',
  async (cursor) => {
    await expect(page('pages', { cursor })).rejects.toMatchObject({
      code: 'request-invalid',
      message: `"${cursor}" is not a cursor of records.`,
    })
  },
)

it('pruning forgets payloads up to a cursor, and changes are told all the same', async () => {
  const records = tests.open('prune')
  await records.save('A', some(5))
  const { records: before } = await page('prune')
  const untilCursor = before[3]?.cursor ?? ''
  const order = { untilCursor, limit: 3, now: '2026-01-01T00:00:00.000Z' }
  const prune = () => pruneListedRecords(tests, nameOf('prune'), order)
  expect([await prune(), await prune(), await prune()]).toEqual([
    { count: 3, hasMore: true },
    { count: 1, hasMore: false },
    { count: 0, hasMore: false },
  ])
  const { records: after } = await page('prune')
  expect(after.map(({ payload }) => payload)).toEqual([
    ...['0', '1', '2', '3'].map((id) => ({ id })),
    { id: '4', value: 'x' },
  ])
  expect(after.map(({ cursor }) => cursor)).toEqual(before.map(({ cursor }) => cursor))
  await records.save('A', some(5).with(1, { id: '1', value: 'new' }))
  expect((await page('prune', { cursor: before[4]?.cursor ?? '' })).records).toMatchObject([
    { payload: { id: '1', value: 'new' }, lastAction: 'UPDATED', prunedAt: null },
  ])
})

it('a later number is never told before an earlier one, however long that takes to commit', async () => {
  await tests.open('order').save('A', some(1))
  const cursor = (await tests.read('order'))[0]?.cursor ?? ''
  const { id = 0 } = (await findRecordStream(tests.db, nameOf('order'))) ?? {}
  let finish: () => void = () => undefined
  const finished = new Promise<void>((resolve) => (finish = resolve))
  let slow: Promise<void> = Promise.resolve()
  await new Promise<void>((changed) => {
    slow = tests.db.transaction(async (tx) => {
      await lockRecordStream(tx, id, new Date().toISOString())
      await tx.query(
        `update plumb.records set change = nextval('plumb.record_changes'), last_action = 'UPDATED'
         where stream_id = $1`,
        [id],
      )
      changed()
      await finished
    })
  })
  const quick = tests.open('order').save('A', some(1, 7))
  await Promise.race([quick, sleep(300)])
  expect((await page('order', { cursor })).records).toEqual([])
  finish()
  await Promise.all([slow, quick])
  const { records } = await page('order', { cursor })
  expect(records.map(({ payload, lastAction }) => [payload.id, lastAction])).toEqual([
    ['0', 'UPDATED'],
    ['7', 'ADDED'],
  ])
})

it('a reader misses nothing while many write, and ends with exactly what is stored', async () => {
  const writers = 6
  let writing = writers
  // Slow ones, whose numbers are long taken when quick ones have committed.
  const write = async (writer: number) => {
    const records = tests.open('race')
    const size = writer % 2 === 0 ? 400 : 2
    for (let round = 0; round < (size === 2 ? 20 : 4); round++) {
      await records.save('A', some(size, writer * 400, `${writer} ${round}`))
      if (round % 3 === 0) await records.delete('A', [{ id: String(writer * 400) }])
    }
    writing -= 1
  }
  const read = async () => {
    const seen = new Map<string, unknown>()
    let cursor = ''
    let told = 0
    for (let last = false; !last;) {
      last = writing === 0
      const { records } = await page('race', { cursor, limit: 10_000 })
      for (const record of records) seen.set(record.payload.id, stateOf(record))
      told += records.length
      cursor = records.at(-1)?.cursor ?? cursor
    }
    return { told, seen: Object.fromEntries(seen) }
  }
  const reading = read()
  await Promise.all(Array.from({ length: writers }, (_, writer) => write(writer)))
  const stored = await tests.read('race')
  const expected = Object.fromEntries(stored.map((record) => [record.payload.id, stateOf(record)]))
  const [changes] = await tests.db.query<{ n: number }>(
    'select last_value as n from plumb.record_changes',
  )
  const { told, seen } = await reading
  expect(seen).toEqual(expected)
  expect(told).toBeLessThanOrEqual(changes?.n ?? 0)
})

function stateOf({ lastAction, payload }: ListedRecord): unknown {
  return [lastAction, payload['value']]
}
