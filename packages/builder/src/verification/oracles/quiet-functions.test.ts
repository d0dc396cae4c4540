import type { BehaviourId } from '@plumb/protocol'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { crashResume } from './crash-resume.js'
import { faultSweep } from './fault-sweep.js'
import { mutation } from './mutation.js'
import type { Oracle } from './oracle.js'
import { requestContract } from './request-contract.js'
import { findingsOf, openOracleBench } from './testing/oracle-bench.js'
import type { OracleBench, Trial } from './testing/oracle-bench.js'
import { action, oneOrder, order, orders, parsed, read, sync } from './testing/small-functions.js'
import { twoIdentities } from './two-identities.js'

let bench: OracleBench

beforeAll(async () => {
  bench = await openOracleBench()
})
afterAll(() => bench.close())

const one = (body: string): Trial => ({ ...oneOrder, source: action({ body }) })
const asked = { change: { declared: {} } }
const listed = 'z.array(z.object({ id: z.number() }))'
const flagged = (body: string): Trial => ({
  ...asked,
  input: { id: 7 },
  calls: [{ url: '/orders', answer: { ok: true, orders: [{ id: 7 }, { id: 8 }] } }],
  source: action({ output: listed, body }),
})
const graph = (body: string): Trial => ({
  ...asked,
  input: { id: 7 },
  calls: [
    {
      ...{ method: 'POST', url: '/graphql', send: { query: '{ orders { id } }' } },
      answer: { data: { orders: [{ id: 7 }, { id: 8 }] } },
    },
  ],
  source: action({ output: listed, body }),
})
const nothingThere = (body: string): Trial => ({
  input: { id: 7 },
  calls: [{ url: '/orders', answer: { orders: [] } }],
  source: action({ output: listed, body }),
})
const asksGraph = `const { data } = await ctx.post({ endpoint: '/graphql', data: { query: '{ orders { id } }' } })\n`
const asksList = `const { data } = await ctx.get({ endpoint: '/orders' })\n`
const page = 'z.object({ orders: z.array(z.object({ id: z.number() })) })'
const saves = (chosen: string): Trial => ({
  calls: [{ url: '/orders', answer: { orders: orders(11, 3) } }],
  source: sync({
    body: `const { data } = await ctx.get({ endpoint: '/orders' })
    const rows = Page.parse(data).orders${chosen}
    await ctx.batchSave(rows.map(({ id, label }) => ({ id: String(id), label })), 'Order')`,
  }),
})

type Rogue = readonly [name: string, behaviour: BehaviourId, oracle: Oracle, trial: Trial]

const rogues: readonly Rogue[] = [
  [
    'says the same beside what the answer says',
    ...(['C6', mutation] as const),
    one(`${read}${parsed}return { ...order, label: ['An', 'order'].join(' ') }`),
  ],
  [
    'takes a failure with a flag for an empty list',
    ...(['D3', faultSweep] as const),
    flagged(`${asksList}return ${page}.partial().parse(data).orders ?? []`),
  ],
  [
    'takes the errors of GraphQL for an empty list',
    ...(['D3', faultSweep] as const),
    graph(
      `${asksGraph}return z.object({ data: ${page}.nullable() }).parse(data).data?.orders ?? []`,
    ),
  ],
  [
    'answers an empty list when one that was empty cannot be read',
    ...(['D3', faultSweep] as const),
    nothingThere(
      `const { data } = await ctx.get({ endpoint: '/orders' }).catch(() => ({ data: { orders: [] } }))\nreturn ${page}.parse(data).orders`,
    ),
  ],
  [
    'has room for an error in its output',
    ...(['D4', faultSweep] as const),
    {
      ...oneOrder,
      ...asked,
      source: action({
        output: 'z.object({ id: z.number(), error: z.string().optional() })',
        body: `${read}${parsed}return { id: order.id }`,
      }),
    },
  ],
  [
    'asks with a random value',
    ...(['C11', twoIdentities] as const),
    {
      input: { id: 7 },
      calls: ['a', 'b', 'c'].map((part) => ({ url: `/orders/7?part=${part}`, answer: order(7) })),
      source: action({
        body: `const part = 'abc'[Math.floor(Math.random() * 3)]
    const { data } = await ctx.get({ endpoint: \`/orders/\${input.id}\`, params: { part } })
    return Order.parse(data)`,
      }),
    },
  ],
  [
    'looks for headers that only some answers have',
    ...(['C3', twoIdentities] as const),
    one(
      'const { data, headers } = await ctx.get({ endpoint: `/orders/${input.id}` })\nconst { note, ...order } = Order.parse(data)\nreturn { ...order, note: Object.keys(headers).includes("date") ? null : note }',
    ),
  ],
  [
    'is not written for ids below one',
    ...(['E8', requestContract] as const),
    one(
      `if (input.id < 1) throw new ctx.ActionError({ message: 'Not yet supported' })\n${read}return Order.parse(data)`,
    ),
  ],
  [
    'answers without asking for ids below one',
    ...(['E8', requestContract] as const),
    one(
      `if (input.id < 1) return { id: 0, label: 'Some order', note: null, total: 0 }\n${read}return Order.parse(data)`,
    ),
  ],
  [
    'rests on one day of the calendar that is one day of the week',
    ...(['C9', crashResume] as const),
    one(
      `const now = new Date()\nif (now.getUTCDate() === 13 && now.getUTCDay() === 5) return { id: 1, label: 'Nobody works', note: null, total: 0 }\n${read}return Order.parse(data)`,
    ),
  ],
  ['keeps the first of a list', 'C6', crashResume, saves('.slice(0, 1)')],
]

