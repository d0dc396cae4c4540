import { createSync } from '@plumb/sdk'
import { z } from 'zod'

const Repository = z.object({ id: z.string(), name: z.string(), private: z.boolean() })
const page = z.array(z.object({ id: z.number(), name: z.string(), private: z.boolean() }))

export default createSync({
  description: 'All repositories of the account',
  frequency: 'every hour',
  models: { Repository },
  exec: async (ctx) => {
    await ctx.trackDeletesStart('Repository')
    for await (const answer of ctx.paginate({
      endpoint: '/user/repos',
      paginate: {
        type: 'link',
        link_rel_in_response_header: 'next',
        limit: 100,
        limit_name_in_request: 'per_page',
      },
    })) {
      const records = page.parse(answer).map((one) => ({ ...one, id: String(one.id) }))
      if (records.length > 0) await ctx.batchSave(records, 'Repository')
    }
    await ctx.trackDeletesEnd('Repository')
  },
})
