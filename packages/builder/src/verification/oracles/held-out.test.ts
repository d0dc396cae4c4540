import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { listResources } from '@plumb/store'
import { heldOut } from './held-out.js'
import { findingsOf, rejects } from './testing/oracle-bench.js'
import { benchAttempt, openLiveBench } from './testing/live-bench.js'
import type { LiveBench } from './testing/live-bench.js'

let bench: LiveBench

beforeAll(async () => {
  bench = await openLiveBench()
})
beforeEach(() => {
  bench.account.mood = 'well'
  bench.account.asked.length = 0
})
afterAll(() => bench.close())

function action(fields: string, exec: string): string {
  return `import { createAction } from '@plumb/sdk'
import { z } from 'zod'
type Issue = { id: string; title: string; text?: string }
export default createAction({
  description: 'Test', input: z.object({ ${fields} }), output: z.unknown(),
  exec: async (ctx, input) => { ${exec} },
})`
}

const create = (exec: string): string =>
  action('title: z.string(), text: z.string().optional()', exec)
const honest = create(`
  const { data } = await ctx.post<Issue>({ endpoint: '/issues', data: input })
  return { id: data.id, title: data.title }`)

test('an honest function is run once, under a name of the verifier, with what is optional as well', async () => {
  const input = await bench.record(honest, { title: 'plumb-aaaaaa-leak' })
  expect(findingsOf(await heldOut.run(input))).toEqual([])
  expect(input.live?.runs).toHaveLength(1)
  expect(input.live?.runs[0]?.execution.input).toEqual({
    title: 'plumb-0abcde-leak-again',
    text: 'plumb-0abcde-other',
  })
  expect(input.live?.runs[0]?.receipts.map(({ purpose }) => purpose)).toEqual(['verification'])
  const made = await listResources(bench.db, { attemptId: benchAttempt })
  expect(made).toHaveLength(2)
})

test.each([
  [
    'C2',
    `await ctx.post({ endpoint: '/issues', data: input }); return { title: 'plumb-aaaaaa-leak' }`,
  ],
  [
    'C2',
    `if (input.title !== 'plumb-aaaaaa-leak') return { id: 'iss-1' }
    return (await ctx.post<Issue>({ endpoint: '/issues', data: input })).data`,
  ],
  [
    'D1',
    `try { return (await ctx.post<Issue>({ endpoint: '/issues', data: input })).data }
    catch { return { id: 'done' } }`,
  ],
])('%s is found: %s', async (behaviour, exec) => {
  const input = await bench.record(create(exec), { title: 'plumb-aaaaaa-leak' })
  if (behaviour === 'D1') bench.account.mood = 'refuses'
  expect(rejects(await heldOut.run(input))).toEqual([behaviour])
})

test('a value of the recorded answers that no answer of this run has is C1', async () => {
  const [first, second] = [
    await bench.explore('POST', '/issues', { title: 'One issue' }),
    await bench.explore('POST', '/issues', { title: 'Two issue' }),
  ]
  await bench.explore('GET', '/issues')
  bench.account.asked.length = 0
  const source = action(
    'id: z.string()',
    `
    const { data } = await ctx.get<Issue>({ endpoint: '/issues/' + input.id })
    return { id: data.id, title: 'One issue' }`,
  )
  const input = await bench.record(source, { id: first.id })
  expect(second.id).not.toBe(first.id)
  expect(rejects(await heldOut.run(input))).toEqual(['C1'])
})

test('a failure that the dry run did not have is told once less was changed, too', async () => {
  const source = create(`
    if (input.text !== undefined || !input.title.startsWith('plumb-aaaaaa')) throw new Error('odd')
    return (await ctx.post<Issue>({ endpoint: '/issues', data: input })).data`)
  const input = await bench.record(source, { title: 'plumb-aaaaaa-leak' })
  expect(findingsOf(await heldOut.run(input))).toMatchObject([
    { severity: 'warn', behaviour: 'C2' },
  ])
  expect(input.live?.runs).toHaveLength(2)
})

const remove = action(
  'id: z.string()',
  `
  await ctx.delete({ endpoint: '/issues/' + input.id }); return { deleted: true }`,
)

test('what is deleted is something that the verifier has made', async () => {
  const made = await bench.explore('POST', '/issues', { title: 'plumb-aaaaaa-gone' })
  const input = await bench.record(remove, { id: made.id })
  const kept = bench.account.issues.size
  bench.account.asked.length = 0
  expect(findingsOf(await heldOut.run(input))).toEqual([])
  expect(bench.account.asked[0]).toBe('POST /issues')
  expect(bench.account.asked[1]).toMatch(/^DELETE \/issues\/iss-/)
  expect(bench.account.issues.size).toBe(kept)
})

test('nothing is deleted that nobody made for it, and nothing changed where that is not allowed', async () => {
  bench.account.issues.set('iss-old', { id: 'iss-old' })
  const input = await bench.record(remove, { id: 'iss-old' })
  bench.account.asked.length = 0
  expect(await heldOut.run(input)).toMatchObject({ ran: false })
  const silent = await bench.record(honest, { title: 'plumb-aaaaaa-leak' }, 0)
  bench.account.asked.length = 0
  expect(await heldOut.run(silent)).toMatchObject({ ran: false })
  expect(bench.account.asked).toEqual([])
})

test('without an account there is nothing to ask', async () => {
  const { live, ...input } = await bench.record(honest, { title: 'plumb-aaaaaa-leak' })
  expect(live).toBeDefined()
  expect(await heldOut.run(input)).toMatchObject({
    ran: false,
    why: 'it needs a connected account',
  })
})
