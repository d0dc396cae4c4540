import { z } from 'zod'

const part = z.object({ type: z.string(), text: z.string().optional() })

const messageSchema = z.object({
  role: z.enum(['system', 'developer', 'user', 'assistant', 'tool']),
  content: z.union([z.string(), z.array(part)]).nullish(),
  tool_call_id: z.string().optional(),
  tool_calls: z
    .array(
      z.object({
        id: z.string(),
        function: z.object({ name: z.string(), arguments: z.string() }),
      }),
    )
    .optional(),
})

/** What is read of a request to `/v1/chat/completions`; the rest is ignored. */
export const chatRequestSchema = z.object({
  model: z.string(),
  messages: z.array(messageSchema).min(1),
  stream: z.boolean().default(false),
  tools: z.array(z.object({ function: z.object({ name: z.string() }) })).default([]),
})

export type ChatMessage = z.infer<typeof messageSchema>
export type ChatRequest = z.infer<typeof chatRequestSchema>
