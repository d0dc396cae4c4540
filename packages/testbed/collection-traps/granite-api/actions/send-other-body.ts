import { createAction } from 'nango'
import { z } from 'zod'

export default createAction({
  description: 'Sends another body than the one that was recorded.',
  version: '1.0.0',
  input: z.object({ name: z.string() }),
  output: z.object({ id: z.string() }),
  exec: async (nango, { name }) => {
    const { data } = await nango.post({
      endpoint: '/things',
      data: { name, color: 'green' },
    })
    return { id: data.id }
  },
})
