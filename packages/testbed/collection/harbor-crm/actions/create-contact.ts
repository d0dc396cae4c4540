import { createAction } from 'nango'
import type { ProxyConfiguration } from 'nango'
import { z } from 'zod'
import { retryRules } from '../../rules/retry-rules.js'
import { toContact } from '../mappers/to-contact.js'
import { Contact } from '../models.js'
import type { HarborContact } from '../types.js'

const Input = z.object({
  name: z.string().min(1),
  email: z.email().optional(),
  phone: z.string().optional().describe('Kept as the work number.'),
})

const action = createAction({
  description: 'Creates a contact.',
  version: '1.2.0',
  endpoint: { method: 'POST', path: '/contacts', group: 'Contacts' },
  input: Input,
  output: Contact,
  scopes: ['contacts:write'],
  exec: async (nango, input): Promise<Contact> => {
    const { data } = await nango.zodValidateInput({ zodSchema: Input, input })
    const request: ProxyConfiguration = {
      endpoint: '/v2/contacts',
      data: {
        full_name: data.name,
        email: data.email,
        phones: data.phone === undefined ? [] : [{ kind: 'work', number: data.phone }],
      },
      retries: retryRules.writes,
    }
    const response = await nango.post<HarborContact>(request)
    await nango.log(`Created contact ${response.data.contact_id}`)
    return toContact(response.data)
  },
})

export type NangoActionLocal = Parameters<(typeof action)['exec']>[0]
export default action
