import { createAction } from '@plumb/sdk'
import { z } from 'zod'

const labelSchema = z.object({ name: z.string() })

export default createAction({
  description: 'Creates an issue',
  scopes: ['repo'],
  input: z.object({
    owner: z.string(),
    repo: z.string(),
    title: z.string(),
    body: z.string().optional(),
    labels: z.array(z.string()).optional(),
    milestone: z.number().int().optional(),
  }),
  output: z.object({
    id: z.number(),
    number: z.number(),
    title: z.string(),
    state: z.enum(['open', 'closed']),
    labels: z.array(z.string()),
    body: z.string().nullable(),
  }),
  exec: async (ctx, input) => {
    const { owner, repo, ...data } = input
    const response = await ctx.post({
      endpoint: `/repos/${encodeURIComponent(owner)}/${encodeURIComponent(repo)}/issues`,
      data,
      headers: { 'X-GitHub-Api-Version': '2022-11-28' },
    })
    const issue = z
      .object({
        id: z.number(),
        number: z.number(),
        title: z.string(),
        state: z.enum(['open', 'closed']),
        labels: z.array(z.union([z.string(), labelSchema])),
        body: z.string().nullable(),
      })
      .parse(response.data)
    return {
      ...issue,
      labels: issue.labels.map((label) => (typeof label === 'string' ? label : label.name)),
    }
  },
})
