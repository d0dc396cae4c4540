import { createSync } from '@plumb/sdk'
import * as z from 'zod'
import { Contact, contactOf } from '../contact.js'
import { searchById, searchChanges } from '../search-contacts.js'

const Archived = z.object({ id: z.string() })
/** A search may find what has just changed a few moments later, and clocks differ: each run looks back a little. */
const before = (moment: string) => new Date(Date.parse(moment) - 5 * 60_000).toISOString()

export default createSync({
  description: 'Stores all contacts first, and then what changes, however many there are',
  version: '1.0.0',
  frequency: 'every 15m',
  models: { Contact },
  checkpoint: z.object({
    phase: z.enum(['everything', 'changes']),
    /** How far the first phase has come. */
    lastId: z.string(),
    /** Changes from then on have to be asked for. */
    changesFrom: z.string(),
  }),
  scopes: ['crm.objects.contacts.read'],
  exec: async (ctx) => {
    let checkpoint = (await ctx.getCheckpoint()) ?? {
      phase: 'everything' as const,
      lastId: '0',
      changesFrom: before(new Date().toISOString()),
    }

    if (checkpoint.phase === 'everything') {
      for await (const contacts of searchById(ctx, { after: checkpoint.lastId })) {
        await ctx.batchSave(contacts.map(contactOf), 'Contact')
        checkpoint = { ...checkpoint, lastId: contacts.at(-1)?.id ?? checkpoint.lastId }
        await ctx.saveCheckpoint(checkpoint)
      }
      checkpoint = { ...checkpoint, phase: 'changes' }
      await ctx.saveCheckpoint(checkpoint)
    }

    let reached = checkpoint.changesFrom
    for await (const contacts of searchChanges(ctx, reached)) {
      await ctx.batchSave(contacts.map(contactOf), 'Contact')
      reached = contacts.at(-1)?.properties.lastmodifieddate ?? reached
      await ctx.saveCheckpoint({ ...checkpoint, changesFrom: reached })
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
    await ctx.saveCheckpoint({ ...checkpoint, changesFrom: before(reached) })
  },
})
