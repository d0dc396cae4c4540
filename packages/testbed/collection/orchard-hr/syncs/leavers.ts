import { createSync } from 'nango'
import { z } from 'zod'

const sync = createSync({
  description: 'Deletes the employees who left.',
  version: '1.0.0',
  frequency: 'every day',
  metadata: z.object({ country: z.string() }),
  models: { Leaver: z.object({ id: z.string() }) },
  exec: async (nango) => {
    const metadata = await nango.getMetadata()
    const { data } = await nango.get<{ left: number[] }>({
      endpoint: '/leavers',
      params: { country: metadata?.country ?? 'all' },
    })
    await nango.batchDelete(
      data.left.map((no) => ({ id: String(no) })),
      'Leaver',
    )
  },
})

export type NangoSyncLocal = Parameters<(typeof sync)['exec']>[0]
export default sync
