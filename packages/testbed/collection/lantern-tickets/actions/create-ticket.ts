import { createHash } from 'crypto'
import { createAction } from 'nango'
import { z } from 'zod'
import { toTicket } from '../helpers/tickets.js'
import { Ticket } from '../models.js'

const mutation = `mutation Open($input: OpenTicket!) {
  open(input: $input) { ticket { key subject urgency state } problems { path text } }
}`

const action = createAction({
  description: 'Opens a ticket, once, however often it is asked.',
  version: '1.0.0',
  input: z.object({
    subject: z.string().max(200),
    urgency: z.enum(['low', 'normal', 'high']).optional(),
    custom: z.record(z.string(), z.string()).optional(),
  }),
  output: Ticket,
  exec: async (nango, input): Promise<Ticket> => {
    const key = createHash('sha256').update(JSON.stringify(input)).digest('hex').slice(0, 16)
    const { data } = await nango.post({
      endpoint: '/graphql',
      headers: { 'Idempotency-Key': key, 'content-type': 'application/json' },
      data: { query: mutation, variables: { input: { urgency: 'normal', ...input } } },
    })
    const { ticket, problems } = data.data.open
    if (problems.length > 0) {
      throw new nango.ActionError({ type: 'refused', message: problems[0].text, problems })
    }
    return toTicket(ticket)
  },
})

export type NangoActionLocal = Parameters<(typeof action)['exec']>[0]
export default action
