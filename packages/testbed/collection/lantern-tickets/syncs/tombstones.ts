import { createSync } from 'nango'
import { z } from 'zod'

const Tombstone = z.object({ id: z.string() })

const sync = createSync({
  description: 'Deletes what the account says is gone, of two kinds.',
  version: '1.0.0',
  frequency: 'every hour',
  models: { GoneTicket: Tombstone, GoneAgent: Tombstone },
  exec: async (nango) => {
    const { data } = await nango.get({
      endpoint: '/api/tombstones',
      params: { kinds: ['ticket', 'agent'].join(',') },
      headers: { 'x-lantern-version': '3' },
    })
    const rows = z.array(z.object({ kind: z.string(), id: z.string() })).parse(data)
    const idsOf = (kind: string) =>
      rows.filter((row) => row.kind === kind).map(({ id }) => ({ id }))
    await nango.batchDelete(idsOf('ticket'), 'GoneTicket')
    await nango.batchDelete(idsOf('agent'), 'GoneAgent')
  },
})

export type NangoSyncLocal = Parameters<(typeof sync)['exec']>[0]
export default sync
