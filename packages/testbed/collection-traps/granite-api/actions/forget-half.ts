import { createAction } from 'nango'
import { z } from 'zod'

export default createAction({
  description: 'Was recorded with a second request that it no longer makes.',
  version: '1.0.0',
  input: z.object({ id: z.string() }),
  output: z.object({ name: z.string() }),
  exec: async (nango, { id }) => {
    const { data } = await nango.get({ endpoint: `/things/${id}` })
    return { name: data.name }
  },
})
