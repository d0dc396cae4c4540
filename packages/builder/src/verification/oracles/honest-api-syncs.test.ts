import { afterAll, beforeAll, expect, test } from 'vitest'
import { crashResume } from './crash-resume.js'
import { faultSweep } from './fault-sweep.js'
import { findingsOf, openOracleBench, rejects } from './testing/oracle-bench.js'
import type { OracleBench, Trial } from './testing/oracle-bench.js'
import { portableOracles } from './testing/portable-oracles.js'
import { orders, sync } from './testing/small-functions.js'

let bench: OracleBench

beforeAll(async () => {
  bench = await openOracleBench()
})
afterAll(() => bench.close())

const save = (rows: string): string =>
  `await ctx.batchSave(${rows}.map(({ id, label }) => ({ id: String(id), label })), 'Order')`
const agent = { writes: 0, expectedStatuses: [304] }

const query =
  'query($after: String) { orders(after: $after) { nodes { id label } pageInfo { hasNextPage endCursor } } }'
const graphPage = (after: string | null, nodes: object[], endCursor: string | null) => ({
  ...{ method: 'POST', url: '/graphql', send: { query, variables: { after } } },
  answer: { data: { orders: { nodes, pageInfo: { hasNextPage: endCursor !== null, endCursor } } } },
})
const graph = (guard: string): Trial => ({
  calls: [
    graphPage(null, orders(11, 3), 'Y3Vyc29yOjI='),
    graphPage('Y3Vyc29yOjI=', orders(14, 2), null),
  ],
  source: sync({
    top: `const Node = z.object({ id: z.number(), label: z.string() })
const Answer = z.object({
  errors: z.array(z.object({ message: z.string() })).optional(),
  data: z.object({ orders: z.object({ nodes: z.array(Node.nullable()), pageInfo: z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullable() }) }) }),
})`,
    body: `await ctx.trackDeletesStart('Order')
    let after: string | null = null
    for (;;) {
      const response: { data: unknown } = await ctx.post({ endpoint: '/graphql', data: { query: '${query}', variables: { after } } })
      const { data, errors } = Answer.parse(response.data)
      ${guard}
      ${save('data.orders.nodes.filter((one) => one !== null)')}
      after = data.orders.pageInfo.endCursor
      if (!data.orders.pageInfo.hasNextPage) break
    }
    await ctx.trackDeletesEnd('Order')`,
  }),
})
const throws = "if (errors !== undefined) throw new Error('GraphQL: ' + (errors[0]?.message ?? ''))"

const unchanged = (isKnown: boolean, condition = "response.headers['etag']"): Trial => ({
  recorded: { checkpoint: isKnown ? { etag: '"v-41"' } : null },
  calls: [
    isKnown
      ? {
          ...{ url: '/orders', headers: { 'if-none-match': '"v-41"' } },
          ...{ status: 304, answer: undefined },
        }
      : { url: '/orders', answer: { orders: orders(11, 3) }, answerHeaders: { etag: '"v-41"' } },
  ],
  source: sync({
    members: 'checkpoint: z.object({ etag: z.string() }),',
    body: `const known = (await ctx.getCheckpoint())?.etag
    const response = await ctx.get({ endpoint: '/orders', headers: { ...(known !== undefined && { 'if-none-match': known }) }, expectedStatus: [304] })
    if (response.status === 304) return
    await ctx.trackDeletesStart('Order')
    ${save('Page.parse(response.data).orders')}
    await ctx.trackDeletesEnd('Order')
    const etag = ${condition}
    if (typeof etag === 'string') await ctx.saveCheckpoint({ etag })`,
  }),
})

const within: Trial = {
  calls: [
    { url: '/shops?page=1', answer: { shops: [{ key: 's-41' }, { key: 's-42' }], total_pages: 2 } },
    { url: '/shops/s-41/orders', answer: { orders: orders(11, 2), next: 'n-2' } },
    { url: '/shops/s-41/orders?after=n-2', answer: { orders: orders(13, 1), next: null } },
    { url: '/shops/s-42/orders', answer: { orders: [], next: null } },
    { url: '/shops?page=2', answer: { shops: [{ key: 's-43' }], total_pages: 2 } },
    { url: '/shops/s-43/orders', answer: { orders: orders(21, 1), next: null } },
  ],
  source: sync({
    top: 'const Shops = z.object({ shops: z.array(z.object({ key: z.string() })), total_pages: z.number() })',
    body: `await ctx.trackDeletesStart('Order')
    let pages = 1
    for (let page = 1; page <= pages; page += 1) {
      const { shops, total_pages } = Shops.parse((await ctx.get({ endpoint: '/shops', params: { page } })).data)
      pages = total_pages
      for (const { key } of shops) {
        let after: string | null | undefined
        do {
          const { data } = await ctx.get({ endpoint: '/shops/' + encodeURIComponent(key) + '/orders', params: { ...(after && { after }) } })
          const answer = Page.parse(data)
          ${save('answer.orders')}
          after = answer.next
        } while (after)
      }
    }
    await ctx.trackDeletesEnd('Order')`,
  }),
}

