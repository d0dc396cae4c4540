import { createSync } from 'nango'
import { z } from 'zod'
import { apply } from '../helpers/tickets.js'
import { Ticket } from '../models.js'

const Payload = z.object({
  event: z.enum(['ticket.saved', 'ticket.removed']),
  tickets: z.array(z.unknown()),
})

const sync = createSync({
  description: 'Copies tickets in small steps, and at once when the account tells us.',
  version: '1.3.0',
  frequency: 'every 5m',
  autoStart: true,
  checkpoint: z.object({ since: z.string(), cursor: z.string() }),
  webhookSubscriptions: ['ticket.saved', 'ticket.removed'],
  models: { Ticket },
  exec: async (nango) => {
    const checkpoint = (await nango.getCheckpoint()) ?? { since: '', cursor: '' }
    let next = ''
    const pages = nango.paginate({
      endpoint: '/api/tickets',
      params: {
        ...(checkpoint.since !== '' && { since: checkpoint.since }),
        ...(checkpoint.cursor !== '' && { after: checkpoint.cursor }),
      },
      paginate: {
        type: 'cursor',
        cursor_name_in_request: 'after',
        cursor_path_in_response: 'meta.next_cursor',
        response_path: 'tickets',
        limit_name_in_request: 'limit',
        limit: 2,
        on_page: async (state) => {
          next = typeof state.nextPageParam === 'string' ? state.nextPageParam : ''
        },
      },
      retries: 10,
    })
    for await (const page of pages) {
      await apply(nango, page)
      await nango.saveCheckpoint({ since: checkpoint.since, cursor: next })
    }
  },
  onWebhook: async (nango, payload) => {
    const { event, tickets } = Payload.parse(payload)
    const rows = tickets.map((one) => ({ ...(one as object), gone: event === 'ticket.removed' }))
    await apply(nango, rows)
  },
})

export type NangoSyncLocal = Parameters<(typeof sync)['exec']>[0]
export default sync
