import type { ApiScope } from '@plumb/protocol'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Plumb } from '../server/plumb.js'
import type { Caller } from './authorize.js'

/** What routes that no contract describes work with. */
export type HttpTools = {
  readonly plumb: Plumb
  /** Whose secret key the request carries. Throws PlumbErrors `unauthorized` and `forbidden`. */
  readonly authorize: (request: FastifyRequest, scope: ApiScope) => Promise<Caller>
  /** Aborted when the client goes away or the server stops. */
  readonly signalOf: (reply: FastifyReply) => AbortSignal
}

/**
 * Routes that no contract describes: the proxy's, the pages of a connect flow. Each gets a scope of its own, so that
 * content parsers and hooks stay there. What they throw is answered as every failure is.
 */
export type HttpRoutes = (server: FastifyInstance, tools: HttpTools) => void
