import { z } from 'zod'

export const ContactSchema = z.object({
  id: z.string(),
  email: z.string().nullable(),
  tags: z.array(z.string()),
  owner: z.object({ id: z.string(), name: z.string().optional() }).optional(),
})
export type ContactSchema = z.infer<typeof ContactSchema>

export interface TicketRow {
  id: string
  subject: string
  updatedAt?: string
}

export interface ActionErrorResponse {
  message: string
  details?: string
}

export type NangoActionError = { type: string; message: string }
