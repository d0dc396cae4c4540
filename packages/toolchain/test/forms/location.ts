import { z } from 'zod'

export const Location = z.object({ id: z.string(), name: z.string().optional() })
export type Location = z.infer<typeof Location>

export const Item = z.object({ id: z.string(), changed: z.date().optional() })
export type Item = z.infer<typeof Item>
