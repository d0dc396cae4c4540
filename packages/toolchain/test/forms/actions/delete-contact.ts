import { createAction } from 'nango'
import * as z from 'zod'

const OutputSchema = z.object({ success: z.boolean(), status: z.enum(['gone', 'deleted']) })

export default createAction({
  description: 'Deletes a contact.',
  input: z.object({ id: z.union([z.string(), z.number()]) }).passthrough(),
  output: OutputSchema,
  exec: async (nango, input) => {
    try {
      const response = await nango.delete({ endpoint: `/v1/contacts/${input.id}`, retries: 3 })
      return { success: response.status === 204, status: 'deleted' as const }
    } catch (error: any) {
      if (error.response?.status === 404 || error?.response?.data?.code === 'missing') {
        return { success: true, status: 'gone' as const }
      }
      await nango.log('Deleting failed', error, { level: 'error' })
      throw error
    }
  },
})
