import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { openProjectAccount } from './project-account.js'
import { askAccount } from './verification/ask-account.js'
import { openLiveBench } from './verification/oracles/testing/live-bench.js'
import type { LiveBench } from './verification/oracles/testing/live-bench.js'

let bench: LiveBench
let verifications = 0

beforeAll(async () => {
  bench = await openLiveBench()
})
beforeEach(() => {
  bench.account.mood = 'well'
})
afterAll(() => bench.close())

const createIssue = `import { createAction } from '@plumb/sdk'
import { z } from 'zod'
export default createAction({
  description: 'Creates an issue',
  input: z.object({ title: z.string() }),
  output: z.object({ id: z.string(), title: z.string() }),
  exec: async (ctx, input) => {
    const { data } = await ctx.post({ endpoint: '/issues', data: { title: input.title } })
    return z.object({ id: z.string(), title: z.string() }).parse(data)
  },
})
`

function open(writes: number, connectionId = 'test') {
  const { db, environment, keys, gateway } = bench
  const signal = new AbortController().signal
  const tools = { db, environment, keys, gateway, signal, now: () => '2026-03-04T05:06:08.000Z' }
  return openProjectAccount(tools, {
    ...{ integrationKey: 'acme', connectionId, writes, id: `verify-${(verifications += 1)}` },
    describe: async () => bench.description,
  })
}

async function asked(writes: number) {
  const recorded = await bench.record(createIssue, { title: 'A leak' })
  const before = new Set(bench.account.issues.keys())
  const account = await open(writes)
  const results = await askAccount({ ...recorded, declared: null }, account)
  const left = await account.close()
  const kept = [...bench.account.issues.keys()].filter((id) => !before.has(id))
  return { results, left: left.length, kept }
}

test('a function is run in the account, what it says is read back, and what it made is deleted', async () => {
  const { results, left, kept } = await asked(1)
  expect(results).toMatchObject([
    { oracle: 'held-out', ran: true, findings: [] },
    { oracle: 'read-after-write', ran: true, findings: [] },
  ])
  expect([left, kept]).toEqual([0, []])
})

test('a function whose account keeps nothing is found', async () => {
  bench.account.mood = 'forgets'
  const { results } = await asked(1)
  const findings = results.flatMap((result) => (result.ran ? result.findings : []))
  expect(findings.map(({ severity }) => severity)).toContain('reject')
})

test('nothing is changed where writes are not allowed, and that is said', async () => {
  const { results, kept } = await asked(0)
  expect(results.map(({ ran }) => ran)).toEqual([false, false])
  expect(kept).toEqual([])
})

test('a connection that is not there is no account', async () => {
  await expect(open(1, 'nobody')).rejects.toMatchObject({ code: 'connection-unknown' })
})
