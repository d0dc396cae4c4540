import { createAction } from '@plumb/sdk'
import * as z from 'zod'

const Created = z.object({ number: z.number(), html_url: z.string() })

export default createAction({
  description: 'Creates an issue',
  version: '1.0.0',
  input: z.object({
    owner: z.string(),
    repo: z.string(),
    title: z.string().min(1),
    body: z.string().optional(),
    labels: z.array(z.string()).optional(),
  }),
  output: z.object({ number: z.number(), url: z.string() }),
  scopes: ['repo'],
  exec: async (ctx, { owner, repo, ...issue }) => {
    const response = await ctx.post({
      endpoint: `/repos/${encodeURIComponent(owner)}/${encodeURIComponent(repo)}/issues`,
      data: issue,
    })
    const { number, html_url } = Created.parse(response.data)
    return { number, url: html_url }
  },
})
