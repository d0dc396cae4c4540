import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { listReceipts, listResources } from '@plumb/store'
import { benchAttempt, openLiveBench } from '../verification/oracles/testing/live-bench.js'
import type { LiveBench } from '../verification/oracles/testing/live-bench.js'
import { removeResidue } from './remove-residue.js'

let bench: LiveBench

beforeAll(async () => {
  bench = await openLiveBench()
})
beforeEach(() => {
  bench.account.mood = 'well'
})
afterAll(() => bench.close())

function remove(description = bench.description): Promise<void> {
  const { db, environment, keys, gateway, provider } = bench
  const brief = {
    provider: 'acme',
    connection: { integration: 'acme', id: 'test' },
    interactions: [],
  }
  const tools = { db, environment, keys, gateway, signal: new AbortController().signal }
  const now = (): string => '2026-03-04T05:06:08.000Z'
  return removeResidue({ ...tools, now }, { brief, provider, description }, benchAttempt)
}

const left = async () =>
  (await listResources(bench.db, { attemptId: benchAttempt })).filter(
    ({ deletedAt }) => deletedAt === null,
  )

test('what the attempt made goes, the last thing first, with receipts; what was there stays', async () => {
  bench.account.issues.set('iss-old', { id: 'iss-old' })
  const one = await bench.explore('POST', '/issues', { title: 'one' })
  const two = await bench.explore('POST', '/issues', { title: 'two' })
  bench.account.asked.length = 0
  await remove()
  expect(bench.account.asked).toEqual([`DELETE /issues/${two.id}`, `DELETE /issues/${one.id}`])
  expect([...bench.account.issues.keys()]).toEqual(['iss-old'])
  expect(await left()).toEqual([])
  const receipts = await listReceipts(bench.db, { chain: `verification ${benchAttempt}` })
  expect(receipts.map(({ purpose }) => purpose)).toEqual(['verification', 'verification'])
})

test('what is gone already is closed, and what no operation deletes stays open', async () => {
  const gone = await bench.explore('POST', '/issues', { title: 'gone' })
  bench.account.issues.delete(gone.id)
  await remove()
  expect(await left()).toEqual([])
  const kept = await bench.explore('POST', '/issues', { title: 'kept' })
  const operations = bench.description.operations.filter(({ method }) => method !== 'DELETE')
  await remove({ ...bench.description, operations })
  expect(await left()).toMatchObject([{ resourceId: kept.id }])
  bench.account.mood = 'refuses'
  await remove()
  expect(await left()).toMatchObject([{ resourceId: kept.id }])
})
