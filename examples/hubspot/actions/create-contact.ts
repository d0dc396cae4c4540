import { createAction } from '@plumb/sdk'
import * as z from 'zod'

const Created = z.object({ id: z.string() })
const Conflict = z.object({ message: z.string() })

export default createAction({
  description: 'Creates a contact',
  version: '1.0.0',
  input: z.object({
    email: z.email(),
    firstName: z.string().optional(),
    lastName: z.string().optional(),
  }),
  output: z.object({ id: z.string() }),
  scopes: ['crm.objects.contacts.write'],
  exec: async (ctx, { email, firstName, lastName }) => {
    const response = await ctx.post({
      endpoint: '/crm/v3/objects/contacts',
      data: { properties: { email, firstname: firstName, lastname: lastName } },
      expectedStatus: [409],
    })
    if (response.status === 409) {
      throw new ctx.ActionError({
        type: 'already_exists',
        message: Conflict.parse(response.data).message,
      })
    }
    return { id: Created.parse(response.data).id }
  },
})
