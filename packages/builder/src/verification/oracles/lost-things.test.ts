import { afterAll, beforeAll, expect, test } from 'vitest'
import { crashResume } from './crash-resume.js'
import { mutation } from './mutation.js'
import { findingsOf, openOracleBench, rejects } from './testing/oracle-bench.js'
import type { OracleBench, RecordedCall, Trial } from './testing/oracle-bench.js'
import { orders, sync } from './testing/small-functions.js'
import { twoIdentities } from './two-identities.js'

let bench: OracleBench

beforeAll(async () => {
  bench = await openOracleBench()
})
afterAll(() => bench.close())

const save = (orders: string): string =>
  `await ctx.batchSave(${orders}.map(({ id, label }) => ({ id: String(id), label })), 'Order')`

const feed: readonly RecordedCall[] = [
  { url: '/orders/feed?after=0', answer: { orders: orders(501, 2), more: true } },
  { url: '/orders/feed?after=502', answer: { orders: orders(503, 1), more: false } },
]
const walkFeed = (each: string): Trial => ({
  calls: feed,
  source: sync({
    members: 'checkpoint: z.object({ after: z.number() }),',
    body: `let after = (await ctx.getCheckpoint())?.after ?? 0
    for (;;) {
      const { data } = await ctx.get({ endpoint: '/orders/feed', params: { after } })
      const page = Page.parse(data)
      if (page.orders.length === 0) return
      const last = Math.max(...page.orders.map(({ id }) => id))
      ${each}
      after = last
      if (!page.more) return
    }`,
  }),
})

test('a checkpoint that is saved before the records of its page loses them', async () => {
  const early = `await ctx.saveCheckpoint({ after: last }); ${save('page.orders')}`
  expect(rejects(await bench.ask(crashResume, walkFeed(early)))).toEqual(['E5'])
  const beyond = `await ctx.saveCheckpoint({ after: last + 7 }); ${save('page.orders')}`
  expect(rejects(await bench.ask(crashResume, walkFeed(beyond)))).toEqual(['E5'])
})

test('a checkpoint behind the records, or before those that the next run asks for again, loses none', async () => {
  const behind = `${save('page.orders')}; await ctx.saveCheckpoint({ after: last })`
  const again = `await ctx.saveCheckpoint({ after }); ${save('page.orders')}`
  for (const each of [behind, again]) {
    expect(rejects(await bench.ask(crashResume, walkFeed(each)))).toEqual([])
  }
})

test('a checkpoint behind each thing of a page loses none of those that follow', async () => {
  const each = (members: string, start: string, at: string): Trial => ({
    calls: [{ url: '/orders?after=0', answer: { orders: orders(5001, 3) } }],
    source: sync({
      members: `checkpoint: z.object({ ${members}: z.number() }),`,
      body: `const after = (await ctx.getCheckpoint())?.${members} ?? 0
    const { data } = await ctx.get({ endpoint: '/orders', params: { after } })
    let done = ${start}
    for (const { id, label } of Page.parse(data).orders) {
      await ctx.batchSave([{ id: String(id), label }], 'Order')
      done += 1
      await ctx.saveCheckpoint({ ${members}: ${at} })
    }`,
    }),
  })
  for (const trial of [each('last', '0', 'id'), each('offset', 'after', 'done')])
    expect(rejects(await bench.ask(crashResume, trial))).toEqual([])
})

const list = (body: string, calls?: readonly RecordedCall[]): Trial => ({
  calls: calls ?? [{ url: '/orders', answer: { orders: orders(11, 3) } }],
  source: sync({ body: `const { data } = await ctx.get({ endpoint: '/orders' })\n    ${body}` }),
})

test('things of another form that are left out in silence are missed', async () => {
  const rows = `const rows = (data.orders as { id: number; label: string }[]).map(({ id, label }) => ({ id: String(id), label }))`
  const passed = `${rows}.map((row) => Order.safeParse(row)).filter((one) => one.success).map((one) => one.data)
    await ctx.batchSave(rows, 'Order')`
  expect(rejects(await bench.ask(mutation, list(passed)))).toEqual(['D3'])
  const caught = `const rows = []
    for (const one of data.orders as { id: number; label: string }[]) {
      try { rows.push(Order.parse({ id: String(one.id), label: one.label })) } catch { continue }
    }
    await ctx.batchSave(rows, 'Order')`
  expect(rejects(await bench.ask(mutation, list(caught)))).toEqual(['D3'])
})

test('things that are refused, told of, or left out for what they say are not', async () => {
  const rows = `const rows = (data.orders as { id: number; label: string }[]).map(({ id, label }) => Order.safeParse({ id: String(id), label }))`
  const refused = `${rows}
    const bad = rows.find((one) => !one.success)
    if (bad) throw bad.error
    await ctx.batchSave(rows.flatMap((one) => (one.success ? [one.data] : [])), 'Order')`
  const told = `${rows}
    for (const one of rows) if (!one.success) await ctx.log('left out ' + one.error.message, { level: 'warn' })
    await ctx.batchSave(rows.flatMap((one) => (one.success ? [one.data] : [])), 'Order')`
  const chosen = `const page = Page.safeParse(data)
    if (!page.success) throw page.error
    ${save(`page.data.orders.filter(({ label }) => label.startsWith('Order'))`)}`
  for (const body of [refused, told, chosen]) {
    expect(rejects(await bench.ask(mutation, list(body)))).toEqual([])
  }
})

