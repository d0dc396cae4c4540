import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ApiDescription, JsonSchema } from '@plumb/protocol'
import * as sample from '../testing/sample-attempt.js'
import { requestContract } from './request-contract.js'
import { findingsOf, openOracleBench, rejects } from './testing/oracle-bench.js'
import type { OracleBench, RecordedCall, Trial } from './testing/oracle-bench.js'
import { twoIdentities } from './two-identities.js'

let bench: OracleBench

beforeAll(async () => {
  bench = await openOracleBench()
})
afterAll(() => bench.close())

const post: RecordedCall = {
  method: 'POST',
  url: '/issues',
  send: { title: 'Leak' },
  answer: { id: 'i-9' },
  status: 201,
}

function action(exec: string, calls: Trial['calls'], change: Trial['change'] = {}): Trial {
  return {
    source: `import { createAction } from '@plumb/sdk'
import { z } from 'zod'
let runs = 0
export default createAction({
  description: 'Test', input: z.object({ title: z.string() }), output: z.unknown(),
  exec: async (ctx, input) => {
    const create = (data: unknown = input) => ctx.post<{ id: string }>({ endpoint: '/issues', data })
    runs += 1
    ${exec}
  },
})`,
    calls,
    input: { title: 'Leak' },
    change,
  }
}

test('one write is what an action makes', async () => {
  const once = action(`return { id: (await create()).data.id }`, [post])
  expect(findingsOf(await bench.ask(requestContract, once))).toEqual([])
  const twice = action(`await create(); return { id: (await create()).data.id }`, [post, post])
  expect(rejects(await bench.ask(requestContract, twice))).toEqual(['D6'])
})

test('a second write that is refused is one too many', async () => {
  const refused = { ...post, status: 409, answer: { existing: 'i-9' } }
  const trial = action(
    `await create()
    try { await create() } catch (error) { return { id: (error as any).response.data.existing } }
    return {}`,
    [post, refused],
  )
  expect(rejects(await bench.ask(requestContract, trial))).toEqual(['D6'])
})

test('two different writes are a warning until somebody says how many there may be', async () => {
  const calls = [post, { ...post, send: { title: 'Other' }, answer: { id: 'i-10' } }]
  const exec = `await create(); return { id: (await create({ title: 'Other' })).data.id }`
  const severity = async (change: Trial['change']) =>
    findingsOf(await bench.ask(requestContract, action(exec, calls, change))).map(
      (one) => one.severity,
    )
  expect(await severity({})).toEqual(['warn'])
  expect(await severity({ declared: { writes: 1 } })).toEqual(['reject'])
  expect(await severity({ declared: { writes: 2 } })).toEqual([])
})

function describedWith(schema: JsonSchema): ApiDescription {
  const operations = sample.description.operations.map((one) => ({
    ...one,
    requestBody:
      one.id === 'issues.create'
        ? { contentType: 'application/json', required: true, schema }
        : null,
  }))
  return { ...sample.description, operations, schemas: { Title: { type: 'string' } } }
}

test('a body that the description does not allow is told, what it leaves open is not', async () => {
  const trial = (schema: JsonSchema, operations = ['issues.create']): Trial =>
    action(`return { id: (await create()).data.id }`, [post], {
      declared: { description: describedWith(schema), operations },
    })
  const title: JsonSchema = { $ref: '#/schemas/Title' }
  const right = trial({ type: 'object', required: ['title'], properties: { title } })
  expect(findingsOf(await bench.ask(requestContract, right))).toEqual([])
  const wrong = trial({
    type: 'object',
    required: ['title', 'project'],
    properties: { title: { type: 'array' } },
  })
  const messages = findingsOf(await bench.ask(requestContract, wrong)).map(({ message }) => message)
  expect(messages.join()).toMatch(/"project" is missing.*"title" is of type string, not array/)
  const open = trial({ anyOf: [{ type: 'array' }, { type: 'object' }] })
  expect(findingsOf(await bench.ask(requestContract, open))).toEqual([])
  const other = trial({ type: 'object' }, ['issues.list'])
  expect(findingsOf(await bench.ask(requestContract, other))).toMatchObject([{ behaviour: 'E3' }])
})

test('a function is the same in a new process, in a used one, and under another name', async () => {
  const honest = action(`return { id: (await create()).data.id, by: ctx.connectionId }`, [post])
  expect(rejects(await bench.ask(twoIdentities, honest))).toEqual([])
  const known = action(
    `const { id } = (await create()).data; return { id: ctx.connectionId === 'test' ? id : 'none' }`,
    [post],
  )
  expect(rejects(await bench.ask(twoIdentities, known))).toEqual(['C3'])
  const counted = action(`const { id } = (await create()).data; return { id, runs }`, [post])
  expect(rejects(await bench.ask(twoIdentities, counted))).toEqual([])
})

test('names of other connections differ from function to function', async () => {
  const knows = action(
    `const { id } = (await create()).data
    const known = ctx.connectionId.length === 36 || ctx.connectionId === '${sample.connection.connectionId}'
    return { id: known ? id : 'none' }`,
    [post],
  )
  expect(rejects(await bench.ask(twoIdentities, knows))).toEqual(['C3'])
})

test('a function whose success is luck is found; one that returns something random is not', async () => {
  const lucky = action(
    `const { id } = (await create()).data
    runs = 0
    if (Math.floor(Math.random() * 1000) % 2 === LUCK) throw new Error('Not this time.')
    return { id }`,
    [post],
  )
  const ended = await Promise.all(
    ['0', '1'].map(async (luck) =>
      bench.ask(twoIdentities, { ...lucky, source: lucky.source.replace('LUCK', luck) }),
    ),
  )
  const ran = ended.filter((result) => result.ran)
  expect(ran.length).toBeGreaterThan(0)
  for (const result of ran) expect(rejects(result)).toEqual(['C10'])
  const random = action(`return { id: (await create()).data.id, nonce: Math.random() }`, [post])
  expect(rejects(await bench.ask(twoIdentities, random))).toEqual([])
})

test('a second write for other inputs is told, and a status that nobody declared', async () => {
  const more = action(
    `const { id } = (await create()).data
    if (input.title !== 'Leak') await create({ title: 'Again' })
    return { id }`,
    [post],
  )
  expect(findingsOf(await bench.ask(requestContract, more))).toMatchObject([{ behaviour: 'D6' }])
  const soft = action(
    `const allowed = ['404'].map(Number)
    const { data } = await ctx.post({ endpoint: '/issues', data: input, expectedStatus: allowed })
    return data`,
    [post],
    { declared: {} },
  )
  expect(findingsOf(await bench.ask(requestContract, soft))).toMatchObject([{ behaviour: 'D2' }])
  const declared = { ...soft, change: { declared: { expectedStatuses: [404] } } }
  expect(findingsOf(await bench.ask(requestContract, declared))).toEqual([])
})
