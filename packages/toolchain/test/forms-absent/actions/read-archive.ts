import { createAction } from 'nango'
import unzipper from 'unzipper'
import { Open } from 'unzipper'
import type { CentralDirectory, Entry } from 'unzipper'
import { z } from 'zod'

const names = ({ files }: CentralDirectory): string[] =>
  files.filter((file) => file.type === 'File').map((file) => file.path)

export default createAction({
  description: 'Lists an archive.',
  input: z.object({ content: z.string() }),
  output: z.object({ names: z.array(z.string()), first: z.string().nullable() }),
  exec: async (_nango, input) => {
    const bytes = Buffer.from(input.content, 'base64')
    const archive = await unzipper.Open.buffer(bytes)
    const paths = (await unzipper.Open.buffer(bytes)).files.map((f) => f.path)
    const named = archive.files.find((file) => file.path.endsWith('.csv'))
    const text = await named?.buffer()
    unzipper.Parse().on('entry', (entry: Entry) => entry.autodrain())
    return {
      names: [...paths, ...names(await Open.buffer(bytes))],
      first: text?.toString('utf8').split('\n')[0] ?? null,
    }
  },
})
