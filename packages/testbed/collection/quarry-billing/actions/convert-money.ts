import { createAction } from 'nango'
import { z } from 'zod'

const Amount = z
  .string()
  .regex(/^\d+(\.\d+)? [A-Z]{3}$/)
  .transform((text) => {
    const [amount = '', currency = ''] = text.split(' ')
    return { amount: Number(amount), currency }
  })

const action = createAction({
  description: 'Converts an amount such as "12.50 EUR".',
  version: '1.0.0',
  input: z.object({ from: z.string(), to: z.string().length(3).toUpperCase() }),
  output: z.object({ amount: z.number(), currency: z.string(), rate: z.number(), on: z.string() }),
  exec: async (nango, input) => {
    const from = Amount.parse(input.from)
    const { data } = await nango.get({
      endpoint: `/rates/${from.currency}/${input.to}`,
      params: { on: 'latest', precision: 4, inverse: undefined as unknown as string },
    })
    const amount = Math.round(from.amount * data.rate * 100) / 100
    return { amount, currency: input.to, rate: data.rate, on: data.day }
  },
})

export default action
