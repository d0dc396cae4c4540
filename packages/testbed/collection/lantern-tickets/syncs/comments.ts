import { createSync } from 'nango'
import type { ProxyConfiguration } from 'nango'
import { z } from 'zod'
import { Comment } from '../models.js'

const sync = createSync({
  description: 'Copies the comments of every open ticket.',
  version: '1.0.0',
  frequency: 'every 2 hours',
  models: { Comment },
  webhookSubscriptions: ['*'],
  exec: async (nango) => {
    const { data } = await nango.get({ endpoint: '/api/tickets/open', retries: 3 })
    for (const ticketId of z.array(z.string()).parse(data.keys)) {
      await saveComments(nango, ticketId)
    }
  },
  onWebhook: async (nango, payload) => {
    await nango.setMergingStrategy({ strategy: 'ignore_if_modified_after' }, 'Comment')
    const known = await nango.getRecordsByIds<string>([payload.id], 'Comment')
    if (!known.has(payload.id)) return
    await nango.batchUpdate([{ id: payload.id, html: payload.html }], 'Comment')
  },
})

type Local = Parameters<(typeof sync)['exec']>[0]

async function saveComments(nango: Local, ticketId: string): Promise<void> {
  const config: ProxyConfiguration = {
    method: 'GET',
    endpoint: `/api/tickets/${ticketId}/comments`,
    paginate: {
      type: 'cursor',
      cursor_name_in_request: 'page_token',
      cursor_path_in_response: 'next_page_token',
      response_path: 'comments',
    },
    retries: 3,
  }
  for await (const page of nango.paginate<{ id: string; body_html: string }>(config)) {
    await nango.batchSave(
      page.map((raw) => ({ id: raw.id, ticketId, html: raw.body_html })),
      'Comment',
    )
  }
}

export type NangoSyncLocal = Local
export default sync
