import { createOnEvent } from 'nango'
import { z } from 'zod'

export default createOnEvent({
  event: 'post-connection-creation',
  description: 'Remembers the root folder of a new connection and starts the first copy.',
  version: '1.0.0',
  metadata: z.object({ root: z.string() }),
  exec: async (nango) => {
    const { data } = await nango.get({ endpoint: '/drives/root' })
    await nango.setMetadata({ root: data.id })
    await nango.startSync(nango.providerConfigKey, ['files'], nango.connectionId)
  },
})
