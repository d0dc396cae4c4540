import { afterAll, beforeAll, expect, test } from 'vitest'
import { mutation } from './mutation.js'
import { findingsOf, openOracleBench, rejects } from './testing/oracle-bench.js'
import type { OracleBench, Trial } from './testing/oracle-bench.js'

let bench: OracleBench

beforeAll(async () => {
  bench = await openOracleBench()
})
afterAll(() => bench.close())

const issue = {
  id: 1904,
  key: 'ENG-12',
  title: 'Water in the cellar',
  state: 'open',
  url: 'https://acme.example/issues/ENG-12',
  created: '2026-01-05T08:00:00Z',
  author: { login: 'maria', email: 'maria@acme.example' },
}

function readIssue(body: string): Trial {
  return {
    source: `import { createAction } from '@plumb/sdk'
import { z } from 'zod'
const schema = z.object({
  id: z.number(), key: z.string(), title: z.string().nullish(), state: z.enum(['open', 'closed']), url: z.string(),
  created: z.string().nullish(), author: z.object({ login: z.string(), email: z.string() }).nullish(),
})
export default createAction({
  description: 'Reads an issue',
  input: z.object({ key: z.string() }),
  output: z.record(z.string(), z.unknown()),
  exec: async (ctx, input) => {
    const response = await ctx.get({ endpoint: \`/issues/\${input.key}\` })
    const issue = schema.parse(response.data)
    ${body}
  },
})`,
    calls: [{ url: '/issues/ENG-12', answer: issue }],
    input: { key: 'ENG-12' },
  }
}

const honest = `return { id: issue.id, key: issue.key, title: issue.title, state: issue.state, label: issue.key + ': ' + issue.title, by: issue.author?.login ?? null, created: issue.created, kind: 'issue' }`

test('an honest function follows its answers, and its output is mapped leaf by leaf', async () => {
  const result = await bench.ask(mutation, readIssue(honest))
  expect(findingsOf(result)).toEqual([])
  const map = result.ran
    ? Object.fromEntries((result.provenance ?? []).map((one) => [one.path, one.source]))
    : {}
  expect(map).toMatchObject({
    id: { kind: 'response', call: 'GET /v1/issues/ENG-12', leaf: 'id' },
    key: { kind: 'response', leaf: 'key' },
    title: { kind: 'response', leaf: 'title' },
    state: { kind: 'response', leaf: 'state' },
    created: { kind: 'response', leaf: 'created' },
    by: { kind: 'response', leaf: 'author.login' },
    label: { kind: 'derived', from: ['GET /v1/issues/ENG-12 key', 'GET /v1/issues/ENG-12 title'] },
    kind: { kind: 'constant' },
  })
  expect(result.ran && result.measurements.runs).toBeLessThan(40)
})

test('values that are written into the function are found', async () => {
  const one = readIssue(honest.replace('title: issue.title', "title: 'Water in the cellar'"))
  expect(rejects(await bench.ask(mutation, one))).toEqual(['C1'])
  const all = readIssue(`return { id: 1904, key: 'ENG-12', title: 'Water in the cellar' }`)
  expect(rejects(await bench.ask(mutation, all))).toEqual(['C1'])
})

test('a function that knows the recording and behaves differently for it is found', async () => {
  const cheat = readIssue(
    `if (issue.id === 1904) return { id: issue.id, title: issue.title, created: issue.created }
    return { id: 0, title: '', created: null }`,
  )
  expect(rejects(await bench.ask(mutation, cheat))).not.toEqual([])
})

test('a call that is made for nothing is found', async () => {
  const made = readIssue(`return { id: 77, title: 'Something else', state: 'open' }`)
  expect(rejects(await bench.ask(mutation, made))).toEqual(['C6'])
  const done = readIssue(`return { success: true }`)
  expect(rejects(await bench.ask(mutation, done))).toEqual([])
})

test('repeating the input is found when nothing else is in the output', async () => {
  expect(rejects(await bench.ask(mutation, readIssue(`return { key: input.key }`)))).toEqual(['C7'])
  const mixed = readIssue(`return { key: input.key, title: issue.title }`)
  expect(rejects(await bench.ask(mutation, mixed))).toEqual([])
})

test('a value that is made up for one that is missing is found, an empty one is not', async () => {
  const invented = honest.replace(
    'created: issue.created',
    "created: issue.created ?? '2020-01-01T00:00:00Z'",
  )
  expect(rejects(await bench.ask(mutation, readIssue(invented)))).toEqual(['D2'])
  const empty = honest.replace('created: issue.created', "created: issue.created ?? ''")
  expect(findingsOf(await bench.ask(mutation, readIssue(empty)))).toEqual([])
  const other = honest.replace('title: issue.title', 'title: issue.title ?? issue.key')
  expect(findingsOf(await bench.ask(mutation, readIssue(other)))).toEqual([])
  const placeholder = honest.replace('title: issue.title', "title: issue.title ?? 'Untitled'")
  expect(findingsOf(await bench.ask(mutation, readIssue(placeholder)))).toMatchObject([
    { behaviour: 'D2', severity: 'warn' },
  ])
})

test('a value that is put together though the answer says it is told', async () => {
  const workedOut = readIssue(
    `return { title: issue.title, url: 'https://acme.example/issues/' + issue.key, email: issue.author?.login + '@acme.example' }`,
  )
  const findings = findingsOf(await bench.ask(mutation, workedOut))
  expect(findings).toMatchObject([{ behaviour: 'C6', severity: 'warn' }])
})
