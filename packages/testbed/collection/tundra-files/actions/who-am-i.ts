import { createAction } from 'nango'
import { z } from 'zod'

const action = createAction({
  description: 'Says which application and which connection this is.',
  version: '1.0.0',
  input: z.void(),
  output: z.object({
    application: z.string(),
    provider: z.string(),
    connection: z.string(),
    kind: z.enum(['text', 'parts']),
  }),
  exec: async (nango) => {
    const { credentials, provider } = await nango.getIntegration({ include: ['credentials'] })
    if (!credentials || !('client_id' in credentials) || !credentials.client_id) {
      throw new nango.ActionError({ type: 'no_application', message: 'No client id is set.' })
    }
    const token = await nango.getToken()
    return {
      application: credentials.client_id,
      provider,
      connection: `${nango.providerConfigKey}/${nango.connectionId}`,
      kind: typeof token === 'string' ? ('text' as const) : ('parts' as const),
    }
  },
})

export default action
