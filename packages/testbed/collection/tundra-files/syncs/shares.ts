import { createSync } from 'nango'
import { z } from 'zod'

const sync = createSync({
  description: 'Copies shares; the account gives the next page in its answer.',
  version: '1.0.0',
  frequency: 'every 90 minutes',
  models: { Share: z.object({ id: z.string(), to: z.string(), expires: z.string().nullish() }) },
  exec: async (nango) => {
    for await (const page of nango.paginate({
      endpoint: '/shares',
      params: { expand: 'owner' },
      paginate: { type: 'link', link_path_in_response_body: 'links.next', response_path: 'data' },
    })) {
      for (const one of page) await nango.batchSave([one], 'Share')
    }
  },
})

export default sync
