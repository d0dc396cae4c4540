import { afterAll, beforeAll, expect, test } from 'vitest'
import { crashResume } from './crash-resume.js'
import { faultSweep } from './fault-sweep.js'
import { mutation } from './mutation.js'
import { requestContract } from './request-contract.js'
import { findingsOf, openOracleBench, rejects } from './testing/oracle-bench.js'
import type { OracleBench, Trial } from './testing/oracle-bench.js'
import { action, order, sync } from './testing/small-functions.js'

let bench: OracleBench

beforeAll(async () => {
  bench = await openOracleBench()
})
afterAll(() => bench.close())

const units = (name: string): Trial => ({
  input: { id: 7 },
  calls: [{ url: '/units', answer: [{ unit: 'KLN-20931', label: 'Kiln and yard' }] }],
  source: action({
    output: 'z.array(z.object({ unit: z.string(), name: z.string() }))',
    body: `const { data } = await ctx.get({ endpoint: '/units' })
    const rows = z.array(z.object({ unit: z.string(), label: z.string().nullish() })).parse(data)
    return rows.map(({ unit, label }) => ({ unit, name: label ?? ${name} }))`,
  }),
})

test('a name that is made of an id says nothing new, an address that is made of it does', async () => {
  const named = findingsOf(await bench.ask(mutation, units('`Unit ${unit}`')))
  expect(named).toMatchObject([{ behaviour: 'D2', severity: 'warn' }])
  for (const made of ['`${unit}@acme.example`', '`Unit ${unit} of 40417`']) {
    expect(rejects(await bench.ask(mutation, units(made)))).toEqual(['D2'])
  }
})

const renewal = (result: string): Trial => ({
  input: { id: 7, days: 14 },
  calls: [
    {
      method: 'POST',
      url: '/loans/7',
      send: { days: 14 },
      answer: { Due: '2031-04-02', Count: 3 },
    },
  ],
  source: action({
    input: 'id: z.number(), days: z.number()',
    output: 'z.unknown()',
    body: `const { data } = await ctx.post({ endpoint: '/loans/7', data: { days: input.days } })
    return ${result}`,
  }),
})

test('an output under names of its own is told when no answer was read for it', async () => {
  const made = findingsOf(await bench.ask(mutation, renewal('{ renewed: true, days: input.days }')))
  expect(made).toMatchObject([{ behaviour: 'C6', severity: 'warn' }])
  for (const honest of ['{ renewed: true, days: input.days, due: data.Due }', 'null']) {
    expect(findingsOf(await bench.ask(mutation, renewal(honest)))).toEqual([])
  }
})

const waiting = (path: string): Trial => ({
  input: { id: 7 },
  calls: [
    { method: 'POST', url: path, send: { job: 7 }, answer: { state: 'running', file: '' } },
    { method: 'POST', url: path, send: { job: 7 }, answer: { state: 'done', file: 'feb.csv' } },
  ],
  source: action({
    output: 'z.object({ file: z.string() })',
    body: `for (let turn = 0; turn < 9; turn++) {
      const { data } = await ctx.post({ endpoint: '${path}', data: { job: input.id } })
      const job = z.object({ state: z.string(), file: z.string() }).parse(data)
      if (job.state === 'done') return { file: job.file }
    }
    throw new ctx.ActionError({ message: 'This takes too long.' })`,
  }),
})

test('a search that is sent as a POST is no change', async () => {
  expect(findingsOf(await bench.ask(requestContract, waiting('/jobs/query')))).toEqual([])
  expect(rejects(await bench.ask(faultSweep, waiting('/jobs/query')))).toEqual([])
  expect(rejects(await bench.ask(requestContract, waiting('/jobs')))).toEqual(['D6'])
})

