import { createSync } from 'nango'
import { z } from 'zod'
import { openClient } from '../soap-client.js'

const Site = z.object({ id: z.string(), name: z.string() })

const sync = createSync({
  description: 'Copies sites from a SOAP service.',
  version: '1.0.0',
  frequency: 'every day',
  models: { Site },
  exec: async (nango) => {
    const client = await openClient(await nango.getConnection())
    const [answer]: [{ Site: { Code: string; Title: string }[] }] = await client['ListSitesAsync']({
      Page: 1,
    })
    await nango.batchSave(
      answer.Site.map(({ Code, Title }) => ({ id: Code, name: Title })),
      'Site',
    )
  },
})

export type NangoSyncLocal = Parameters<(typeof sync)['exec']>[0]
export default sync
