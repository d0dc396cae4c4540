import { createAction } from 'nango'
import * as z from 'zod'

const Input = z.object({
  from: z.iso.date().describe('First day, as YYYY-MM-DD.'),
  days: z.coerce.number().int().min(1).default(7),
  split: z.preprocess((value) => value ?? 'none', z.enum(['none', 'queue'])).optional(),
})

const Output = z.object({
  total: z.number(),
  average: z.number().nullable(),
  byQueue: z.record(z.string(), z.number()).optional(),
  window: z.tuple([z.string(), z.string()]),
})

const action = createAction({
  description: 'Counts tickets in a window of days.',
  version: '1.0.0',
  input: Input,
  output: Output,
  exec: async (nango, input) => {
    const { data } = await nango.zodValidateInput({ zodSchema: Input, input })
    const from = new Date(`${data.from}T00:00:00Z`)
    const to = new Date(from.getTime() + Number(data.days ?? 7) * 86_400_000)
    const window: [string, string] = [from.toISOString(), to.toISOString()]
    const response = await nango.get({
      endpoint: '/api/statistics',
      params: { from: window[0], to: window[1], split: data.split ?? 'none' },
    })
    const { total, queues } = response.data as { total: number; queues?: Record<string, number> }
    const days = Number(data.days ?? 7)
    return {
      total,
      average: total === 0 ? null : Math.round((total / days) * 100) / 100,
      ...(queues && { byQueue: queues }),
      window,
    }
  },
})

export default action
