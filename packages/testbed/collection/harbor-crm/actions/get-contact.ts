import { createAction } from 'nango'
import * as z from 'zod'
import { toContact } from '../mappers/to-contact.js'
import { Contact } from '../models.js'

export default createAction({
  description: 'Reads one contact; says so when there is none.',
  version: '1.0.0',
  input: z.object({ id: z.string() }),
  output: z.object({ found: z.boolean(), contact: Contact.optional() }),
  exec: async (nango, input) => {
    const response = await nango
      .get({ endpoint: `/v2/contacts/${encodeURIComponent(input.id)}`, retries: 3 })
      .catch((error: { response?: { status?: number; data?: unknown } }) => {
        if (error.response?.status === 404) return { status: 404, data: error.response.data }
        throw error
      })
    if (response.status === 404) return { found: false }
    return { found: true, contact: toContact(response.data) }
  },
})
