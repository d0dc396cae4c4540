import { createAction } from 'nango'
import { z } from 'zod'

const action = createAction({
  description: 'Sends a message.',
  version: '1.0.0',
  input: z.object({ to: z.array(z.email()).min(1), subject: z.string(), text: z.string() }),
  output: z.object({ id: z.string() }),
  exec: async (nango, input) => {
    const lines = [`To: ${input.to.join(', ')}`, `Subject: ${input.subject}`, '', input.text]
    const raw = Buffer.from(lines.join('\r\n')).toString('base64url')
    const { data } = await nango.post({
      endpoint: '/mailbox/outbox',
      headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
      data: new URLSearchParams({ raw, format: 'mime' }).toString(),
      retries: 0,
    })
    return { id: data.id }
  },
})

export default action
