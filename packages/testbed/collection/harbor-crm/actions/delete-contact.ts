import { createAction } from 'nango'
import { z } from 'zod'

const action = createAction({
  description: 'Deletes a contact. Deleting one that is already gone is fine.',
  version: '0.0.1',
  input: z.object({ id: z.string(), reason: z.string().default('requested') }),
  output: z.object({ success: z.boolean() }),
  exec: async (nango, input) => {
    const response = await nango.delete({
      endpoint: `/v2/contacts/${input.id}`,
      params: { reason: input.reason },
    })
    return { success: response.status === 204 || response.status === 404 }
  },
})

export type NangoActionLocal = Parameters<(typeof action)['exec']>[0]
export default action
