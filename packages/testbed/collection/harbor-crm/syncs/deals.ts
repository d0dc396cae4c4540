import { createSync } from 'nango'
import { z } from 'zod'
import { Deal } from '../models.js'

const RawDeal = z.object({
  deal_id: z.number(),
  title: z.string(),
  stage: z.string(),
  cents: z.number(),
  currency: z.string(),
  contacts: z.array(z.number()).optional(),
  modified: z.string(),
})

const Checkpoint = z.object({ modifiedAfter: z.string() })

const sync = createSync({
  description: 'Copies deals that changed since the last time.',
  version: '1.0.0',
  frequency: 'every hour',
  autoStart: false,
  checkpoint: Checkpoint,
  models: { Deal },
  exec: async (nango) => {
    const checkpoint = await nango.getCheckpoint()
    let latest = checkpoint?.modifiedAfter ?? ''
    const pages = nango.paginate({
      endpoint: '/v2/deals',
      params: { ...(checkpoint && { modified_after: checkpoint.modifiedAfter }) },
      paginate: {
        type: 'link',
        link_path_in_response_body: 'paging.next',
        response_path: 'items',
      },
      retries: 3,
    })
    for await (const page of pages) {
      const deals = page.map((row) => RawDeal.parse(row))
      await nango.batchSave(deals.map(toDeal), 'Deal')
      for (const { modified } of deals) if (modified > latest) latest = modified
      if (latest) await nango.saveCheckpoint({ modifiedAfter: latest })
    }
  },
})

function toDeal(raw: z.infer<typeof RawDeal>): Deal {
  return {
    id: `deal-${raw.deal_id}`,
    title: raw.title.trim(),
    stage: Deal.shape.stage.parse(raw.stage.toLowerCase()),
    amount: { value: raw.cents / 100, currency: raw.currency },
    contactIds: (raw.contacts ?? []).map(String),
  }
}

export type NangoSyncLocal = Parameters<(typeof sync)['exec']>[0]
export default sync
