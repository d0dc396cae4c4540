import * as z from 'zod'

export const Contact = z.object({
  id: z.string(),
  name: z.string(),
  email: z.string().nullable(),
  phone: z.string().optional(),
  tags: z.array(z.string()),
  updatedAt: z.string(),
})
export type Contact = z.infer<typeof Contact>

export const Deal = z.object({
  id: z.string(),
  title: z.string(),
  stage: z.enum(['new', 'open', 'won', 'lost']),
  amount: z.object({ value: z.number(), currency: z.string().length(3) }),
  contactIds: z.array(z.string()),
})
export type Deal = z.infer<typeof Deal>

export const Activity = z.object({ id: z.string(), kind: z.string(), at: z.string() })
export type Activity = z.infer<typeof Activity>

export const Note = z.object({ id: z.string(), text: z.string() })
export type Note = z.infer<typeof Note>
