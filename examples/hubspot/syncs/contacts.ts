import { createSync } from '@plumb/sdk'
import * as z from 'zod'
import { Contact, contactOf } from '../contact.js'
import { searchSince } from '../search-since.js'

const Archived = z.object({ id: z.string() })
const beginning = '1970-01-01T00:00:00.000Z'

export default createSync({
  description: 'Stores all contacts first, and then what changes, however many there are',
  version: '1.0.0',
  frequency: 'every 15m',
  models: { Contact },
  checkpoint: z.object({
    phase: z.enum(['everything', 'changes']),
    /** How far the walk of this phase has come. */
    since: z.string(),
    /** What changed since then has to be asked for when the first phase is over. */
    changesFrom: z.string(),
  }),
  scopes: ['crm.objects.contacts.read'],
  exec: async (ctx) => {
    let checkpoint = (await ctx.getCheckpoint()) ?? {
      phase: 'everything' as const,
      since: beginning,
      changesFrom: new Date().toISOString(),
    }

    if (checkpoint.phase === 'everything') {
      const walk = { property: 'createdate', since: checkpoint.since } as const
      for await (const contacts of searchSince(ctx, walk)) {
        await ctx.batchSave(contacts.map(contactOf), 'Contact')
        const since = contacts.at(-1)?.properties.createdate ?? checkpoint.since
        checkpoint = { ...checkpoint, since }
        await ctx.saveCheckpoint(checkpoint)
      }
      checkpoint = { ...checkpoint, phase: 'changes', since: checkpoint.changesFrom }
      await ctx.saveCheckpoint(checkpoint)
    }

    const walk = { property: 'lastmodifieddate', since: checkpoint.since } as const
    for await (const contacts of searchSince(ctx, walk)) {
      await ctx.batchSave(contacts.map(contactOf), 'Contact')
      const since = contacts.at(-1)?.properties.lastmodifieddate ?? checkpoint.since
      checkpoint = { ...checkpoint, since }
      await ctx.saveCheckpoint(checkpoint)
    }

    const archived = ctx.paginate({
      endpoint: '/crm/v3/objects/contacts',
      params: { archived: true },
      paginate: { limit: 100 },
      retries: 8,
    })
    for await (const page of archived) {
      await ctx.batchDelete(z.array(Archived).parse(page), 'Contact')
    }
  },
})
