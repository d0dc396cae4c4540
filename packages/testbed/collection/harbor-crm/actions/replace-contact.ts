import { createAction, type ProxyConfiguration } from 'nango'
import { z } from 'zod'

const Person = z.object({ full_name: z.string(), email: z.string() }).strict()

const action = createAction({
  description: 'Replaces a contact as a whole.',
  input: z.object({ id: z.number().int().positive(), person: Person }),
  output: z.object({ id: z.string(), replaced: z.literal(true) }),
  exec: async (nango, input) => {
    const config = {
      endpoint: `v2/contacts/${input.id}`,
      data: input.person,
      retries: 0,
    } satisfies ProxyConfiguration
    const { data } = await nango.put<{ contact_id: number }>(config)
    return { id: data.contact_id.toString(), replaced: true as const }
  },
})

export default action
