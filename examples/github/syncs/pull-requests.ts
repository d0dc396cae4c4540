import { createSync } from '@plumb/sdk'
import * as z from 'zod'
import { Repository } from '../repository.js'

const PullRequest = z.object({
  id: z.string(),
  number: z.number(),
  title: z.string(),
  state: z.enum(['open', 'closed', 'merged']),
  author: z.string().nullable(),
  head: z.string(),
  base: z.string(),
  url: z.string(),
})

const Listed = z.object({
  id: z.number(),
  number: z.number(),
  title: z.string(),
  state: z.enum(['open', 'closed']),
  merged_at: z.string().nullable(),
  user: z.object({ login: z.string() }).nullable(),
  head: z.object({ ref: z.string() }),
  base: z.object({ ref: z.string() }),
  html_url: z.string(),
})

export default createSync({
  description: 'Stores the pull requests of a repository',
  version: '1.0.0',
  frequency: 'every 15m',
  models: { PullRequest },
  metadata: Repository,
  scopes: ['repo'],
  exec: async (ctx) => {
    const { owner, repo } = Repository.parse(await ctx.getMetadata())
    await ctx.trackDeletesStart('PullRequest')
    const pages = ctx.paginate({
      endpoint: `/repos/${encodeURIComponent(owner)}/${encodeURIComponent(repo)}/pulls`,
      params: { state: 'all', sort: 'created', direction: 'asc' },
      paginate: { limit: 100 },
      retries: 5,
    })
    for await (const page of pages) {
      const listed = z.array(Listed).parse(page)
      await ctx.batchSave(
        listed.map((one) => ({
          id: String(one.id),
          number: one.number,
          title: one.title,
          state: one.merged_at === null ? one.state : 'merged',
          author: one.user?.login ?? null,
          head: one.head.ref,
          base: one.base.ref,
          url: one.html_url,
        })),
        'PullRequest',
      )
    }
    await ctx.trackDeletesEnd('PullRequest')
  },
})
