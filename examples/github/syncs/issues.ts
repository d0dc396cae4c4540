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
    let since = checkpoint?.since
    for (let page = 1; ;) {
      const response = await ctx.get({
        endpoint: `/repos/${encodeURIComponent(owner)}/${encodeURIComponent(repo)}/issues`,
        params: { state: 'all', sort: 'updated', direction: 'asc', since, per_page: 100, page },
        retries: 5,
      })
      const listed = z.array(Listed).parse(response.data)
      const issues = listed.filter((one) => one.pull_request === undefined)
      await ctx.batchSave(issues.map(issueOf), 'Issue')
      const reached = listed.at(-1)?.updated_at ?? since
      if (reached !== undefined) await ctx.saveCheckpoint({ since: reached })
      if (listed.length < 100) return
      // An issue that changes meanwhile goes to the end, and those behind it move up: a second page would pass one
      // over. So the next page is the first one from the time that was reached.
      page = reached === since ? page + 1 : 1
      since = reached
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
