import { createAction } from 'nango'
import { z } from 'zod'

export default createAction({
  description: 'Answers something that its own output schema does not allow.',
  version: '1.0.0',
  input: z.object({ id: z.string() }),
  output: z.object({ size: z.number() }),
  exec: async (nango, { id }) => {
    const { data } = await nango.get({ endpoint: `/things/${id}` })
    return { size: data.size }
  },
})
