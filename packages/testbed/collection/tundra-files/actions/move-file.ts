import { createAction } from 'nango'
import { z } from 'zod'

const action = createAction({
  description: 'Moves a file into another folder, in the account that owns it.',
  version: '1.0.0',
  input: z.object({ id: z.string(), folder: z.string(), owner: z.string().optional() }),
  output: z.object({ path: z.string() }),
  exec: async (nango, input) => {
    const other = input.owner
      ? { providerConfigKey: 'tundra-files', connectionId: input.owner }
      : {}
    const { data } = await nango.patch({
      ...other,
      endpoint: `/files/${encodeURIComponent(input.id)}`,
      data: { parent: input.folder },
      retries: 2,
      retryOn: [409, 423],
      retryHeader: { after: 'x-wait' },
    })
    return { path: data.path }
  },
})

export default action
