import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { readAfterWrite } from './read-after-write.js'
import { findingsOf, rejects } from './testing/oracle-bench.js'
import { openLiveBench } from './testing/live-bench.js'
import type { IssueAccount, LiveBench } from './testing/live-bench.js'

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
export default createAction({
  description: 'Test', input: z.object({ ${fields} }), output: z.unknown(),
  exec: async (ctx, input) => { ${exec} },
})`
}

const create = action(
  'title: z.string()',
  `
  return (await ctx.post<{ id: string }>({ endpoint: '/issues', data: input })).data`,
)
const update = action(
  'id: z.string(), title: z.string()',
  `
  const data = { title: input.title }
  return (await ctx.patch<{ id: string }>({ endpoint: '/issues/' + input.id, data })).data`,
)
const remove = action(
  'id: z.string()',
  `
  await ctx.delete({ endpoint: '/issues/' + input.id }); return { deleted: true }`,
)

async function judged(source: string, mood: IssueAccount['mood']) {
  const { id } = await bench.explore('POST', '/issues', { title: 'plumb-aaaaaa-old' })
  const given = source === create ? {} : { id }
  const title = source === remove ? {} : { title: 'plumb-aaaaaa-leak' }
  const input = await bench.record(source, { ...given, ...title })
  bench.account.asked.length = 0
  bench.account.mood = mood
  return readAfterWrite.run(input)
}

test.each([
  [create, 'GET /issues/iss-'],
  [update, 'GET /issues/iss-'],
  [remove, 'GET /issues/iss-'],
])('what was done is there', async (source, asked) => {
  expect(findingsOf(await judged(source, 'well'))).toEqual([])
  expect(bench.account.asked.at(-1)).toContain(asked)
})

test.each([
  [create, 'forgets', 'G1'],
  [update, 'ignores', 'C6'],
  [remove, 'keeps', 'G1'],
] as const)('what was not done is found', async (source, mood, behaviour) => {
  expect(rejects(await judged(source, mood))).toEqual([behaviour])
})

test('a member under a name that the account does not know is not kept', async () => {
  const source = action(
    'title: z.string()',
    `
    const { data } = await ctx.post<{ id: string }>({ endpoint: '/issues', data: { title: 'x' } })
    const wrong = { titel: input.title }
    return (await ctx.patch<{ id: string }>({ endpoint: '/issues/' + data.id, data: wrong })).data`,
  )
  const input = await bench.record(source, { title: 'plumb-aaaaaa-leak' }, 2)
  const { issues } = bench.account
  bench.account.mood = 'ignores'
  expect(rejects(await readAfterWrite.run(input))).toEqual(['C6'])
  expect([...issues.values()].some((issue) => 'titel' in issue)).toBe(true)
})

test('a function that only reads leaves nothing to read back', async () => {
  const { id } = await bench.explore('POST', '/issues', { title: 'plumb-aaaaaa-old' })
  const source = action(
    'id: z.string()',
    `
    return (await ctx.get<{ id: string }>({ endpoint: '/issues/' + input.id })).data`,
  )
  const result = await readAfterWrite.run(await bench.record(source, { id }))
  expect(result).toMatchObject({ ran: false, why: 'the function changes nothing' })
})
