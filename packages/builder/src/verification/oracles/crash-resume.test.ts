import { afterAll, beforeAll, expect, test } from 'vitest'
import { crashResume } from './crash-resume.js'
import { findingsOf, openOracleBench, rejects } from './testing/oracle-bench.js'
import type { OracleBench, Trial } from './testing/oracle-bench.js'

let bench: OracleBench

beforeAll(async () => {
  bench = await openOracleBench()
})
afterAll(() => bench.close())

const items = (...ids: string[]) => ids.map((id) => ({ id, title: `Title of ${id}` }))
const threePages: Trial['calls'] = [
  { url: '/tasks', answer: { items: items('a1', 'a2'), next: 'p2' } },
  { url: '/tasks?page=p2', answer: { items: items('b1', 'b2'), next: 'p3' } },
  { url: '/tasks?page=p3', answer: { items: items('c1', 'c2'), next: null } },
]
const onePage: Trial['calls'] = [
  { url: '/tasks', answer: { items: items('a1', 'a2', 'a3'), next: null } },
]

function sync(exec: string, calls: Trial['calls'] = threePages): Trial {
  return {
    source: `import { createSync } from '@plumb/sdk'
import { z } from 'zod'
const schema = z.object({ items: z.array(z.object({ id: z.string(), title: z.string() })), next: z.string().nullable() })
export default createSync({
  description: 'Test', frequency: 'every hour', models: { Task: z.object({ id: z.string(), title: z.string() }) },
  checkpoint: z.object({ page: z.string() }),
  exec: async (ctx) => {
    const read = async (page: string | null) =>
      schema.parse((await ctx.get({ endpoint: '/tasks', params: page === null ? {} : { page } })).data)
    ${exec}
  },
})`,
    calls,
  }
}

const walk = (start: string, each: string) => `let next: string | null = ${start}
    do {
      const page: z.infer<typeof schema> = await read(next)
      ${each}
      next = page.next
    } while (next !== null)`
const save = `await ctx.batchSave(page.items, 'Task')`
const mark = `if (page.next !== null) await ctx.saveCheckpoint({ page: page.next })`
const resume = `(await ctx.getCheckpoint())?.page ?? null`

const ask = async (trial: Trial) => rejects(await bench.ask(crashResume, trial))

test('syncs that start anew, go on at their checkpoint, or track deletes are right', async () => {
  const honest = [
    sync(walk('null', save)),
    sync(`${walk(resume, `${save}; ${mark}`)}; await ctx.clearCheckpoint()`),
    sync(walk('null', save), onePage),
  ]
  const told = async (trial: Trial) =>
    findingsOf(await bench.ask(crashResume, trial))
      .filter(({ severity }) => severity !== 'note')
      .map(({ behaviour, severity }) => `${behaviour} ${severity}`)
  // A copy from which nothing is ever removed is not wrong, but a person should know.
  for (const trial of honest) expect(await told(trial)).toEqual(['E6 warn'])
  const tracked = `await ctx.trackDeletesStart('Task'); ${walk('null', save)}; await ctx.trackDeletesEnd('Task')`
  expect(await told(sync(tracked))).toEqual([])
})

test('a checkpoint that is saved and not used, or cleared to start anew, is found', async () => {
  expect(await ask(sync(walk('null', `${save}; ${mark}`)))).toEqual(['E5'])
  expect(
    await ask(sync(`await ctx.clearCheckpoint(); ${walk(resume, `${save}; ${mark}`)}`)),
  ).toEqual(['E5'])
})

test('a checkpoint that is saved before its records loses them', async () => {
  const early = `${mark}; await read(page.next ?? 'p3').catch(() => null); ${save}`
  const trial = sync(walk(resume, early), [
    ...threePages,
    ...threePages.slice(1),
    ...threePages.slice(2),
  ])
  expect(await ask(trial)).toContain('E5')
})

test('a delete window that is opened in the middle of a walk deletes what is there', async () => {
  const trial = sync(`await ctx.trackDeletesStart('Task')
    ${walk(resume, `${save}; ${mark}`)}
    await ctx.trackDeletesEnd('Task')`)
  expect(await ask(trial)).toContain('E6')
})

test('a sync that reads the first page only is found, though the recording has one page', async () => {
  expect(await ask(sync(`const page = await read(null); ${save}`, onePage))).toEqual(['E4'])
})

test('an empty page with a cursor is not the end', async () => {
  const trial = sync(walk('null', `if (page.items.length === 0) break; ${save}`))
  expect(findingsOf(await bench.ask(crashResume, trial))).toContainEqual(
    expect.objectContaining({ behaviour: 'E4', severity: 'warn' }),
  )
})

test('deleting whatever is not on the first page is found', async () => {
  const trial = sync(
    `await ctx.trackDeletesStart('Task')
    const page = await read(null); ${save}
    await ctx.trackDeletesEnd('Task')`,
    onePage,
  )
  expect(await ask(trial)).toEqual(['E4'])
})

test('tracking deletes without deleting is found', async () => {
  const trial = sync(`await ctx.trackDeletesStart('Task'); ${walk('null', save)}`)
  expect(await ask(trial)).toEqual(['E6'])
})

function action(exec: string): Trial {
  return {
    source: `import { createAction } from '@plumb/sdk'
import { z } from 'zod'
export default createAction({
  description: 'Test', input: z.object({ id: z.string() }), output: z.unknown(),
  exec: async (ctx, input) => { ${exec} },
})`,
    calls: [{ url: '/tasks/a1', answer: { id: 'a1', title: 'Title', due: '2026-01-01' } }],
    input: { id: 'a1' },
  }
}

test('code that waits for a date is found; a date in the output is not', async () => {
  const get = `(await ctx.get({ endpoint: '/tasks/' + input.id })).data`
  const bomb = `if (Date.now() > Date.parse('2027-01-01')) return { id: input.id, title: 'Expired licence' }
    return ${get}`
  expect(await ask(action(bomb))).toEqual(['C9'])
  const before = `if (new Date().getFullYear() < 2000) throw new Error('too early'); return ${get}`
  expect(await ask(action(before))).toEqual(['C9'])
  const hourly = `if (new Date().getUTCHours() === 4) return { id: input.id, title: 'Asleep' }; return ${get}`
  expect(await ask(action(hourly))).toEqual(['C9'])
  const dated = `const { data } = await ctx.get<{ title: string }>({ endpoint: '/tasks/' + input.id, params: {} })
    return { title: data.title, syncedAt: new Date().toISOString() }`
  expect(findingsOf(await bench.ask(crashResume, action(dated)))).toEqual([])
})
