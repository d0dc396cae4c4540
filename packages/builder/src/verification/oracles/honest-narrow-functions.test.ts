import { afterAll, beforeAll, expect, test } from 'vitest'
import { crashResume } from './crash-resume.js'
import { faultSweep } from './fault-sweep.js'
import { mutation } from './mutation.js'
import { requestContract } from './request-contract.js'
import { openOracleBench } from './testing/oracle-bench.js'
import type { OracleBench, Trial } from './testing/oracle-bench.js'
import {
  action,
  byOffset,
  created,
  cursorPages,
  offsetPages,
  oneOrder,
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

const honest: Readonly<Record<string, Trial>> = {
  'walks by cursor, with a bound that is high': {
    calls: cursorPages,
    source: sync({ body: walk(' && turn < 500') }),
  },
  'walks by offset': { calls: offsetPages, source: sync({ body: byOffset('true') }) },
  'goes on at its checkpoint in the next run': {
    calls: cursorPages,
    source: sync({
      members: 'checkpoint: z.object({ cursor: z.string() }),',
      body: `const kept = await ctx.getCheckpoint()
    let cursor: string | null | undefined = kept?.cursor
    for (let turn = 0; turn < 3; turn++) {
      const { data } = await ctx.get({ endpoint: '/orders', params: { ...(cursor ? { cursor } : {}) } })
      const page = Page.parse(data)
      await ctx.batchSave(page.orders.map(({ id, label }) => ({ id: String(id), label })), 'Order')
      cursor = page.next
      if (!cursor) return ctx.clearCheckpoint()
      await ctx.saveCheckpoint({ cursor })
    }`,
    }),
  },
  'keeps what it asked for in this run, and refuses bad input': {
    ...oneOrder,
    source: action({
      body: `if (input.id <= 0) throw new ctx.ActionError({ message: 'An id is at least 1.' })
    const seen = new Map<number, unknown>()
    if (!seen.has(input.id)) seen.set(input.id, (await ctx.get({ endpoint: \`/orders/\${input.id}\`, retries: 3 })).data)
    return Order.parse(seen.get(input.id))`,
    }),
  },
  'has options that work on what is answered, with defaults': {
    input: { id: 7 },
    calls: [{ url: '/orders', answer: { orders: [order(7), order(8)] } }],
    source: action({
      input:
        'id: z.number(), least: z.number().optional(), limit: z.number().default(50), upper: z.boolean().optional()',
      output: 'z.array(z.object({ id: z.number(), label: z.string() }))',
      body: `const { data } = await ctx.get({ endpoint: '/orders' })
    const rows = z.object({ orders: z.array(Order) }).parse(data).orders.filter((row) => row.id >= input.id && row.total > (input.least ?? 0))
    return rows.slice(0, input.limit).map(({ id, label }) => ({ id, label: input.upper ? label.toUpperCase() : label }))`,
    }),
  },
  'looks for one thing first, and asks for more only when it is there': {
    input: { id: 7 },
    calls: [
      { url: '/orders/7', answer: order(7) },
      { url: '/orders/7/lines', answer: [{ sku: 'A-100', count: 3 }] },
    ],
    source: action({
      output:
        'z.object({ id: z.number(), note: z.string().nullable(), skus: z.array(z.string()) })',
      body: `${read}${parsed}if (order.total > 1000000) return { id: order.id, note: order.note, skus: [] }
    const lines = await ctx.get({ endpoint: \`/orders/\${order.id}/lines\` })
    return { id: order.id, note: order.note, skus: z.array(z.object({ sku: z.string() })).parse(lines.data).map(({ sku }) => sku) }`,
    }),
  },
  'says when it was asked, and takes nothing for a 404': {
    ...oneOrder,
    change: { declared: { expectedStatuses: [404] } },
    source: action({
      output: 'Order.extend({ askedAt: z.string() }).nullable()',
      body: `const response = await ctx.get({ endpoint: \`/orders/\${input.id}\`, expectedStatus: [404] })
    if (response.status === 404) return null
    return { ...Order.parse(response.data), askedAt: new Date().toISOString() }`,
    }),
  },
  'returns what was kept, not what was sent': {
    ...created,
    source: action({
      input: 'label: z.string()',
      body: `const { data } = await ctx.post({ endpoint: '/orders', data: { label: input.label } })\nreturn Order.parse(data)`,
    }),
  },
  'takes things for what they are by their state': {
    input: { id: 7 },
    calls: [{ url: '/orders/7', answer: { ...order(7), state: 'sent', owner: null } }],
    source: action({
      output:
        'z.object({ id: z.number(), open: z.boolean(), size: z.string(), owner: z.string().nullable() })',
      body: `${read}const order = Order.extend({ state: z.string(), owner: z.object({ login: z.string() }).nullish().catch(null) }).parse(data)
    return { id: order.id, open: order.state === 'open', size: order.total > 100 ? 'large' : 'small', owner: order.owner?.login ?? null }`,
    }),
  },
}

test.for(Object.entries(honest))('honest: a function that %s', async ([, trial]) => {
  for (const oracle of [mutation, faultSweep, requestContract, crashResume, twoIdentities]) {
    const result = await bench.ask(oracle, trial)
    const bad = result.ran ? result.findings.filter(({ severity }) => severity === 'reject') : []
    expect(bad).toEqual([])
  }
})
