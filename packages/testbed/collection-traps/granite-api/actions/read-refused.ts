import { createAction } from 'nango'
import { z } from 'zod'

export default createAction({
  description: 'Takes an answer of any status for the thing that was asked for.',
  version: '1.0.0',
  input: z.object({ id: z.string() }),
  output: z.object({ name: z.string() }),
  exec: async (nango, { id }) => {
    const { data } = await nango.get({ endpoint: `/things/${id}` })
    return { name: data.name ?? 'unknown' }
  },
})