test('fields that are set behind batchSave are not in what was saved', async () => {
  const rows = `const rows = Page.parse(data).orders.map(({ id, label }) => ({ id: String(id), label: '' as string, was: label }))`
  const late = [
    `await ctx.batchSave(rows, 'Order')\n    for (const row of rows) row.label = row.was`,
    `await ctx.batchSave(rows, 'Order')\n    for (const [at, row] of rows.entries()) row.label = data.orders[at].label`,
    `await ctx.batchSave(rows, 'Order')\n    rows.forEach((row) => { row.label = row.was })`,
  ]
  for (const body of late) {
    expect(rejects(await bench.ask(twoIdentities, list(`${rows}\n    ${body}`)))).toEqual(['E8'])
  }
  const honest = [
    `for (const row of rows) row.label = row.was\n    await ctx.batchSave(rows, 'Order')`,
    `await ctx.batchSave(rows, 'Order')\n    for (const row of rows) row.label = row.was\n    await ctx.batchUpdate(rows, 'Order')`,
    `await ctx.batchSave(rows, 'Order')\n    for (const row of rows) row.was = ''\n    await ctx.log(String(rows.length))`,
  ]
  for (const body of honest) {
    expect(rejects(await bench.ask(twoIdentities, list(`${rows}\n    ${body}`)))).toEqual([])
  }
})

test('a cursor in a header of the only page says that there is another', async () => {
  const calls = (answerHeaders: Record<string, string>): RecordedCall[] => [
    { url: '/orders', answer: { orders: orders(11, 3) }, answerHeaders },
  ]
  const first = save('Page.parse(data).orders')
  for (const headers of [{ 'x-acme-cursor': 'c-8841' }, { 'x-next-page': '2' }])
    expect(rejects(await bench.ask(crashResume, list(first, calls(headers))))).toEqual(['E4'])
  for (const headers of [
    { 'x-next-page': '' },
    { 'x-ratelimit-next': '40' },
    { 'x-prev-cursor': 'c-1' },
  ])
    expect(rejects(await bench.ask(crashResume, list(first, calls(headers))))).toEqual([])
  const keeps: Trial = {
    calls: calls({ 'x-acme-cursor': 'c-8841' }),
    source: sync({
      members: 'checkpoint: z.object({ cursor: z.string() }),',
      body: `const cursor = (await ctx.getCheckpoint())?.cursor
    const { data, headers } = await ctx.get({ endpoint: '/orders', params: { ...(cursor && { cursor }) } })
    ${first}
    await ctx.saveCheckpoint({ cursor: String(headers['x-acme-cursor']) })`,
    }),
  }
  expect(rejects(await bench.ask(crashResume, keeps))).toEqual([])
})

test('a sync that keeps nothing of what is there, whatever that says, does nothing', async () => {
  const elsewhere = `const rows = (data.order ?? []) as { id: number; label: string }[]
    if (rows.length > 0) ${save('rows')}`
  expect(rejects(await bench.ask(mutation, list(elsewhere)))).toEqual(['C6'])
  const chooses = [
    `const rows = Page.parse(data).orders.filter(({ label }) => label === 'open')
    if (rows.length > 0) ${save('rows')}`,
    `const rows = (data.orders as { id: number; label: string; state: string; kind: string }[]).filter((one) => one.state === 'open' && one.kind === 'retail')
    if (rows.length > 0) ${save('rows')}`,
  ]
  const answer = { orders: orders(11, 2).map((one) => ({ ...one, state: 'closed', kind: 'bulk' })) }
  for (const body of chooses) {
    const told = findingsOf(await bench.ask(mutation, list(body, [{ url: '/orders', answer }])))
    expect(told).toMatchObject([{ behaviour: 'C6', severity: 'warn' }])
  }
})

test('a sync that looks into each thing of a list, and finds nothing there, may be right', async () => {
  const within = `const each = Page.parse(data).orders
    for (const { id } of each) {
      const lines = (await ctx.get({ endpoint: '/orders/' + id + '/lines' })).data.lines as { id: number; label: string }[]
      if (lines.length > 0) ${save('lines')}
    }`
  const calls = [
    { url: '/orders', answer: { orders: orders(11, 2) } },
    ...[11, 12].map((id) => ({ url: `/orders/${id}/lines`, answer: { lines: [] } })),
  ]
  const told = findingsOf(await bench.ask(mutation, list(within, calls)))
  expect(told).toMatchObject([{ behaviour: 'C6', severity: 'warn' }])
})
