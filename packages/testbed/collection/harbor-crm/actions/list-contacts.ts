import { createAction } from 'nango'
import { z } from 'zod'
import { toContact } from '../mappers/to-contact.js'
import { Contact } from '../models.js'
import type { HarborContact, HarborPage } from '../types.js'

const action = createAction({
  description: 'Lists one page of contacts.',
  version: '1.0.0',
  input: z.object({
    cursor: z.string().optional(),
    limit: z.number().int().min(1).max(100).optional(),
    labels: z.array(z.string()).optional(),
  }),
  output: z.object({ items: z.array(Contact), nextCursor: z.string().optional() }),
  exec: async (nango, input) => {
    const params: Record<string, string | number> = { per_page: input.limit ?? 2 }
    if (input.cursor) params['page'] = input.cursor
    if (input.labels) params['labels'] = input.labels.join(',')
    const { data } = await nango.get<HarborPage<HarborContact>>({
      endpoint: '/v2/contacts',
      params,
      retries: 3,
    })
    const next = data.paging?.next
    const page = next ? new URL(next).searchParams.get('page') : null
    return { items: data.items.map(toContact), ...(page !== null && { nextCursor: page }) }
  },
})

export default action
