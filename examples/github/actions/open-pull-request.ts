import { createAction } from '@plumb/sdk'
import * as z from 'zod'

const Created = z.object({ number: z.number(), html_url: z.string() })

export default createAction({
  description: 'Opens a pull request from one branch to another',
  version: '1.0.0',
  input: z.object({
    owner: z.string(),
    repo: z.string(),
    title: z.string().min(1),
    head: z.string(),
    base: z.string(),
    body: z.string().optional(),
    draft: z.boolean().optional(),
  }),
  output: z.object({ number: z.number(), url: z.string() }),
  scopes: ['repo'],
  exec: async (ctx, { owner, repo, ...pull }) => {
    const response = await ctx.post({
      endpoint: `/repos/${encodeURIComponent(owner)}/${encodeURIComponent(repo)}/pulls`,
      data: pull,
    })
    const { number, html_url } = Created.parse(response.data)
    return { number, url: html_url }
  },
})
