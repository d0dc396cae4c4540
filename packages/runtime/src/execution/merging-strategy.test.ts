import { expect, it } from 'vitest'
import { MergingRules } from './merging-strategy.js'
import { isOthers } from './record-keeper.js'
import type { OthersChanges } from './record-keeper.js'
import { RecordSet } from './record-set.js'

it.each([
  [5, false],
  [10, false],
  [11, true],
  [12, false],
  [14, false],
  [15, true],
  [20, false],
  [21, true],
])('change %i is somebody else’s: %s', (change, others) => {
  const own = [
    { first: 12, last: 14 },
    { first: 17, last: 17 },
    { first: 19, last: 20 },
  ]
  expect(isOthers(change, { after: 10, own })).toBe(others)
  expect(isOthers(change, { after: 10, own: [] })).toBe(change > 10)
})

it('what an execution changes by itself is few ranges, however many batches it has', async () => {
  const records = new RecordSet()
  const rules = new MergingRules(records)
  await rules.set('A', 'ignore_if_modified_after')
  let seen: OthersChanges | undefined
  const save = (id: string) =>
    rules.apply('A', (spare) => {
      seen = spare
      return records.save('A', [{ id }], spare)
    })
  for (let n = 0; n < 100; n += 1) await save(String(n))
  records.save('A', [{ id: '0', by: 'somebody else' }])
  for (let n = 0; n < 50; n += 1) await save(String(n))
  expect(seen?.own).toEqual([
    { first: 1, last: 100 },
    { first: 102, last: 150 },
  ])
  expect(records.get('A', ['0'])).toEqual([{ id: '0', by: 'somebody else' }])
  await rules.set('A', 'override')
  await save('0')
  expect([seen, records.get('A', ['0'])]).toEqual([undefined, [{ id: '0' }]])
})
