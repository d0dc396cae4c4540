import { afterAll, beforeAll, expect, it } from 'vitest'
import { listRecords } from './list-records.js'
import { openRecordTests } from './testing/record-tests.js'
import type { RecordTests } from './testing/record-tests.js'

let tests: RecordTests
beforeAll(async () => {
  tests = await openRecordTests()
})
afterAll(() => tests?.close())

const megabyte = 1024 * 1024
const large = (count: number, megabytes: number) =>
  Array.from({ length: count }, (_, n) => ({
    id: String(n),
    text: 'x'.repeat(megabytes * megabyte),
  }))
const ids = (records: readonly { id: string }[]) => records.map(({ id }) => id)

it('large records are read in shorter pages, none left out', async () => {
  const name = { environment: 'dev', integrationKey: 'crm', connectionId: 'list' }
  for (const record of large(4, 11)) await tests.open('list').save('A', [record])
  const all = { modifiedAfter: null, actions: null, ids: null, limit: 10_000 }
  const pages: string[][] = []
  let cursor: string | null = null
  do {
    const page = await listRecords(
      tests,
      { ...name, model: 'A', variant: 'base' },
      { ...all, cursor },
    )
    pages.push(page.records.map(({ payload }) => payload.id))
    cursor = page.nextCursor
  } while (cursor !== null && pages.length < 10)
  expect(pages).toEqual([['0', '1', '2'], ['3']])
})

it('a function walks them, and is told when it asks for too many by their ids', async () => {
  const records = tests.open('walk')
  for (const record of large(4, 5)) await records.save('A', [record])
  const first = await records.list('A', { cursor: null, limit: 100 })
  expect([ids(first.records), first.next_cursor]).toEqual([['0', '1'], '1'])
  const second = await records.list('A', { cursor: first.next_cursor, limit: 100 })
  expect([ids(second.records), second.next_cursor]).toEqual([['2', '3'], null])
  expect(ids(await records.get('A', ['3', '1', '0']))).toEqual(['0', '1', '3'])
  await expect(records.get('A', ['0', '1', '2', '3'])).rejects.toMatchObject({
    code: 'request-invalid',
    message: expect.stringMatching(/^4 records of "A"/) as string,
  })
})

it('changes are merged into all of them, also when they do not fit into memory together', async () => {
  const records = tests.open('merge')
  for (const record of large(4, 5)) await records.save('A', [record])
  const changes = ['3', '1', '9', '0', '2', '1'].map((id, n) => ({
    id,
    n,
    nested: { [`n${n}`]: n },
  }))
  const { range } = await records.update('A', changes)
  expect(records.counts()).toEqual({ A: { added: 4, updated: 4, deleted: 0 } })
  expect((await records.get('A', ['1']))[0]).toMatchObject({ n: 5, nested: { n1: 1, n5: 5 } })
  const shown = await tests.read('merge')
  expect(shown.map(({ lastAction }) => lastAction)).toEqual(Array(4).fill('UPDATED'))
  expect(range && range.last - range.first).toBe(3)
  expect(await records.update('A', changes.slice(0, 5))).toMatchObject({ range: {} })
  expect(await records.update('A', [])).toMatchObject({ range: null })
})
