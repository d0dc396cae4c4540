import { createAction } from 'nango'
import type { NangoAction } from 'nango'
import { z } from 'zod'
import { waitHeader } from '../../rules/retry-rules.js'
import type { HarborContact } from '../types.js'

const Filter = z.discriminatedUnion('by', [
  z.object({ by: z.literal('name'), contains: z.string() }),
  z.object({ by: z.literal('label'), anyOf: z.array(z.string()).nonempty() }),
])

const action = createAction({
  description: 'Searches contacts by name or by label.',
  version: '2.0.0',
  input: z.object({ filters: z.array(Filter), limit: z.int().optional() }),
  output: z.object({ ids: z.array(z.string()), total: z.number() }),
  exec: async (nango, input) => {
    const found = await search(nango, input)
    return { ids: found.map((one) => String(one.contact_id)), total: found.length }
  },
})

async function search(
  nango: NangoAction,
  input: { filters: z.infer<typeof Filter>[]; limit?: number | undefined },
): Promise<HarborContact[]> {
  const response = await nango.proxy<{ items: HarborContact[] }>({
    method: 'POST',
    endpoint: '/v2/contacts/search',
    params: 'expand=phones%2Clabels&deep=true',
    headers: { 'X-Search-Mode': 'strict' },
    data: { filters: input.filters, limit: input.limit ?? 50 },
    retries: 5,
    retryOn: [423],
    retryHeader: waitHeader('X-Retry-At'),
  })
  return response.data.items
}

export default action
