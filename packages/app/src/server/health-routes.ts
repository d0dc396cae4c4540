import type { HttpRoutes } from '../http/http-routes.js'

/** `/health`: the process answers. `/ready`: it can do its work. Neither asks for a key, nor tells anything else. */
export const healthRoutes: HttpRoutes = (server, { plumb }) => {
  server.get('/health', async () => ({ status: 'ok' }))
  server.get('/ready', async (_, reply) => {
    const database = await plumb.db.query('select 1').then(
      () => 'ok',
      () => 'unavailable',
    )
    const engine = plumb.engine.state
    const ready = database === 'ok' && engine === 'ok'
    const status = ready ? 'ok' : 'unavailable'
    return reply.code(ready ? 200 : 503).send({ status, database, engine })
  })
}
