import { createAction } from 'nango'
import { z } from 'zod'
import { openClient } from '../helpers/open-client.js'

export default createAction({
  description: 'Asks a service that has no JSON.',
  input: z.object({ id: z.string() }),
  output: z.object({ names: z.array(z.string()) }),
  exec: async (nango, input) => {
    const client = await openClient(nango)
    const [answer] = await client['Get_WorkersAsync']({ id: input.id })
    return { names: answer.workers.map((worker) => worker.name) }
  },
})
