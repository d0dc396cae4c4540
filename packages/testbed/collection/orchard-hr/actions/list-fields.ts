import { createAction } from 'nango'
import { z } from 'zod'

const Field = z.object({ name: z.string(), kind: z.string() })

const action = createAction({
  description: 'Lists the fields that an employee can have.',
  version: '1.0.0',
  input: z.void(),
  output: z.object({ fields: z.array(Field) }),
  exec: async (nango) => {
    const { data } = await nango.get({ endpoint: '/meta/fields' })
    const fields = z.array(z.looseObject({ name: z.string(), type: z.string() })).parse(data)
    return { fields: fields.map(({ name, type }) => ({ name, kind: type })) }
  },
})

export default action
