import { createAction } from 'nango'
import { z } from 'zod'

const action = createAction({
  description: 'Closes a month: one at a time, then starts what depends on it.',
  version: '1.0.0',
  metadata: z.object({ closed: z.array(z.string()), by: z.string().optional() }),
  checkpoint: z.object({ month: z.string() }),
  input: z.object({ month: z.string() }),
  output: z.object({ closed: z.boolean(), rollup: z.unknown() }),
  exec: async (nango, { month }) => {
    if (!(await nango.tryAcquireLock({ key: `close-${month}`, ttlMs: 60_000 }))) {
      return { closed: false, rollup: null }
    }
    const variables = await nango.getEnvironmentVariables()
    const by = variables?.find(({ name }) => name === 'CLOSED_BY')?.value
    const metadata = await nango.getMetadata()
    await nango.post({ endpoint: `/months/${month}/close` })
    await nango.setMetadata({ closed: [...metadata.closed, month], ...(by && { by }) })
    await nango.saveCheckpoint({ month })
    const { providerConfigKey, connectionId } = nango
    const rollup = await nango.triggerAction(providerConfigKey, connectionId, 'roll-up', { month })
    await nango.triggerSync(providerConfigKey, connectionId, 'ledgers')
    await nango.startSync(providerConfigKey, ['invoices', { name: 'payments', variant: 'eu' }])
    await nango.releaseLock({ key: `close-${month}` })
    return { closed: true, rollup }
  },
})

export type NangoActionLocal = Parameters<(typeof action)['exec']>[0]
export default action
