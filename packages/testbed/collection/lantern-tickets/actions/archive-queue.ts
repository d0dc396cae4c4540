import { createAction } from 'nango'
import { z } from 'zod'

const action = createAction({
  description: 'Archives a queue and answers nothing.',
  version: '1.0.0',
  input: z.object({ queue: z.string() }),
  output: z.void(),
  // @ts-expect-error The output is void, and existing callers expect null.
  exec: async (nango, input) => {
    await nango.delete({ endpoint: `/api/queues/${input.queue}`, retries: 3 })
    return null
  },
})

export default action
