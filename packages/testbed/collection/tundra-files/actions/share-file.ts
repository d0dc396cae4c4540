import { createAction } from 'nango'
import { z } from 'zod'

const Grant = z.object({
  to: z.string(),
  role: z.enum(['reader', 'writer']),
  until: z.iso.datetime().optional(),
})

const action = createAction({
  description: 'Shares a file with several people and keeps what they had.',
  version: '1.0.0',
  input: z.object({ id: z.string(), grants: z.array(Grant).min(1) }),
  output: z.object({ grants: z.array(Grant.extend({ id: z.string() })) }),
  scopes: ['files.share'],
  exec: async (nango, input) => {
    const path = `/files/${input.id}/grants`
    const before = await nango.get({ endpoint: path })
    const kept = z.array(Grant.extend({ id: z.string() })).parse(before.data.grants)
    const grants = [...kept]
    for (const grant of input.grants) {
      const known = kept.find(({ to }) => to === grant.to)
      const { data } = known
        ? await nango.put({ endpoint: `${path}/${known.id}`, data: grant })
        : await nango.post({ endpoint: path, data: grant })
      const index = grants.findIndex(({ to }) => to === grant.to)
      grants.splice(index === -1 ? grants.length : index, index === -1 ? 0 : 1, {
        ...grant,
        id: data.id,
      })
    }
    return { grants }
  },
})

export default action
