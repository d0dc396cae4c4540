import { createSync } from 'nango'
import { z } from 'zod'

const sync = createSync({
  description: 'Saves a row that its model does not allow.',
  version: '1.0.0',
  frequency: 'every hour',
  models: { Thing: z.object({ id: z.string(), size: z.number() }) },
  exec: async (nango) => {
    const { data } = await nango.get({ endpoint: '/things' })
    await nango.batchSave(data.things, 'Thing')
  },
})

export default sync
