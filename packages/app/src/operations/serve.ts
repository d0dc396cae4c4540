import { z } from 'zod'
import { defineOperation } from './operation.js'

/** `plumb serve`: the runtime as one process, over one HTTP API. */
export const serve = defineOperation({
  name: 'serve',
  summary: 'Run integrations: connections, proxy, actions and syncs over one HTTP API',
  input: z.object({
    host: z.string().default('127.0.0.1').describe('address to listen on; 0.0.0.0 for every one'),
    port: z
      .number()
      .int()
      .min(0)
      .max(65_535)
      .default(3003)
      .describe('port to listen on; 0 for any that is free'),
    publicUrl: z
      .url({ protocol: /^https?$/ })
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
    return server.serve({ ...given, ...context })
  },
  text: ({ url }) => `Plumb no longer serves ${url}.`,
})
