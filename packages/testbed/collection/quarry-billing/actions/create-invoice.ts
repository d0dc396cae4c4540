import { createAction } from 'nango'
import { z } from 'zod'
import { money } from '../helpers/money.js'
import { Money } from '../models.js'

const Line = z.object({
  text: z.string(),
  quantity: z.number().positive().default(1),
  price: Money,
  tags: z.array(z.string()).readonly().optional(),
})

const Input = z.object({
  customer: z.union([z.object({ id: z.string() }), z.object({ email: z.email() })]),
  lines: z.array(Line).min(1),
  notes: z.string().max(500).nullish(),
  send: z.boolean().optional(),
  custom: z.record(z.string(), z.unknown()).optional(),
})

const action = createAction({
  description: 'Creates an invoice of one or more lines.',
  version: '3.0.1',
  endpoint: { method: 'POST', path: '/invoices', group: 'Invoices' },
  input: Input.extend({ dueInDays: z.number().int().nonnegative().catch(14).optional() }),
  output: z.object({ id: z.string(), total: Money, sent: z.boolean() }),
  exec: async (nango, input) => {
    const currencies = new Set(input.lines.map(({ price }) => price.currency))
    if (currencies.size > 1) {
      throw new nango.ActionError({ type: 'mixed_currencies', currencies: [...currencies] })
    }
    const { data } = await nango.post({
      endpoint: '/invoices',
      headers: { 'Quarry-Version': '2026-01', 'Content-Type': 'application/json; charset=utf-8' },
      data: { ...input, send: undefined },
    })
    if (input.send === true) {
      await nango.post({ endpoint: `/invoices/${data.uuid}/deliveries`, data: {} })
    }
    return { id: data.uuid, total: money(data.units, data.currency), sent: input.send ?? false }
  },
})

export default action
