import { createAction } from 'nango'
import { z } from 'zod'
import { Account } from '../models.js'

const action = createAction({
  description: 'Reads the chart of accounts as a tree.',
  version: '1.0.0',
  input: z.object({}),
  output: Account,
  exec: async (nango): Promise<Account> => {
    const { data } = await nango.get<{ code: string; name: string; parent: string | null }[]>({
      endpoint: '/accounts',
    })
    const below = (code: string | null): Account[] =>
      data
        .filter(({ parent }) => parent === code)
        .map((one) => ({ code: one.code, name: one.name, below: below(one.code) }))
    const [root] = below(null)
    if (!root) throw new nango.ActionError({ type: 'empty', message: 'There is no account.' })
    return root
  },
})

export default action
