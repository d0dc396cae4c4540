import { createSync } from 'nango'
import { Ledger } from '../models.js'

const sync = createSync({
  description: 'Copies the ledgers in one request.',
  version: '1.0.0',
  frequency: 'every month',
  autoStart: false,
  models: { Ledger },
  exec: async (nango) => {
    await nango.trackDeletesStart('Ledger')
    const response = await nango.proxy({ endpoint: '/ledgers', method: 'GET', retries: 3 })
    const ledgers: Ledger[] = Object.entries(response.data as Record<string, number>).map(
      ([id, balance]) => ({ id, balance }),
    )
    await nango.batchSave<Ledger>(ledgers, 'Ledger')
    await nango.trackDeletesEnd('Ledger')
  },
})

export default sync
