import { createAction } from 'nango'
import unzipper from 'unzipper'
import { z } from 'zod'

const action = createAction({
  description: 'Lists the files of an archive.',
  version: '1.0.0',
  input: z.object({ id: z.string() }),
  output: z.object({ names: z.array(z.string()) }),
  exec: async (nango, { id }) => {
    const { data } = await nango.get({
      endpoint: `/archives/${id}`,
      responseType: 'arraybuffer',
      retries: 3,
    })
    const archive = await unzipper.Open.buffer(Buffer.from(data))
    return { names: archive.files.map((file) => file.path) }
  },
})

export default action
