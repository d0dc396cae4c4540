import type { NangoSync } from 'nango'
import { z } from 'zod'
import { Ticket } from '../models.js'

const RawTicket = z
  .object({
    key: z.string(),
    subject: z.string(),
    urgency: z.enum(['low', 'normal', 'high']),
    from: z.object({ uid: z.string(), name: z.string().nullish() }).nullish(),
    custom: z.record(z.string(), z.unknown()).optional(),
    state: z.string(),
    gone: z.boolean().optional(),
  })
  .loose()
export type RawTicket = z.infer<typeof RawTicket>

const priorities = { high: 1, normal: 2, low: 3 } as const

export function toTicket(row: unknown): Ticket {
  const raw = RawTicket.parse(row)
  return {
    id: raw.key,
    subject: raw.subject,
    priority: priorities[raw.urgency],
    requester: raw.from ? { id: raw.from.uid, name: raw.from.name } : null,
    fields: raw.custom ?? {},
    closed: raw.state === 'closed',
  }
}

type Saving = Pick<NangoSync<{ Ticket: typeof Ticket }>, 'batchSave' | 'batchDelete'>

/** Saves what is there and deletes what is marked as gone. */
export async function apply(nango: Saving, rows: readonly unknown[]): Promise<void> {
  const parsed = rows.map((row) => RawTicket.parse(row))
  const gone = parsed.filter((one) => one.gone === true)
  const present = parsed.filter((one) => one.gone !== true)
  if (present.length > 0) await nango.batchSave(present.map(toTicket), 'Ticket')
  if (gone.length > 0) {
    await nango.batchDelete(
      gone.map((one) => ({ id: one.key })),
      'Ticket',
    )
  }
}
