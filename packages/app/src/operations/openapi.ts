import { z } from 'zod'
import { plumbVersion } from '../plumb-version.js'
import { defineOperation } from './operation.js'

/** `plumb openapi`: the OpenAPI document of the server. */
export const openapi = defineOperation({
  name: 'openapi',
  summary: 'Print the OpenAPI 3.1 document of the HTTP API',
  input: z.object({}),
  examples: ['plumb openapi > openapi.json'],
  run: async () => {
    const { openapiDocument } = await import('../http/openapi-document.js')
    return openapiDocument(plumbVersion())
  },
  text: (document) => JSON.stringify(document, null, 2),
})
