import { MessageFactory } from 'botbuilder'
import { createAction } from 'nango'
import { z } from 'zod'

const action = createAction({
  description: 'Posts a notice to a channel.',
  version: '1.0.0',
  input: z.object({ channel: z.string(), text: z.string() }),
  output: z.object({ id: z.string() }),
  exec: async (nango, input) => {
    const { data } = await nango.post({
      endpoint: `/channels/${input.channel}/activities`,
      data: MessageFactory.text(input.text),
    })
    return { id: data.id }
  },
})

export default action
