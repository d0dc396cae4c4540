import { createAction } from 'nango'
import z from 'zod'
import { toContact } from '../mappers/to-contact.js'
import { Contact } from '../models.js'

const Changes = z
  .object({ id: z.string(), email: z.string().nullable(), labels: z.array(z.string()) })
  .partial()
  .required({ id: true })

const action = createAction({
  description: 'Changes some fields of a contact.',
  version: '1.0.0',
  input: Changes,
  output: Contact,
  exec: async (nango, { id, ...changes }): Promise<Contact> => {
    if (Object.keys(changes).length === 0) {
      throw new nango.ActionError({ type: 'nothing_to_change', message: 'No field was given.', id })
    }
    const response = await nango.patch({
      endpoint: `/v2/contacts/${id}`,
      headers: { 'If-Match': '*', 'Content-Type': 'application/merge-patch+json' },
      data: changes,
    })
    return toContact(response.data)
  },
})

export type NangoActionLocal = Parameters<(typeof action)['exec']>[0]
export default action
