import { createOnEvent } from 'nango'

export default createOnEvent({
  event: 'validate-connection',
  description: 'Refuses an account that may not read tickets.',
  exec: async (nango) => {
    const { data } = await nango.get({ endpoint: '/api/me' })
    if (!data.rights.includes('tickets.read')) {
      throw new nango.ActionError({
        type: 'forbidden',
        message: 'The account may not read tickets.',
      })
    }
    await nango.log('The account may read tickets', { level: 'debug' })
  },
})
