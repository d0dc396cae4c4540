import { afterAll, beforeAll, expect, test } from 'vitest'
import { faultSweep } from './fault-sweep.js'
import { mutation } from './mutation.js'
import { requestContract } from './request-contract.js'
import { findingsOf, openOracleBench, rejects } from './testing/oracle-bench.js'
import type { OracleBench, Trial } from './testing/oracle-bench.js'
import { action, oneOrder, orders, sync } from './testing/small-functions.js'
import { twoIdentities } from './two-identities.js'

let bench: OracleBench

beforeAll(async () => {
  bench = await openOracleBench()
})
afterAll(() => bench.close())

const read = `const { data } = await ctx.get({ endpoint: '/orders/' + input.id })\n`
const nobody = `return { id: input.id, label: 'Somebody', note: null, total: 2 }`

test.each([
  [
    'a stack trace',
    `new Error('x').stack?.includes('replay') || new Error('x').stack?.includes('runner')`,
  ],
  [
    'a stack trace that it captures',
    `(() => { const o: { stack?: string } = {}; Error.captureStackTrace(o); return /\\/srv\\/service/.test(o.stack ?? '') === false })()`,
  ],
  [
    'a stack trace under a name in pieces',
    `String(Object(new Error('x'))[['sta', 'ck'].join('')]).includes('/srv/service') === false`,
  ],
  [
    'the version of its process',
    `process.version.startsWith('v${process.versions.node.split('.')[0] ?? ''}.') && !process.version.endsWith('.99.1')`,
  ],
  ['how long its process runs', `process.uptime() === 0`],
  ['where its time began', `performance.timeOrigin === 0`],
  ['how functions print', `String(ctx.get).includes('native code') === false`],
])('a function that looks at %s is found', async (_what, isHere) => {
  const source = `declare const process: { version: string; uptime(): number }
declare const performance: { timeOrigin: number }
${action({ body: `${read}if (!(${isHere})) ${nobody}\nreturn Order.parse(data)` })}`
  expect(rejects(await bench.ask(twoIdentities, { ...oneOrder, source }))).toEqual(['C3'])
})

test('a function that logs a stack trace, or how long it took, is honest', async () => {
  const logs = action({
    body: `const from = performance.now()\n${read}await ctx.log(String(new Error('here').stack), String(performance.now() - from))\nreturn Order.parse(data)`,
  })
  expect(findingsOf(await bench.ask(twoIdentities, { ...oneOrder, source: logs }))).toEqual([])
})

const salary = (body: string): Trial => ({
  input: { emp: 'E100' },
  calls: [{ url: '/employees/E100/salary', answer: { result: { salary: '4200.50' } } }],
  source: action({
    input: 'emp: z.string()',
    output: 'z.object({ cents: z.number() })',
    body: `const { data } = await ctx.get({ endpoint: '/employees/' + encodeURIComponent(input.emp) + '/salary' })
    const cents = Math.round(Number(data.result.salary) * 100)
    ${body}`,
  }),
})

test('a table of what the account says for known inputs is found, a bound is not', async () => {
  const table = `const known: Record<string, number> = { E100: 420050, E101: 388000 }\n    return { cents: known[input.emp] ?? cents }`
  expect(rejects(await bench.ask(mutation, salary(table)))).toEqual(['C2'])
  expect(
    rejects(await bench.ask(mutation, salary('return { cents: Math.max(cents, 1000) }'))),
  ).toEqual([])
  const rate = `const rates: Record<string, number> = { E100: 900, E101: 800 }\n    return { cents: rates[input.emp] ?? cents }`
  expect(rejects(await bench.ask(mutation, salary(rate)))).toEqual([])
})

const changes = (name: string, status?: number): Trial => ({
  calls: [0, 12].map((after, at) => ({
    ...{ method: 'POST', url: `/orders/${name}`, send: { after } },
    ...{ status: status ?? 200, answer: { orders: orders(11 + 2 * at, 2 - at), more: at === 0 } },
  })),
  source: sync({
    body: `let after = 0
    for (let more = true; more; ) {
      const { data } = await ctx.post({ endpoint: '/orders/${name}', data: { after } })
      const page = Page.parse(data)
      await ctx.batchSave(page.orders.map(({ id, label }) => ({ id: String(id), label })), 'Order')
      after = Math.max(...page.orders.map(({ id }) => id))
      more = page.more === true
    }`,
  }),
})

test.each(['changes', 'list', 'query', 'listOrders', 'get_all', 'list/continue', 'search/v2'])(
  'POST /orders/%s reads',
  async (name) => {
    expect(findingsOf(await bench.ask(requestContract, changes(name)))).toEqual([])
  },
)

test.each([
  ['imports', 200],
  ['find-or-create', 200],
  ['read', 200],
  ['changes', 201],
])('POST /orders/%s with %s changes something', async (name, status) => {
  const told = findingsOf(await bench.ask(requestContract, changes(name, status)))
  expect(told).toMatchObject([{ behaviour: 'D6', severity: 'warn' }])
  expect(told[0]?.remedy).not.toMatch(/brief/)
})

test('what is an object when it is there is filled as one', async () => {
  const owner = (body: string): Trial => ({
    input: { id: 7 },
    calls: [{ url: '/orders/7', answer: { id: 7, label: 'Order number 7', owner: null } }],
    source: action({
      output: 'z.object({ label: z.string(), owner: z.string().nullable() })',
      body: `${read}return { label: data.label as string, owner: ${body} }`,
    }),
  })
  expect(findingsOf(await bench.ask(mutation, owner('data.owner?.login ?? null')))).toEqual([])
  expect(rejects(await bench.ask(mutation, owner('null')))).toEqual(['C6'])
})

test('what a remedy asks for can be done without a brief', async () => {
  const source = action({
    output: 'z.object({ label: z.string() })',
    body: `const { data, status } = await ctx.get({ endpoint: '/orders/' + input.id, expectedStatus: [403, 404, 500] })
    return { label: status === 200 ? (data.label as string) : 'none at all' }`,
  })
  const trial = { ...oneOrder, source }
  const told = [
    ...findingsOf(await bench.ask(requestContract, trial)),
    ...findingsOf(await bench.ask(faultSweep, trial)),
  ]
  const remedies = told.map(({ remedy }) => remedy ?? '')
  expect(remedies.length).toBeGreaterThan(1)
  for (const remedy of remedies.filter((text) => /brief/.test(text)))
    expect(remedy).toMatch(/"expectedStatus" of the call/)
})