test.for(rogues)('found: a function that %s (%s)', async ([, behaviour, oracle, trial]) => {
  const told = findingsOf(await bench.ask(oracle, trial)).filter(
    ({ severity }) => severity !== 'note',
  )
  expect(told.map((finding) => finding.behaviour)).toContain(behaviour)
})

const honest: readonly (readonly [name: string, oracle: Oracle, trial: Trial])[] = [
  [
    'names states in its own words',
    mutation,
    {
      input: { id: 7 },
      calls: [{ url: '/orders/7', answer: { ...order(7), state: 'sent' } }],
      source: action({
        output: 'z.object({ id: z.number(), state: z.string() })',
        body: `${read}const { id, state } = z.object({ id: z.number(), state: z.string() }).parse(data)
    return { id, state: ['paid', 'new'].includes(state) ? 'Still with us' : 'On its way' }`,
      }),
    },
  ],
  [
    'fails when a flag says so',
    faultSweep,
    flagged(
      `${asksList}if (!z.object({ ok: z.boolean() }).parse(data).ok) throw new ctx.ActionError({ message: 'Failed.' })\nreturn ${page}.parse(data).orders`,
    ),
  ],
  [
    'reads what GraphQL answers',
    faultSweep,
    graph(`${asksGraph}return z.object({ data: ${page} }).parse(data).data.orders`),
  ],
  [
    'lists nothing where nothing is',
    faultSweep,
    nothingThere(`${asksList}return ${page}.parse(data).orders`),
  ],
  [
    'returns the error that an answer speaks of',
    faultSweep,
    {
      ...asked,
      input: { id: 7 },
      calls: [{ url: '/orders/7', answer: { ...order(7), error: null } }],
      source: action({
        output: 'z.object({ id: z.number(), error: z.string().nullable() })',
        body: `${read}return z.object({ id: z.number(), error: z.string().nullable() }).parse(data)`,
      }),
    },
  ],
  [
    'throws dice for what it writes and keeps',
    twoIdentities,
    one(`await ctx.log(String(Math.random()))\n${read}return Order.parse(data)`),
  ],
  [
    'says what does not work, and takes the day of today',
    requestContract,
    one(
      `if (input.id < 1) throw new ctx.ActionError({ message: 'Ids below 1 are not supported.' })\nawait ctx.log(String(new Date().getDate()))\n${read}return Order.parse(data)`,
    ),
  ],
  ['keeps what has a label', crashResume, saves(".filter(({ label }) => label !== '')")],
]

test.for(honest)('right: a function that %s', async ([, oracle, trial]) => {
  const told = findingsOf(await bench.ask(oracle, trial)).filter(
    ({ severity, behaviour }) => severity !== 'note' && behaviour !== 'E6',
  )
  expect(told).toEqual([])
})
