import { createSync } from 'nango'
import { z } from 'zod'

const Folder = z.object({ id: z.string(), path: z.string(), depth: z.number() })

const sync = createSync({
  description: 'Copies folders; the account answers pages of a bare list.',
  version: '1.0.0',
  frequency: 'every week',
  models: { Folder },
  exec: async (nango) => {
    const pages = nango.paginate<{ path: string }>({
      endpoint: '/mailbox/folders?kind=all',
      paginate: {
        type: 'offset',
        offset_name_in_request: 'skip',
        limit_name_in_request: 'take',
        limit: 2,
        response_path: '',
        offset_calculation_method: 'by-response-size',
      },
      retries: 3,
    })
    for await (const page of pages) {
      await nango.batchSave(
        page.map(({ path }) => ({ id: path, path, depth: path.split('/').length })),
        'Folder',
      )
    }
  },
})

export type NangoSyncLocal = Parameters<(typeof sync)['exec']>[0]
export default sync
