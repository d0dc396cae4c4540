import { createAction } from 'nango'
import { z } from 'zod'
import type { HarborContact } from '../types.js'

const action = createAction({
  description: 'Merges one contact into another and removes the first.',
  version: '1.0.0',
  input: z.object({ from: z.string(), into: z.string() }),
  output: z.object({ id: z.string(), labels: z.array(z.string()) }),
  exec: async (nango, { from, into }) => {
    if (from === into) {
      throw new nango.ActionError({ type: 'same_contact', message: `Both are ${from}.` })
    }
    const [source, target] = await Promise.all(
      [from, into].map((id) => nango.get<HarborContact>({ endpoint: `/v2/contacts/${id}` })),
    )
    const labels = [...new Set([...(source?.data.labels ?? []), ...(target?.data.labels ?? [])])]
    await nango.patch({ endpoint: `/v2/contacts/${into}`, data: { labels } })
    await nango.delete({ endpoint: `/v2/contacts/${from}`, params: { reason: 'merged' } })
    return { id: into, labels }
  },
})

export default action
