import { createAction } from 'nango'
import type { ProxyConfiguration } from 'nango'
import { z } from 'zod'
import { requestInfo } from '../helpers/request-info.js'
import type { ActionErrorResponse, NangoActionError } from '../models.js'
import { ContactSchema } from '../models.js'

const InputSchema = z.object({
  email: z.string().describe('An address. Example: "a@b.example"'),
  tags: z.array(z.string()).optional(),
  page: z.number().int().min(1).default(1),
  since: z.string().transform((text) => new Date(text)),
})

const action = createAction({
  description: 'Creates a contact.',
  version: '1.0.0',
  endpoint: { method: 'POST', path: '/contacts', group: 'Contacts' },
  input: InputSchema,
  output: ContactSchema,
  scopes: ['contacts:write'],

  exec: async (nango, input): Promise<z.infer<typeof ContactSchema>> => {
    if (input.tags && input.tags.length > 10) {
      throw new nango.ActionError<ActionErrorResponse>({ message: 'Too many tags.' })
    }
    if (input.email === '') {
      throw new nango.ActionError<NangoActionError>({
        type: 'invalid_input',
        message: 'No address.',
      })
    }
    const parsed = await nango.zodValidateInput({ zodSchema: InputSchema, input })
    const since: Date = parsed.data.since
    const { account, label } = await requestInfo(nango)
    const config: ProxyConfiguration = {
      // https://example.com/docs/contacts
      endpoint: `/v1/${account}/contacts`,
      data: {
        email: input.email,
        since: since.toISOString(),
        ...(input.tags && { tags: input.tags }),
      },
      headers: { 'X-Label': label },
      retries: 3,
    }
    config.params = { page: input.page, ids: ['a', 'b'] }
    if (typeof config.params !== 'string') config.params['limit'] = 10
    config.headers = { ...config.headers, Accept: 'application/json' }
    const response = await nango.post<{ contact: { id: number; email?: string } }>(config)
    const { data, status, headers } = response
    if (status === 202 || !data.contact) {
      throw new nango.ActionError({
        type: 'pending',
        message: 'Not yet.',
        next: headers['location'],
      })
    }
    return { id: data.contact.id.toString(), email: data.contact.email ?? null, tags: [] }
  },
})

export type NangoActionLocal = Parameters<(typeof action)['exec']>[0]
export default action
