import { createSync } from 'nango'
import type { ProxyConfiguration } from 'nango'
import { z } from 'zod'
import { toContact } from '../mappers/to-contact.js'
import { Contact } from '../models.js'
import type { HarborContact } from '../types.js'

const sync = createSync({
  description: 'Copies all contacts and notices the ones that are gone.',
  version: '1.0.0',
  frequency: 'every 6 hours',
  autoStart: true,
  endpoints: [{ method: 'GET', path: '/contacts', group: 'Contacts' }],
  scopes: ['contacts:read'],
  metadata: z.object({}),
  models: { Contact },
  exec: async (nango) => {
    await nango.trackDeletesStart('Contact')
    const config: ProxyConfiguration = {
      endpoint: '/v2/contacts',
      params: { sort: 'id' },
      paginate: {
        type: 'link',
        link_rel_in_response_header: 'next',
        response_path: 'items',
        limit_name_in_request: 'per_page',
        limit: 2,
      },
      retries: 10,
    }
    for await (const page of nango.paginate<HarborContact>(config)) {
      await nango.batchSave(page.map(toContact), 'Contact')
    }
    await nango.trackDeletesEnd('Contact')
  },
})

export type NangoSyncLocal = Parameters<(typeof sync)['exec']>[0]
export default sync
