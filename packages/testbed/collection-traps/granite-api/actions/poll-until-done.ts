import { createAction } from 'nango'
import { z } from 'zod'

export default createAction({
  description: 'Asks the same question until the answer changes; the recording holds both answers.',
  version: '1.0.0',
  input: z.object({ id: z.string() }),
  output: z.object({ state: z.string(), asked: z.number() }),
  exec: async (nango, { id }) => {
    let asked = 0
    let state = ''
    do {
      asked += 1
      const { data } = await nango.get({ endpoint: `/jobs/${id}` })
      state = data.state
    } while (state !== 'done' && asked < 2)
    return { state, asked }
  },
})