test('days may be worked out of a month that was given', async () => {
  const month = (given: string): Trial => ({
    input: { month: given },
    calls: [{ url: '/orders?from=2026-02-01', answer: [order(7)] }],
    source: action({
      input: 'month: z.string()',
      output: 'z.array(Order)',
      body: `const from = input.month.startsWith('2026') ? input.month + '-01' : '2026-02-01'
    return z.array(Order).parse((await ctx.get({ endpoint: '/orders', params: { from } })).data)`,
    }),
  })
  const fixed = { behaviour: 'C11', severity: 'warn' }
  expect(findingsOf(await bench.ask(requestContract, month('2026-02')))).not.toContainEqual(
    expect.objectContaining(fixed),
  )
  expect(findingsOf(await bench.ask(requestContract, month('february')))).toContainEqual(
    expect.objectContaining(fixed),
  )
})

test('an id that the source holds instead of the input is found', async () => {
  const asks = (path: string): Trial => ({
    input: { member: 'M-1001' },
    calls: [{ url: '/members/M-1001', answer: order(7) }],
    source: action({
      input: 'member: z.string()',
      body: `return Order.parse((await ctx.get({ endpoint: ${path} })).data)`,
    }),
  })
  const held = asks('`/members/${input.member.length > 0 ? "M-1001" : input.member}`')
  expect(rejects(await bench.ask(requestContract, held))).toEqual(['C1'])
  expect(rejects(await bench.ask(requestContract, asks('`/members/${input.member}`')))).toEqual([])
})

const sorted: Trial = {
  input: { id: 7 },
  calls: [{ url: '/orders', answer: [order(9), order(3), order(5)] }],
  source: action({
    output: 'z.array(z.object({ label: z.string(), total: z.number() }))',
    body: `const rows = z.array(Order).parse((await ctx.get({ endpoint: '/orders' })).data)
    return rows.sort((a, b) => a.total - b.total).map(({ label, total }) => ({ label, total }))`,
  }),
}

test('a sorted list is not put together', async () => {
  expect(findingsOf(await bench.ask(mutation, sorted))).toEqual([])
})

test('a checkpoint that says where the walk begins is no progress that is thrown away', async () => {
  const early: Trial = {
    calls: [
      { url: '/orders?page=1', answer: { orders: [{ id: 11, label: 'Order number 11' }] } },
      { url: '/orders/11', answer: { id: 11, label: 'Order number 11' } },
    ],
    source: sync({
      members: 'checkpoint: z.object({ page: z.number() }),',
      body: `const page = (await ctx.getCheckpoint())?.page ?? 1
    const listed = Page.parse((await ctx.get({ endpoint: '/orders', params: { page: String(page) } })).data)
    await ctx.saveCheckpoint({ page })
    for (const { id } of listed.orders) {
      const { data } = await ctx.get({ endpoint: \`/orders/\${id}\` })
      await ctx.batchSave([{ id: String(id), label: z.object({ label: z.string() }).parse(data).label }], 'Order')
    }
    await ctx.clearCheckpoint()`,
    }),
  }
  expect(rejects(await bench.ask(crashResume, early))).not.toContain('E5')
})

test('an id that is the place in the list is found, a running number beside the id is not', async () => {
  const numbered = (id: string, label: string): Trial => ({
    calls: [
      {
        url: '/orders',
        answer: { orders: [11, 12, 13].map((at) => ({ id: at, label: `Order number ${at}` })) },
      },
    ],
    source: sync({
      body: `const { orders } = Page.parse((await ctx.get({ endpoint: '/orders' })).data)
    await ctx.batchSave(orders.map((row, at) => ({ id: ${id}, label: ${label} })), 'Order')`,
    }),
  })
  const byPlace = numbered('String(at + 1)', 'row.label')
  expect(rejects(await bench.ask(crashResume, byPlace))).toEqual(['E6'])
  const ranked = numbered('String(row.id)', '`Rank ${at + 1}: ${row.label}`')
  expect(rejects(await bench.ask(crashResume, ranked))).toEqual([])
})
