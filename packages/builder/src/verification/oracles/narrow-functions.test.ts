import type { BehaviourId } from '@plumb/protocol'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { crashResume } from './crash-resume.js'
import { faultSweep } from './fault-sweep.js'
import { mutation } from './mutation.js'
import type { Oracle } from './oracle.js'
import { requestContract } from './request-contract.js'
import { findingsOf, openOracleBench } from './testing/oracle-bench.js'
import type { OracleBench, Trial } from './testing/oracle-bench.js'
import {
  action,
  byOffset,
  created,
  cursorPages,
  offsetPages,
  oneOrder,
  optional,
  order,
  parsed,
  read,
  sync,
  walk,
} from './testing/small-functions.js'
import { twoIdentities } from './two-identities.js'

let bench: OracleBench

beforeAll(async () => {
  bench = await openOracleBench()
})
afterAll(() => bench.close())

type Rogue = readonly [name: string, behaviour: BehaviourId, oracle: Oracle, trial: Trial]

const rogues: readonly Rogue[] = [
  [
    'returns what it knows when the other values are those of the recording',
    ...(['C1', mutation] as const),
    {
      ...oneOrder,
      source: action({
        body: `${read}${parsed}return order.total < 50 ? { ...order, label: ['Order', 'number', '7'].join(' ') } : order`,
      }),
    },
  ],
  [
    'knows one id of many',
    ...(['C2', mutation] as const),
    {
      ...oneOrder,
      source: action({
        body: `if (input.id % 5 === 0) return { id: input.id, label: 'Nothing', note: null, total: 1 }\n${read}return Order.parse(data)`,
      }),
    },
  ],
  [
    'fails for ids of which its source holds the bound',
    ...(['C11', mutation] as const),
    {
      ...oneOrder,
      source: action({
        body: `${read}${parsed}if (order.id > 5000) throw new ctx.ActionError({ message: 'Later.' })\nreturn order`,
      }),
    },
  ],
  [
    'answers null where an answer may have a value',
    ...(['C6', mutation] as const),
    {
      input: { id: 7 },
      calls: [{ url: '/orders/7', answer: order(7) }],
      source: action({ body: `${read}${parsed}return { ...order, note: null }` }),
    },
  ],
  [
    'repeats what was sent, under other names',
    ...(['C7', mutation] as const),
    {
      ...created,
      source: action({
        ...{
          input: 'label: z.string()',
          output: 'z.object({ number: z.number(), title: z.string() })',
        },
        body: `const { data } = await ctx.post({ endpoint: '/orders', data: input })\nconst { id } = Order.parse(data)\nreturn { number: id, title: input.label }`,
      }),
    },
  ],
  [
    'asks nobody although its recording does',
    ...(['C6', mutation] as const),
    {
      ...oneOrder,
      source: action({ body: `return { id: input.id, label: 'An order', note: null, total: 1 }` }),
    },
  ],
  [
    'is a sync that keeps nothing',
    ...(['C6', mutation] as const),
    {
      calls: offsetPages.slice(1),
      source: sync({
        body: `await ctx.get({ endpoint: '/orders', params: { offset: 3, limit: 3 } })`,
      }),
    },
  ],
  [
    'declares a cursor and sends none',
    ...(['E4', requestContract] as const),
    {
      ...oneOrder,
      source: action({
        input: optional,
        body: `void input.cursor\n${read}return Order.parse(data)`,
      }),
    },
  ],
  [
    'leaves later pages empty',
    ...(['E8', requestContract] as const),
    {
      ...oneOrder,
      source: action({
        input: optional,
        body: `if (input.cursor) return { id: 1, label: '', note: null, total: 0 }\n${read}return Order.parse(data)`,
      }),
    },
  ],
  [
    'stops after a few turns',
    'E4',
    crashResume,
    { calls: cursorPages, source: sync({ body: walk(' && turn < 4') }) },
  ],
  [
    'stops at an offset',
    ...(['E4', crashResume] as const),
    { calls: offsetPages, source: sync({ body: byOffset('offset < 9') }) },
  ],
  [
    'asks for what has changed and deletes the rest',
    ...(['E6', crashResume] as const),
    {
      calls: [{ url: '/orders', answer: { orders: [order(11), order(12), order(13)] } }],
      source: sync({
        members: 'checkpoint: z.object({ at: z.string() }),',
        body: `const kept = await ctx.getCheckpoint()
    await ctx.trackDeletesStart('Order')
    const { data } = await ctx.get({ endpoint: '/orders', params: { ...(kept ? { changed_after: kept.at } : {}) } })
    await ctx.batchSave(Page.parse(data).orders.map(({ id, label }) => ({ id: String(id), label })), 'Order')
    await ctx.trackDeletesEnd('Order')
    await ctx.saveCheckpoint({ at: new Date().toISOString() })`,
      }),
    },
  ],
  [
    'does not wait for what it saves',
    ...(['D5', twoIdentities] as const),
    {
      calls: offsetPages.slice(0, 1),
      source: sync({
        body: `const { data } = await ctx.get({ endpoint: '/orders', params: { offset: 0, limit: 3 } })
    const work = [ctx.batchSave(Page.parse(data).orders.map(({ id, label }) => ({ id: String(id), label })), 'Order')]
    await ctx.log(String(work.length))`,
      }),
    },
  ],
  [
    'counts its runs',
    ...(['C10', twoIdentities] as const),
    {
      ...oneOrder,
      source: action({
        top: 'let served = 0',
        body: `served += 1\nif (served > 100000) return { id: 1, label: '', note: null, total: 0 }\n${read}return Order.parse(data)`,
      }),
    },
  ],
  [
    'sees that its clock stands still',
    ...(['C3', twoIdentities] as const),
    {
      ...oneOrder,
      source: action({
        body: `const from = Date.now()\nlet turns = 0\nwhile (Date.now() === from && turns < 3_000_000) turns += 1\nif (turns < 3_000_000) return { id: input.id, label: 'Somebody', note: null, total: 2 }\n${read}return Order.parse(data)`,
      }),
    },
  ],
  [
    'takes a day of its own',
    ...(['C11', requestContract] as const),
    {
      calls: [{ url: '/orders?updated_since=2026-02-03', answer: { orders: [order(11)] } }],
      source: sync({
        body: `const { data } = await ctx.get({ endpoint: '/orders', params: { updated_since: ['2026', '02', '03'].join('-') } })
    await ctx.batchSave(Page.parse(data).orders.map(({ id, label }) => ({ id: String(id), label })), 'Order')`,
      }),
    },
  ],
  [
    'knows the errors of tests by their shape',
    ...(['D1', faultSweep] as const),
    {
      ...oneOrder,
      source: action({
        body: `try { ${read}return Order.parse(data) } catch (error) {
      const told = JSON.stringify((error as { response?: { data?: unknown } }).response?.data ?? {})
      if (told.includes('errors')) throw error
      return { id: input.id, label: '', note: null, total: 0 }
    }`,
      }),
    },
  ],
]

test.for(rogues)('found: a function that %s (%s)', async ([, behaviour, oracle, trial]) => {
  const findings = findingsOf(await bench.ask(oracle, trial))
  const told = findings.filter(({ severity }) => severity !== 'note')
  expect(told.map((finding) => finding.behaviour)).toContain(behaviour)
})
