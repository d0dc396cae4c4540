import type { RecordedCall, Trial } from './oracle-bench.js'

type Parts = {
  readonly body: string
  readonly input?: string
  readonly output?: string
  readonly top?: string
  readonly members?: string
}

/** An action over orders, as text. */
export function action({ body, input = 'id: z.number()', output, top = '' }: Parts): string {
  return `import { createAction } from '@plumb/sdk'
import { z } from 'zod'
const Order = z.object({ id: z.number(), label: z.string(), note: z.string().nullable(), total: z.number() })
${top}
export default createAction({
  description: 'Works with orders', input: z.object({ ${input} }), output: ${output ?? 'Order'},
  exec: async (ctx, input) => {
    ${body}
  },
})`
}

/** A sync of orders, as text. */
export function sync({ body, top = '', members = '' }: Parts): string {
  return `import { createSync } from '@plumb/sdk'
import { z } from 'zod'
const Page = z.object({ orders: z.array(z.object({ id: z.number(), label: z.string() })), more: z.boolean().optional(), next: z.string().nullish() })
const Order = z.object({ id: z.string(), label: z.string() })
${top}
export default createSync({
  description: 'Keeps orders', frequency: 'every hour', models: { Order }, syncType: 'full', ${members}
  exec: async (ctx) => {
    ${body}
  },
})`
}

export const order = (id: number, note: string | null = null) => ({
  id,
  label: `Order number ${id}`,
  note,
  total: 40.5 + id,
})

export const oneOrder: Pick<Trial, 'calls' | 'input'> = {
  input: { id: 7 },
  calls: [{ url: '/orders/7', answer: order(7, 'Leave it at the door') }],
}

export const orders = (from: number, count: number): object[] =>
  Array.from({ length: count }, (_, at) => ({ id: from + at, label: `Order number ${from + at}` }))

/** A walk by offset: full pages of three, and a short one. */
export const offsetPages: readonly RecordedCall[] = [
  { url: '/orders?offset=0&limit=3', answer: { orders: orders(11, 3) } },
  { url: '/orders?offset=3&limit=3', answer: { orders: orders(14, 1) } },
]

export const cursorPages: readonly RecordedCall[] = [
  { url: '/orders', answer: { orders: orders(11, 3), next: 'c-2nd' } },
  { url: '/orders?cursor=c-2nd', answer: { orders: orders(14, 2), next: null } },
]

export const read = 'const { data } = await ctx.get({ endpoint: `/orders/${input.id}` })\n'
export const parsed = 'const order = Order.parse(data)\n'
export const walk = (guard: string, after = ''): string => `await ctx.trackDeletesStart('Order')
    let cursor: string | null | undefined
    let turn = 0
    do {
      turn += 1
      const { data } = await ctx.get({ endpoint: '/orders', params: { ...(cursor ? { cursor } : {}) } })
      const page = Page.parse(data)
      await ctx.batchSave(page.orders.map(({ id, label }) => ({ id: String(id), label })), 'Order')
      cursor = page.next
    } while (cursor${guard})
    await ctx.trackDeletesEnd('Order')${after}`
export const byOffset = (guard: string): string => `await ctx.trackDeletesStart('Order')
    for (let offset = 0; ${guard}; offset += 3) {
      const { data } = await ctx.get({ endpoint: '/orders', params: { offset, limit: 3 } })
      const { orders } = Page.parse(data)
      await ctx.batchSave(orders.map(({ id, label }) => ({ id: String(id), label })), 'Order')
      if (orders.length < 3) break
    }
    await ctx.trackDeletesEnd('Order')`
export const optional =
  'id: z.number(), fields: z.string().optional(), cursor: z.string().optional()'
export const created: Pick<Trial, 'calls' | 'input'> = {
  input: { label: 'Two chairs and a table' },
  calls: [
    {
      ...{ method: 'POST', url: '/orders', send: { label: 'Two chairs and a table' }, status: 201 },
      answer: { ...order(90), label: 'Two chairs and a table' },
    },
  ],
}
