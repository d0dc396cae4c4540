import { createAction } from 'nango'
import { URL } from 'node:url'
import { z } from 'zod'

const action = createAction({
  description: 'Lists the drives that the connection can see.',
  version: '1.0.0',
  input: z.object({ kinds: z.array(z.string()).optional() }),
  output: z.object({ drives: z.array(z.looseObject({ id: z.string() })) }),
  exec: async (nango, input) => {
    const { data } = await nango.get({
      endpoint: new URL('/drives', 'https://files.tundra.example').href,
      params: { ...(input.kinds && { kind: input.kinds.join(',') }) },
      headers: { 'X-Trace': 'fixed' },
    })
    return { drives: data }
  },
})

export default action
