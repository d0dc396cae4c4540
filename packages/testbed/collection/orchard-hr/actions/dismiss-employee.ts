import { createAction } from 'nango'
import { z } from 'zod'
import { PhoneBook } from '../../harbor-crm/helpers/phone-book.js'

const action = createAction({
  description: 'Ends an employment and names the number to call about it.',
  version: '1.0.0',
  input: z.object({ id: z.string(), lastDay: z.string() }),
  output: z.object({ success: z.boolean(), call: z.string().optional() }),
  exec: async (nango, input) => {
    const { data } = await nango.get({ endpoint: `/employees/${input.id}/contact` })
    const call = new PhoneBook({ phones: data.phones }).preferred
    await nango.delete({
      endpoint: `/employees/${input.id}`,
      params: { lastDay: input.lastDay },
    })
    return { success: true, ...(call && { call }) }
  },
})

export default action
