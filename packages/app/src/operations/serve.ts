import { z } from 'zod'
import { readFileSettings } from '../settings/read-file-settings.js'
import { readSettings } from '../settings/read-settings.js'
import { defineOperation } from './operation.js'

/** `plumb serve`: the runtime as one process, over one HTTP API. */
export const serve = defineOperation({
  name: 'serve',
  summary: 'Run integrations: connections, proxy, actions and syncs over one HTTP API',
  input: z.object({
    host: z.string().optional().describe('address to listen on (default: 127.0.0.1)'),
    port: z.coerce.number().optional().describe('port to listen on; 0 for any that is free'),
    publicUrl: z
      .string()
      .optional()
      .describe('address by which browsers and providers reach this server'),
    checkAnswers: z
      .boolean()
      .default(false)
      .describe('hold every answer against its contract (for tests and development)'),
  }),
  examples: [
    'plumb serve',
    'plumb serve --host 0.0.0.0 --port 8080 --public-url https://plumb.example.com',
  ],
  run: async (given, context) => {
    const server = await import('../server/serve.js')
    const { checkAnswers, ...flags } = given
    const { environment, directory } = context.config
    const file = await readFileSettings(directory)
    const { values } = readSettings({ environment, file, flags })
    const { host, port, publicUrl } = values
    return server.serve({
      ...{ ...context, checkAnswers, host, port, publicUrl: publicUrl ?? undefined },
      config: { ...context.config, settings: values },
    })
  },
  text: ({ url }) => `Plumb no longer serves ${url}.`,
})
