import { createAction } from 'nango'
import { z } from 'zod'

const action = createAction({
  description: 'Asks whether the account answers.',
  version: '1.0.0',
  input: z.void(),
  output: z.void(),
  exec: async (nango) => {
    await nango.get({ endpoint: '/api/ping' })
  },
})

export default action
