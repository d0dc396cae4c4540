import { createSync } from '@plumb/sdk'
import * as z from 'zod'
import { Repository } from '../repository.js'

const Issue = z.object({
  id: z.string(),
  number: z.number(),
  title: z.string(),
  state: z.enum(['open', 'closed']),
  author: z.string().nullable(),
  labels: z.array(z.string()),
  comments: z.number(),
  url: z.string(),
  updatedAt: z.string(),
})

const Listed = z.object({
  id: z.number(),
  number: z.number(),
  title: z.string(),
  state: z.enum(['open', 'closed']),
  user: z.object({ login: z.string() }).nullable(),
  labels: z.array(z.object({ name: z.string() })),
  comments: z.number(),
  html_url: z.string(),
  updated_at: z.string(),
  // GitHub lists pull requests among the issues; this member tells them apart.
  pull_request: z.unknown().optional(),
})

export default createSync({
  description: 'Stores the issues of a repository, without its pull requests',
  version: '1.0.0',
  frequency: 'every 5m',
  models: { Issue },
  metadata: Repository,
  checkpoint: z.object({ since: z.string() }),
  scopes: ['repo'],
  exec: async (ctx) => {
    const { owner, repo } = Repository.parse(await ctx.getMetadata())
    const checkpoint = await ctx.getCheckpoint()
    const pages = ctx.paginate({
      endpoint: `/repos/${encodeURIComponent(owner)}/${encodeURIComponent(repo)}/issues`,
      params: { state: 'all', sort: 'updated', direction: 'asc', since: checkpoint?.since },
      paginate: { limit: 100 },
      retries: 5,
    })
    for await (const page of pages) {
      const listed = z.array(Listed).parse(page)
      const issues = listed.filter((one) => one.pull_request === undefined)
      await ctx.batchSave(issues.map(issueOf), 'Issue')
      const since = listed.at(-1)?.updated_at
      if (since !== undefined) await ctx.saveCheckpoint({ since })
    }
  },
})

function issueOf(one: z.infer<typeof Listed>): z.infer<typeof Issue> {
  return {
    id: String(one.id),
    number: one.number,
    title: one.title,
    state: one.state,
    author: one.user?.login ?? null,
    labels: one.labels.map(({ name }) => name),
    comments: one.comments,
    url: one.html_url,
    updatedAt: one.updated_at,
  }
}
