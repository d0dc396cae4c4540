import { createAction } from '@plumb/sdk'
import * as z from 'zod'

const Created = z.object({ id: z.number(), html_url: z.string() })

export default createAction({
  description: 'Adds a comment to an issue or a pull request',
  version: '1.0.0',
  input: z.object({
    owner: z.string(),
    repo: z.string(),
    number: z.number().int().positive(),
    body: z.string().min(1),
  }),
  output: z.object({ id: z.string(), url: z.string() }),
  scopes: ['repo'],
  exec: async (ctx, { owner, repo, number, body }) => {
    const repository = `/repos/${encodeURIComponent(owner)}/${encodeURIComponent(repo)}`
    const response = await ctx.post({
      endpoint: `${repository}/issues/${number}/comments`,
      data: { body },
      expectedStatus: [404],
    })
    if (response.status === 404) {
      throw new ctx.ActionError({
        type: 'not_found',
        message: `${owner}/${repo} has no issue ${number}.`,
      })
    }
    const { id, html_url } = Created.parse(response.data)
    return { id: String(id), url: html_url }
  },
})
