import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { listReceipts } from '@plumb/store'
import { benchAttempt, openLiveBench } from '../verification/oracles/testing/live-bench.js'
import type { LiveBench } from '../verification/oracles/testing/live-bench.js'
import { probeDenied } from './probe-denied.js'

let bench: LiveBench

beforeAll(async () => {
  bench = await openLiveBench()
})
beforeEach(() => {
  bench.account.mood = 'refuses'
})
afterAll(() => bench.close())

async function probe(provider = bench.provider): Promise<string> {
  const receipts = await listReceipts(bench.db, { chain: benchAttempt })
  const cause = { kind: 'missing-scope', message: '', remedy: '' } as const
  return probeDenied(
    {
      tools: bench,
      provider,
      connection: { integrationKey: 'acme', connectionId: 'test' },
      attemptId: benchAttempt,
      signal: new AbortController().signal,
    },
    { ...cause, receiptIds: [receipts.at(-1)?.id ?? ''] },
  )
}

test('a refused write is made again, as it was, and is open when it is taken', async () => {
  await bench.explore('POST', '/issues', { title: 'denied' })
  expect(await probe()).toBe('still-missing')
  bench.account.mood = 'well'
  expect(await probe()).toBe('open')
  expect([...bench.account.issues.values()]).toMatchObject([{ title: 'denied' }])
})

test('a refusal that comes with 200 is one', async () => {
  const proxy = { ...bench.provider.proxy, successPath: 'ok' }
  await bench.explore('GET', '/issues')
  expect(await probe({ ...bench.provider, proxy })).toBe('still-missing')
  expect(await probe()).toBe('open')
})
