import { createOnEvent } from 'nango'
import { z } from 'zod'

export default createOnEvent({
  event: 'post-connection-creation',
  description: 'Registers a webhook.',
  version: '1.0.0',
  metadata: z.object({}).passthrough(),
  exec: async (nango): Promise<void> => {
    const metadata = ((await nango.getMetadata()) ?? {}) as Record<string, unknown>
    const url = await nango.getWebhookURL()
    if (!url) return
    const existing = await nango.triggerAction<
      Record<string, never>,
      { webhooks: { id: string }[] }
    >('x', nango.connectionId, 'list-webhooks', {})
    await nango.setMetadata({ ...metadata, webhooks: existing.webhooks.map(({ id }) => id) })
    const update = nango.updateMetadata as unknown as (
      value: Record<string, unknown>,
    ) => Promise<void>
    await update({ url })
    await nango.triggerSync('x', nango.connectionId, 'contacts', 'full_refresh')
    await nango.startSync(
      'x',
      ['contacts', { name: 'tickets', variant: 'base' }],
      nango.connectionId,
    )
    if (await nango.tryAcquireLock({ key: 'setup', ttlMs: 1000 }))
      await nango.releaseLock({ key: 'setup' })
  },
})

export const validate = createOnEvent({
  event: 'validate-connection',
  description: 'Checks the account.',
  exec: async (nango) => {
    const { status } = await nango.get({ endpoint: '/me' })
    if (status !== 200) throw new Error('No access.')
  },
})
