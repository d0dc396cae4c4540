import { z } from 'zod'

export const Ticket = z.object({
  id: z.string(),
  subject: z.string(),
  priority: z.union([z.literal(1), z.literal(2), z.literal(3)]),
  requester: z.object({ id: z.string(), name: z.string().nullish() }).nullable(),
  fields: z.record(z.string(), z.unknown()),
  closed: z.boolean(),
})
export type Ticket = z.infer<typeof Ticket>

export const Agent = z.object({ id: z.string(), name: z.string(), queues: z.array(z.string()) })
export type Agent = z.infer<typeof Agent>

export const Comment = z.object({ id: z.string(), ticketId: z.string(), html: z.string() })
export type Comment = z.infer<typeof Comment>
