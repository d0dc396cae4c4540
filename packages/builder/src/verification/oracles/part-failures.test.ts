import { afterAll, beforeAll, expect, test } from 'vitest'
import { faultSweep } from './fault-sweep.js'
import { findingsOf, openOracleBench, rejects } from './testing/oracle-bench.js'
import type { OracleBench, RecordedCall, Trial } from './testing/oracle-bench.js'
import { action } from './testing/small-functions.js'

let bench: OracleBench

beforeAll(async () => {
  bench = await openOracleBench()
})
afterAll(() => bench.close())

const taken = { ref: 'a', code: 201, entry: { id: 'hr-8812' } }
const refused = { ref: 'b', code: 422, reason: 'unknown employee' }
const entries = [{ ref: 'a' }, { ref: 'b' }]

const batch = (body: string, answer: unknown, told: Partial<Trial & RecordedCall> = {}): Trial => ({
  input: { entries },
  calls: [
    {
      ...{ method: 'POST', url: '/hours/batch', send: { entries }, answer },
      status: told.status ?? 207,
    },
  ],
  source: action({
    input: 'entries: z.array(z.object({ ref: z.string() }))',
    output: told.source ?? 'z.object({ booked: z.array(z.string()) })',
    top: `const Answer = z.object({ results: z.array(z.object({ ref: z.string(), code: z.number(), entry: z.object({ id: z.string() }).optional(), reason: z.string().optional() })) })`,
    body: `const { data } = await ctx.post({ endpoint: '/hours/batch', data: { entries: input.entries } })
    ${body}`,
  }),
})

const asked = async (trial: Trial) => rejects(await bench.ask(faultSweep, trial))

test('a batch of which a part is refused is not done', async () => {
  const all = 'return { booked: Answer.parse(data).results.map(({ ref }) => ref) }'
  for (const results of [[taken, refused], [taken]]) {
    expect(await asked(batch(all, { results }))).toEqual(['D2'])
  }
  const sent = 'return { booked: input.entries.map(({ ref }) => ref) }'
  expect(await asked(batch(sent, { results: [taken, { ...taken, ref: 'b' }] }))).toContain('D2')
  const flags = {
    results: [
      { ref: 'a', success: true },
      { ref: 'b', success: true },
    ],
  }
  expect(await asked(batch(sent, flags, { status: 200 }))).toContain('D2')
})

test('a function that tells what was refused, leaves it out, throws or goes by the id is honest', async () => {
  const told = `const { results } = Answer.parse(data)
    return { booked: results.filter(({ code }) => code < 300).map(({ ref }) => ref) }`
  const strict = `const { results } = Answer.parse(data)
    const refused = results.find(({ code }) => code >= 300)
    if (refused) throw new ctx.ActionError({ message: refused.reason ?? '' })
    return { booked: results.map(({ ref }) => ref) }`
  const byId = `return { booked: Answer.parse(data).results.flatMap(({ entry }) => (entry ? [entry.id] : [])) }`
  expect(await asked(batch(told, { results: [taken, refused] }))).toEqual([])
  for (const body of [told, strict, byId]) {
    expect(await asked(batch(body, { results: [taken, { ...taken, ref: 'b' }] }))).toEqual([])
  }
})

test('a result that says nothing is for a person to look at', async () => {
  const silent = batch(
    'return data.results ? {} : {}',
    { results: [taken] },
    { source: 'z.object({})' },
  )
  const told = findingsOf(await bench.ask(faultSweep, silent))
  expect(told.filter(({ message }) => /one of the things/.test(message))).toMatchObject([
    { behaviour: 'D2', severity: 'warn' },
  ])
})

test('a status that belongs to the thing itself is not that of the batch', async () => {
  const orders = {
    orders: [
      { ref: 'a', status: 'accepted', id: 'o-1' },
      { ref: 'b', status: 'accepted', id: 'o-2' },
    ],
  }
  const ids = `return { booked: z.object({ orders: z.array(z.object({ id: z.string() })) }).parse(data).orders.map(({ id }) => id) }`
  expect(await asked(batch(ids, orders, { status: 200 }))).toEqual([])
})
