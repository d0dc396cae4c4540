import { describe, expect, it } from 'vitest'
import { RecordSet } from './record-set.js'

const some = (count: number, from = 0) =>
  Array.from({ length: count }, (_, n) => ({ id: String(from + n), value: n }))

describe('RecordSet', () => {
  it('replaces a record with the same id', () => {
    const set = new RecordSet({ A: [{ id: '1', a: 1, b: 1 }] })
    set.save('A', [{ id: '1', a: 2 }])
    expect(set.all('A')).toEqual([{ id: '1', a: 2 }])
  })

  it('merges an update deeply, replaces lists, and keeps models apart', () => {
    const set = new RecordSet({ A: [{ id: '1', o: { x: 1, y: { z: 1 } }, l: [1, 2] }] })
    const change = { id: '1', o: { y: { w: 2 } }, l: [3] }
    expect(set.update('A', [change]).records).toEqual([
      { id: '1', o: { x: 1, y: { z: 1, w: 2 } }, l: [3] },
    ])
    expect(set.update('B', [change]).records).toEqual([change])
    expect(set.all('B')).toEqual([])
  })

  it('cannot be made to reach a prototype', () => {
    const set = new RecordSet({ A: [{ id: '1' }] })
    const hostile = JSON.parse('{"id":"1","__proto__":{"polluted":true}}') as { id: string }
    set.update('A', [hostile])
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined()
  })

  it('gives what was stored when it deletes', () => {
    const set = new RecordSet({ A: [{ id: '1', name: 'x' }] })
    expect(set.delete('A', [{ id: '1' }, { id: '2' }]).records).toEqual([
      { id: '1', name: 'x' },
      { id: '2' },
    ])
    expect(set.get('A', ['1'])).toEqual([])
  })

  it('lists page by page', () => {
    const set = new RecordSet({ A: some(5) })
    const first = set.list('A', { cursor: null, limit: 2 })
    const second = set.list('A', { cursor: first.next_cursor, limit: 2 })
    const third = set.list('A', { cursor: second.next_cursor, limit: 2 })
    const ids = [first, second, third].flatMap(({ records }) => records.map(({ id }) => id))
    expect([ids, third.next_cursor]).toEqual([['0', '1', '2', '3', '4'], null])
  })
})

describe('a delete window', () => {
  it('deletes what was neither saved nor updated', () => {
    const set = new RecordSet({ A: some(4) })
    set.openDeleteWindow('A')
    set.save('A', some(1))
    set.update('A', [{ id: '1', value: 9 }])
    set.save('B', some(4))
    expect(set.closeDeleteWindow('A', false).map(({ id }) => id)).toEqual(['2', '3'])
  })

  it('must be open, and is closed afterwards', () => {
    const set = new RecordSet({ A: some(1) })
    expect(() => set.closeDeleteWindow('A', false)).toThrow(/without trackDeletesStart/)
    set.openDeleteWindow('A')
    set.closeDeleteWindow('A', false)
    expect(() => set.closeDeleteWindow('A', true)).toThrow(/without trackDeletesStart/)
  })

  it.each([
    [20, 0, 20],
    [21, 11, 10],
    [100, 50, 50],
  ])('of %i records of which %i were seen deletes %i', (total, seen, deleted) => {
    const set = new RecordSet({ A: some(total) })
    set.openDeleteWindow('A')
    set.save('A', some(seen))
    expect(set.closeDeleteWindow('A', false)).toHaveLength(deleted)
  })

  it('refuses to delete more than half of many, keeps them and stays open', () => {
    const set = new RecordSet({ A: some(21) })
    set.openDeleteWindow('A')
    set.save('A', some(10))
    expect(() => set.closeDeleteWindow('A', false)).toThrow(/Deleting 11 of 21 records of "A"/)
    expect(set.all('A')).toHaveLength(21)
    expect(set.closeDeleteWindow('A', true)).toHaveLength(11)
  })
})

it('takes in so many bytes, deleted ones too, and no more', () => {
  const record = { id: '1', text: 'x'.repeat(400) }
  const set = new RecordSet({ A: [record, { ...record, id: '2' }] }, { bytes: 1000 })
  set.save('A', [record])
  set.delete('A', [{ id: '1' }])
  set.save('A', [record])
  expect(() => set.save('A', [{ ...record, id: '3' }])).toThrow('more than memory is kept for')
  expect(set.get('A', ['3'])).toEqual([])
})

it('ends a page where its records are too large for one answer', () => {
  const text = 'x'.repeat(5 * 1024 * 1024)
  const ids = ['1', '2', '3']
  const set = new RecordSet({ A: [...ids.map((id) => ({ id, text })), { id: '4' }] })
  const page = (cursor: string | null) => {
    const { records, next_cursor } = set.list('A', { cursor, limit: 100 })
    return [records.map(({ id }) => id).join(), next_cursor]
  }
  expect([page(null), page('1'), page('2')]).toEqual([
    ['1', '1'],
    ['2', '2'],
    ['3,4', null],
  ])
})
