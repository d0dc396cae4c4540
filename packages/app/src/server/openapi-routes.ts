import { openapiDocument } from '../http/openapi-document.js'
import type { HttpRoutes } from '../http/http-routes.js'
import { plumbVersion } from '../plumb-version.js'

/** `/openapi.json`: made when it is first asked for. */
export const openapiRoutes: HttpRoutes = (server) => {
  let document: string | null = null
  server.get('/openapi.json', async (_, reply) => {
    document ??= JSON.stringify(openapiDocument(plumbVersion()))
    return reply.type('application/json').send(document)
  })
}
