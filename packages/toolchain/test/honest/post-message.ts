import { createHash } from 'node:crypto'
import { createAction } from '@plumb/sdk'
import { z } from 'zod'

export default createAction({
  description: 'Posts a message',
  input: z.object({ channel: z.string(), text: z.string(), threadTs: z.string().optional() }),
  output: z.object({ channel: z.string(), ts: z.string(), digest: z.string() }),
  exec: async (ctx, input) => {
    const response = await ctx.post({
      endpoint: '/chat.postMessage',
      data: {
        channel: input.channel,
        text: input.text,
        ...(input.threadTs !== undefined && { thread_ts: input.threadTs }),
      },
    })
    const answer = z
      .discriminatedUnion('ok', [
        z.object({ ok: z.literal(true), channel: z.string(), ts: z.string() }),
        z.object({ ok: z.literal(false), error: z.string() }),
      ])
      .parse(response.data)
    if (!answer.ok) {
      throw new ctx.ActionError({ type: answer.error, message: `Slack refused: ${answer.error}` })
    }
    const digest = createHash('sha256').update(input.text).digest('hex')
    return { channel: answer.channel, ts: answer.ts, digest }
  },
})
