import { createAction } from 'nango'
import { z } from 'zod'
import { QuarryError } from '../helpers/money.js'

const action = createAction({
  description: 'Pays an invoice, or says why that was refused.',
  version: '1.0.0',
  input: z.object({ id: z.string(), method: z.enum({ Card: 'card', Transfer: 'transfer' }) }),
  output: z.union([
    z.object({ paid: z.literal(true), receipt: z.string() }),
    z.object({ paid: z.literal(false), reason: z.string() }),
  ]),
  exec: async (nango, { id, method }) => {
    try {
      const response = await nango.post({
        endpoint: `/invoices/${id}/payments`,
        data: { method },
        retries: 0,
      })
      if (response.status === 402) throw new QuarryError(402, response.data.code)
      return { paid: true as const, receipt: response.data.receipt }
    } catch (error) {
      if (error instanceof QuarryError) return { paid: false as const, reason: error.code }
      const answered = (error as { response?: { status: number; data: { code: string } } }).response
      if (answered?.status === 402) return { paid: false as const, reason: answered.data.code }
      throw error
    }
  },
})

export default action
