import { createAction } from 'nango'
import { z } from 'zod'

const Metadata = z.object({ region: z.string(), teamId: z.string().optional() })

const action = createAction({
  description: 'Reads the account that the connection belongs to.',
  version: '1.0.0',
  metadata: Metadata,
  input: z.void(),
  output: z.object({ account: z.string(), seats: z.number(), region: z.string() }),
  exec: async (nango) => {
    const connection = await nango.getConnection()
    const metadata = await nango.getMetadata<z.infer<typeof Metadata>>()
    const subdomain = connection.connection_config['subdomain']
    const response = await nango.get({
      baseUrlOverride: `https://${subdomain}.harbor.example`,
      endpoint: '/v2/account',
      decompress: true,
      retries: 3,
    })
    const { name, seats } = response.data
    return { account: name, seats, region: metadata.region }
  },
})

export type NangoActionLocal = Parameters<(typeof action)['exec']>[0]
export default action
