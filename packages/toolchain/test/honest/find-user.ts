import { createAction } from '@plumb/sdk'
import { z } from 'zod'

export default createAction({
  description: 'Finds a user, or says that there is none',
  input: z.object({ username: z.string() }),
  output: z.object({ user: z.object({ login: z.string(), id: z.number() }).nullable() }),
  exec: async (ctx, input) => {
    const response = await ctx.get({
      endpoint: `/users/${encodeURIComponent(input.username)}`,
      expectedStatus: [404],
    })
    if (response.status === 404) return { user: null }
    return { user: z.object({ login: z.string(), id: z.number() }).parse(response.data) }
  },
})
