import { createAction } from 'nango'
import { z } from 'zod'

const action = createAction({
  description: 'Downloads a message as it is on the wire.',
  version: '1.0.0',
  input: z.object({ id: z.string() }),
  output: z.object({ base64: z.string(), type: z.string() }),
  exec: async (nango, { id }) => {
    const response = await nango.get<string>({
      endpoint: `/mailbox/messages/${id}/raw`,
      responseType: 'text',
      headers: { Accept: 'message/rfc822' },
      retries: 3,
    })
    return {
      base64: Buffer.from(response.data).toString('base64'),
      type: String(response.headers['content-type']),
    }
  },
})

export default action
