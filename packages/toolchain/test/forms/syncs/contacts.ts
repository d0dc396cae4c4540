import { createSync, type ProxyConfiguration } from 'nango'
import { z } from 'zod'
import { paginatedItems, requestInfo } from '../helpers/request-info.js'
import { ContactSchema } from '../models.js'
import type { TicketRow } from '../models.js'

const CheckpointSchema = z.object({
  updated_after: z.string(),
  page: z.number(),
  delete_tracking_started: z.boolean(),
})

const sync = createSync({
  description: 'Contacts, from the last change on.',
  version: '2.0.1',
  frequency: 'every 5 minutes',
  autoStart: true,
  syncType: 'incremental',
  trackDeletes: false,
  endpoints: [
    { path: '/syncs/contacts', method: 'GET', group: 'Contacts' },
    { path: '/syncs/tickets', method: 'GET' },
  ],
  scopes: ['contacts.read'],
  checkpoint: CheckpointSchema,
  metadata: z.object({ lists: z.array(z.string()).optional() }),
  models: { Contact: ContactSchema, Ticket: z.object({ id: z.string(), subject: z.string() }) },
  webhookSubscriptions: ['contact.*'],

  exec: async (nango) => {
    const checkpoint: z.infer<typeof CheckpointSchema> | null = await nango.getCheckpoint()
    const reparsed = CheckpointSchema.parse(
      (await nango.getCheckpoint()) ?? {
        updated_after: '',
        page: 0,
        delete_tracking_started: false,
      },
    )
    const since =
      checkpoint?.updated_after ?? nango.lastSyncDate?.toISOString() ?? reparsed.updated_after
    const metadata = await nango.getMetadata()
    const lists = metadata?.lists ?? []
    const { account } = await requestInfo(nango)

    const config: ProxyConfiguration = {
      // https://example.com/docs
      endpoint: `/v1/${account}/contacts`,
      params: {
        updated_after: since,
        lists: lists.join(','),
        ...(checkpoint && { page: checkpoint.page }),
      },
      paginate: {
        type: 'cursor',
        cursor_path_in_response: 'paging.next.after',
        cursor_name_in_request: 'after',
        limit_name_in_request: 'limit',
        response_path: 'results',
        limit: 100,
        on_page: async ({ nextPageParam, response }) => {
          await nango.log(
            `Page ${nextPageParam}: ${response.status} ${response.headers['x-total']}`,
          )
        },
      },
      retries: 10,
    }

    if (!checkpoint?.delete_tracking_started) await nango.trackDeletesStart('Contact')
    for await (const page of nango.paginate(config)) {
      const contacts = page.map((raw: { id: number; email?: string }) => ({
        id: String(raw.id),
        email: raw.email ?? null,
        tags: [],
      }))
      if (contacts.length > 0) await nango.batchSave(contacts, 'Contact')
      const gone = page.filter((raw) => raw.archived).map((raw) => ({ id: raw.id.toString() }))
      if (gone.length) await nango.batchDelete(gone, 'Contact')
      await nango.saveCheckpoint({ updated_after: since, page: 1, delete_tracking_started: true })
    }

    const rows = await paginatedItems<{ id: string; subject: string }>(nango, { path: '/tickets' })
    await nango.batchSave(rows, 'Ticket')
    await nango.batchUpdate([{ id: '1', subject: 'New' }], 'Ticket')
    await saveTickets(nango, rows)
    await nango.clearCheckpoint()
    const { deletedKeys } = await nango.trackDeletesEnd('Contact')
    await nango.log(`Deleted ${deletedKeys.length}`)
    await nango.deleteRecordsFromPreviousExecutions('Ticket')
    await nango.setMergingStrategy({ strategy: 'ignore_if_modified_after' }, 'Ticket')
  },

  onWebhook: async (nango, payload) => {
    const body = payload as { type: string; objectId: number }
    await nango.log('Webhook', body)
    const known = await nango.getRecordsByIds([body.objectId], 'Contact')
    if (payload.type === 'contact.deletion')
      return void (await nango.batchDelete([{ id: String(body.objectId) }], 'Contact'))
    const contact = known.get(body.objectId)
    if (contact) await nango.batchSave([contact], 'Contact')
  },
})

export type NangoSyncLocal = Parameters<(typeof sync)['exec']>[0]
export default sync

async function saveTickets(
  nango: NangoSyncLocal,
  rows: Pick<TicketRow, 'id' | 'subject'>[],
): Promise<void> {
  for (let start = 0; start < rows.length; start += 100) {
    await nango.batchSave(rows.slice(start, start + 100), 'Ticket')
  }
  for await (const ticket of nango.listRecords('Ticket')) {
    if (ticket.id === '0') await nango.batchDelete([ticket], 'Ticket')
  }
}
