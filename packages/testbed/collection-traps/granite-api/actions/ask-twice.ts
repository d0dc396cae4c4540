import { createAction } from 'nango'
import { z } from 'zod'

export default createAction({
  description: 'Makes a request twice that was recorded once.',
  version: '1.0.0',
  input: z.object({ id: z.string() }),
  output: z.object({ same: z.boolean() }),
  exec: async (nango, { id }) => {
    const first = await nango.get({ endpoint: `/things/${id}` })
    const second = await nango.get({ endpoint: `/things/${id}` })
    return { same: first.data.name === second.data.name }
  },
})
