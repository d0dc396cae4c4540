import { createSync } from 'nango'
import { z } from 'zod'
import { money } from '../helpers/money.js'
import { Payment } from '../models.js'

const sync = createSync({
  description: 'Copies payments and deletes the ones that were taken back.',
  version: '1.0.0',
  frequency: 'every 45 minutes',
  checkpoint: z.object({ day: z.string(), complete: z.boolean(), seen: z.number() }),
  models: { Payment },
  exec: async (nango) => {
    const checkpoint = await nango.getCheckpoint()
    const day = checkpoint?.day ?? '2026-01-01'
    const { data } = await nango.get({ endpoint: '/payments', params: { from: day }, retries: 5 })
    const rows = z
      .array(z.object({ no: z.string(), invoice: z.string(), cents: z.number() }))
      .parse(data.payments)
    await nango.batchSave(
      rows.map(({ no, invoice, cents }) => ({
        id: no,
        invoiceId: invoice,
        total: money(cents, 'EUR'),
      })),
      'Payment',
    )
    const back = new Set<string>(data.takenBack)
    for await (const known of nango.listRecords('Payment')) {
      if (back.has(known.id)) await nango.batchDelete([{ id: known.id }], 'Payment')
    }
    await nango.saveCheckpoint({ day: data.today, complete: true, seen: rows.length })
  },
})

export type NangoSyncLocal = Parameters<(typeof sync)['exec']>[0]
export default sync
