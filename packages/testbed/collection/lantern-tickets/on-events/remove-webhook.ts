import { createOnEvent } from 'nango'
import { z } from 'zod'

const onEvent = createOnEvent({
  event: 'pre-connection-deletion',
  description: 'Takes our webhook away before the connection goes.',
  version: '1.0.0',
  metadata: z.object({ webhookId: z.string() }),
  exec: async (nango) => {
    const { webhookId } = await nango.getMetadata()
    await nango.delete({ endpoint: `/api/webhooks/${webhookId}`, retries: 3 })
    await nango.log(`Removed ${webhookId}`)
  },
})

export default onEvent
