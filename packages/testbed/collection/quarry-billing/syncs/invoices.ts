import { createSync } from 'nango'
import type { ProxyConfiguration } from 'nango'
import { z } from 'zod'
import { money } from '../helpers/money.js'
import { Invoice } from '../models.js'

const Row = z.object({
  uuid: z.uuid(),
  no: z.string(),
  currency: z.string(),
  state: z.enum(['DRAFT', 'SENT', 'PAID', 'VOID']),
  due: z.string().optional(),
  lines: z.array(z.object({ text: z.string(), units: z.number(), tax: z.array(z.number()) })),
  custom: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
})

const sync = createSync({
  description: 'Copies invoices through a search that is paged in the body.',
  version: '1.1.0',
  frequency: 'every 4 hours',
  metadata: z.object({ states: z.array(z.string()) }),
  models: { Invoice },
  exec: async (nango) => {
    const { states } = await nango.getMetadata()
    const config: ProxyConfiguration = {
      method: 'POST',
      endpoint: '/search/invoices',
      data: { filter: { states }, page: { size: 2 } },
      paginate: {
        type: 'cursor',
        cursor_name_in_request: 'page.after',
        cursor_path_in_response: 'page.last',
        response_path: 'hits',
        in_body: true,
      },
      retries: 10,
    }
    for await (const page of nango.paginate<unknown>(config)) {
      await nango.batchSave(
        page.map((row) => toInvoice(Row.parse(row))),
        'Invoice',
      )
    }
  },
})

function toInvoice(row: z.infer<typeof Row>): Invoice {
  const lines = row.lines.map(({ text, units, tax }) => ({
    text,
    total: money(units, row.currency),
    taxRates: tax,
  }))
  return {
    id: row.uuid,
    number: row.no,
    total: money(
      row.lines.reduce((sum, { units }) => sum + units, 0),
      row.currency,
    ),
    lines,
    status: Invoice.shape.status.parse(row.state.toLowerCase()),
    due: row.due ?? null,
    extra: row.custom,
  }
}

export type NangoSyncLocal = Parameters<(typeof sync)['exec']>[0]
export default sync
