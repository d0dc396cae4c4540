import { createOnEvent } from 'nango'
import { z } from 'zod'

export default createOnEvent({
  event: 'post-connection-creation',
  description: 'Asks the account to tell us about changes.',
  version: '1.0.0',
  metadata: z.object({ webhookId: z.string().optional() }),
  exec: async (nango) => {
    const url = await nango.getWebhookURL()
    const response = await nango.post({
      endpoint: '/v2/webhooks',
      data: { url, topics: ['contact.*', 'deal.*'] },
      retries: 3,
    })
    await nango.updateMetadata({ webhookId: response.data.id })
  },
})