const since = '2026-01-01T00:00:00Z'
const marked = (id: number, at: string, isGone = false) => ({
  ...{ id, label: `Order number ${id}`, updated_at: at, deleted_at: isGone ? at : null },
})
const softDeleted: Trial = {
  recorded: { checkpoint: { since } },
  calls: [
    {
      url: `/orders?updated_since=${since}&page=1`,
      answer: {
        orders: [marked(11, '2026-01-03T08:00:00Z'), marked(12, '2026-01-04T08:00:00Z', true)],
        more: true,
      },
    },
    {
      url: `/orders?updated_since=${since}&page=2`,
      answer: { orders: [marked(13, '2026-01-05T09:30:00Z')], more: false },
    },
  ],
  source: sync({
    top: 'const Answer = z.object({ orders: z.array(z.object({ id: z.number(), label: z.string(), updated_at: z.string(), deleted_at: z.string().nullable() })), more: z.boolean() })',
    members: 'checkpoint: z.object({ since: z.string() }),',
    body: `const since = (await ctx.getCheckpoint())?.since
    let latest = since ?? ''
    for (let page = 1; ; page += 1) {
      const { data } = await ctx.get({ endpoint: '/orders', params: { ...(since !== undefined && { updated_since: since }), page } })
      const { orders, more } = Answer.parse(data)
      const gone = orders.filter(({ deleted_at }) => deleted_at !== null)
      ${save('orders.filter(({ deleted_at }) => deleted_at === null)')}
      if (gone.length > 0) await ctx.batchDelete(gone.map(({ id, label }) => ({ id: String(id), label })), 'Order')
      for (const { updated_at } of orders) if (updated_at > latest) latest = updated_at
      if (!more) break
    }
    if (latest !== '') await ctx.saveCheckpoint({ since: latest })`,
  }).replace("syncType: 'full'", "syncType: 'incremental'"),
}

const honest: Readonly<Record<string, Trial>> = {
  'reads GraphQL page by page': graph(throws),
  'begins to ask for what has changed': unchanged(false),
  'is told that nothing has changed': unchanged(true),
  'walks lists of lists': within,
  'finds things that are marked as deleted': softDeleted,
}

test.for(Object.entries(honest))('a sync that %s is honest', async ([, trial]) => {
  for (const oracle of portableOracles) {
    const result = await bench.ask(oracle, { ...trial, change: { declared: agent } })
    expect(result.ran ? rejects(result) : []).toEqual([])
    if (oracle.name === 'fault-sweep') expect(result.ran).toBe(true)
  }
})

test('a sync that passes over errors beside a part of the data is found', async () => {
  const change = { declared: agent }
  expect(rejects(await bench.ask(faultSweep, { ...graph(''), change }))).toContain('D3')
})

test('a condition that no answer has given asks for nothing', async () => {
  const madeUp = unchanged(false, 'new Date().toISOString()')
  expect(rejects(await bench.ask(crashResume, madeUp))).toEqual(['E5'])
})

const told = (answer: object): Trial => ({
  calls: [{ url: '/orders', answer: { ...answer, orders: orders(11, 3) } }],
  source: sync({
    body: `const { data } = await ctx.get({ endpoint: '/orders' })
    ${save('Page.parse(data).orders')}`,
  }),
})

test('errors that an answer can have are read, a word that it always has need not be', async () => {
  const asked = async (answer: object) =>
    findingsOf(await bench.ask(faultSweep, { ...told(answer), change: { declared: agent } })).map(
      ({ behaviour, severity }) => `${behaviour} ${severity}`,
    )
  expect(await asked({ errors: [] })).toEqual(['D3 reject'])
  expect(await asked({ Status: 'OK' })).toEqual(['D3 warn'])
  expect(await asked({ total: 3 })).toEqual([])
  expect(await asked({ errors: [{ message: 'Shop 9 does not answer.' }] })).toEqual([])
})
