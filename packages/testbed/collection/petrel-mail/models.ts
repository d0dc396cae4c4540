import { z } from 'zod'

export const Message = z.object({
  id: z.string(),
  subject: z.string(),
  at: z.string(),
  headers: z.record(z.string(), z.string()),
  attachments: z.array(z.object({ name: z.string(), bytes: z.number() })).optional(),
})
export type Message = z.infer<typeof Message>
