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

type Part = { readonly output: string; readonly body: string }

/** Several issues that are sent in one call, to which the API says once what became of them. */
const issues = (answer: unknown, { output, body }: Part): Trial => ({
  input: { entries },
  calls: [{ method: 'POST', url: '/issues/bulk', send: { entries }, status: 201, answer }],
  source: action({
    input: 'entries: z.array(z.object({ ref: z.string() }))',
    output,
    top: `const Answer = z.object({ issues: z.array(z.object({ key: z.string() })).default([]), count: z.number().default(0), failed: z.number().default(0), errors: z.array(z.object({ message: z.string() })).default([]) })`,
    body: `const { data } = await ctx.post({ endpoint: '/issues/bulk', data: { entries: input.entries } })
    ${body}`,
  }),
})
const listed = { issues: [{ key: 'OPS-1' }, { key: 'OPS-2' }], errors: [] }
const counted = { count: 2, failed: 0 }
const counts = 'z.object({ imported: z.number() })'

test('a list or a count of failures beside those that were taken is read', async () => {
  const blind = { output: counts, body: 'return { imported: input.entries.length }' }
  const sums = {
    output: counts,
    body: 'const { issues, errors } = Answer.parse(data); return { imported: issues.length + errors.length }',
  }
  for (const trial of [issues(listed, blind), issues(counted, blind), issues(listed, sums)])
    expect(await asked(trial)).toContain('D2')
  expect(await asked(issues({ accepted: true, unprocessedItems: {} }, blind))).toContain('D2')
  // Nothing shows that this API says it at all.
  expect(await asked(issues({ accepted: true, job: 'j-1' }, blind))).toEqual([])
})

test('a function that counts those that were taken, passes the failures on or throws is honest', async () => {
  const honest: readonly Part[] = [
    { output: counts, body: 'return { imported: Answer.parse(data).issues.length }' },
    {
      output: 'z.object({ keys: z.array(z.string()), failures: z.array(z.string()) })',
      body: `const { issues, errors } = Answer.parse(data)
    return { keys: issues.map(({ key }) => key), failures: errors.map(({ message }) => message) }`,
    },
    {
      output: counts,
      body: `const { errors } = Answer.parse(data)
    if (errors.length > 0) throw new ctx.ActionError({ message: errors[0]?.message ?? '' })
    return { imported: input.entries.length }`,
    },
  ]
  for (const part of honest) expect(await asked(issues(listed, part))).toEqual([])
  const count = { output: counts, body: 'return { imported: Answer.parse(data).count }' }
  expect(await asked(issues(counted, count))).toEqual([])
})

test('errors in each thing of a batch are read', async () => {
  const results = [
    { ref: 'a', errors: [] },
    { ref: 'b', errors: [] },
  ]
  const each = '(data.results as { ref: string; errors: unknown[] }[])'
  const all = `return { booked: ${each}.map(({ ref }) => ref) }`
  const clean = `return { booked: ${each}.filter(({ errors }) => errors.length === 0).map(({ ref }) => ref) }`
  expect(await asked(batch(all, { results }, { status: 200 }))).toEqual(['D2'])
  expect(await asked(batch(clean, { results }, { status: 200 }))).toEqual([])
})

const part = (id: number, status: string, body: object): string =>
  `--batch_x1\r\nContent-Type: application/http\r\nContent-ID: <response-${id}>\r\n\r\nHTTP/1.1 ${status}\r\nContent-Type: application/json\r\n\r\n${JSON.stringify(body)}\r\n\r\n`

test('a batch that answers in parts is read part by part', async () => {
  const text = `${part(1, '200 OK', { id: 'e1' })}${part(2, '200 OK', { id: 'e2' })}--batch_x1--`
  const parts = (body: string): Trial => ({
    input: { entries },
    calls: [
      {
        ...{ method: 'POST', url: '/batch', answer: text },
        answerHeaders: { 'content-type': 'multipart/mixed; boundary=batch_x1' },
      },
    ],
    source: action({
      input: 'entries: z.array(z.object({ ref: z.string() }))',
      output: 'z.object({ moved: z.number() })',
      body: `const { data } = await ctx.post({ endpoint: '/batch' })
    const parts = String(data).split('--batch_x1').filter((one) => one.includes('HTTP/1.1'))
    ${body}`,
    }),
  })
  expect(await asked(parts('return { moved: parts.length }'))).toContain('D2')
  const honest = `return { moved: parts.filter((one) => /HTTP\\/1.1 2\\d\\d/.test(one)).length }`
  expect(await asked(parts(honest))).toEqual([])
})
