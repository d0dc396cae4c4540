import { createSync } from 'nango'
import type { ProxyConfiguration } from 'nango'
import { z } from 'zod'
import { Item } from '../location.js'

enum Models {
  Item = 'Item',
}

const shared = { cursor_start_value: '', limit: 50 }

const sync = createSync({
  description: 'Copies items with what its configuration says.',
  version: '1.0.0',
  frequency: 'every 5m',
  endpoints: [{ method: 'GET', path: '/syncs/items', group: 'Items' }],
  trackDeletes: false,
  models: { Item: Item },
  metadata: z.object({ owner: z.string() }),
  checkpoint: z.object({ offset: z.number(), done: z.boolean() }),
  exec: async (nango) => {
    const checkpoint = await nango.getCheckpoint()
    let offset: number = checkpoint?.['offset'] ?? 0
    const metadata = await nango.getMetadata()
    if (!metadata?.owner) throw Error('No owner.')
    const config = {
      endpoint: '/items',
      params: { owner: metadata.owner, ids: [1, 2], names: ['a'] },
      paginate: {
        ...shared,
        type: 'cursor' as const,
        cursor_path_in_response: 'next',
        cursor_name_in_request: 'after',
        limit_name_in_request: 'limit',
        response_path: 'items',
        on_page: async ({ nextPageParam }: { nextPageParam?: string | number | undefined }) => {
          offset = typeof nextPageParam === 'number' ? nextPageParam : offset
        },
      },
    }
    for await (const page of nango.paginate(config)) {
      await nango.batchSave(page.map(toItem), Models.Item)
      await nango.batchDelete(
        page.map((raw) => ({ id: raw.id })),
        Models.Item,
      )
      await nango.saveCheckpoint({ offset, done: false })
    }
    await walk(nango, {
      endpoint: '/more',
      paginate: { on_page: async (state) => void state.nextPageParam, limit: 10 },
    })
    for await (const stored of nango.listRecords<Item>('Item')) await nango.log(stored.id)
    await nango.clearCheckpoint()
  },
})

export type NangoSyncLocal = Parameters<(typeof sync)['exec']>[0]
export default sync

async function walk(nango: NangoSyncLocal, config: ProxyConfiguration): Promise<void> {
  for await (const page of nango.paginate<{ uid: string }>(config)) {
    await nango.batchSave<Item>(
      page.map(({ uid }) => ({ id: uid })),
      'Item',
    )
  }
}

function toItem(raw: any): Item {
  return { id: raw.id, ...(raw.at && { changed: new Date(raw.at) }) }
}

export const withoutSchemas = createSync({
  description: 'Saves what no schema describes.',
  frequency: 'every hour',
  models: {},
  exec: async (nango) => {
    const before: Record<string, unknown> = (await nango.getCheckpoint()) ?? {}
    // @ts-expect-error the sync declares no checkpoint
    await nango.saveCheckpoint({ offset: Object.keys(before).length })
    // @ts-expect-error the sync declares no metadata
    await nango.setMetadata({ a: 1 })
  },
})
