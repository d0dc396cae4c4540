import { randomUUID } from 'node:crypto'
import { createServer } from 'node:http'
import type { RequestListener, Server } from 'node:http'
import { PlumbError } from '@plumb/protocol'
import { fastify } from 'fastify'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Handler } from '../api/handler.js'
import type { Plumb } from '../server/plumb.js'
import { answerFailure } from './answer-failure.js'
import { addApiRoutes } from './api-routes.js'
import { authorize } from './authorize.js'
import type { HttpRoutes, HttpTools } from './http-routes.js'
import { endSlowBodies } from './slow-bodies.js'
import { unknownRoute } from './unknown-route.js'
import { answerUnreadable } from './unreadable-request.js'

export type HttpServerOptions = {
  readonly plumb: Plumb
  readonly handlers: readonly Handler[]
  /** Routes that no contract describes. */
  readonly routes: readonly HttpRoutes[]
  readonly host: string
  /** 0 for any that is free. */
  readonly port: number
  /** Holds each answer against its contract, for tests and development. Default false. */
  readonly checkAnswers?: boolean
  /** Told what nobody expected, with the id of the request. */
  readonly report: (line: string) => void
}

export type HttpServer = {
  /** Such as `http://127.0.0.1:3003`. */
  readonly url: string
  /** Takes no more requests, and ends those under way after `graceMs` milliseconds. */
  close(graceMs: number): Promise<void>
}

const bodyLimit = 10 * 1024 * 1024

/** Listens, and answers the API. Throws PlumbError `port-in-use`. */
export async function openHttpServer(options: HttpServerOptions): Promise<HttpServer> {
  const signals = openSignals()
  const state = { stopping: false }
  const server = fastify({
    bodyLimit,
    genReqId: () => `req_${randomUUID()}`,
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: 500 },
    return503OnClosing: false,
    forceCloseConnections: 'idle',
    serverFactory: httpServer,
    // Each server of the factory has its own, also those of further addresses.
    clientErrorHandler: () => undefined,
    frameworkErrors: (thrown, request, reply) =>
      void answerFailure(thrown, { request, reply }, options.report),
  })
  const tools: HttpTools = {
    plumb: options.plumb,
    authorize: (request, scope) =>
      authorize(options.plumb.knownKeys, request.headers.authorization, scope),
    signalOf: signals.of,
  }
  const known = rememberRoutes(server)
  addJsonParser(server)
  addManners(server, options, state)
  addApiRoutes(server, options.handlers, { ...tools, checkAnswers: options.checkAnswers === true })
  for (const routes of options.routes) {
    void server.register(async (scope) => routes(scope, tools))
  }
  server.setNotFoundHandler((request, reply) => {
    const [path = '/'] = request.url.split('?')
    return answerFailure(
      unknownRoute({ method: request.method, path }, known),
      { request, reply },
      options.report,
    )
  })
  await listen(server, options)
  return {
    url: urlOf(server),
    async close(graceMs) {
      state.stopping = true
      const timer = setTimeout(() => {
        signals.abortAll()
        server.server.closeAllConnections()
      }, graceMs)
      await server.close().finally(() => clearTimeout(timer))
    },
  }
}

/** As the framework makes them, but for what Node.js would answer alone; `localhost` may take two. */
function httpServer(handle: RequestListener): Server {
  const server = createServer({ requireHostHeader: false, keepAliveTimeout: 72_000 }, handle)
  server.requestTimeout = 0
  endSlowBodies(server)
  return answerUnreadable(server)
}

/** A signal for each answer: aborted when it can no longer be sent, or when nobody may wait any more. */
function openSignals() {
  const running = new Set<AbortController>()
  return {
    of: (reply: FastifyReply): AbortSignal => {
      const controller = new AbortController()
      running.add(controller)
      reply.raw.once('close', () => {
        running.delete(controller)
        if (!reply.raw.writableFinished) controller.abort(aborted('The client went away.'))
      })
      return controller.signal
    },
    abortAll: () => {
      for (const controller of running) controller.abort(aborted('The server stops.'))
    },
  }
}

function aborted(why: string): DOMException {
  return new DOMException(why, 'AbortError')
}

function rememberRoutes(server: FastifyInstance): { method: string; path: string }[] {
  const known: { method: string; path: string }[] = []
  server.addHook('onRoute', ({ method, url }) => {
    for (const one of [method].flat()) if (one !== 'HEAD') known.push({ method: one, path: url })
  })
  return known
}

/** A body that is announced and does not come is none: clients send the header with a DELETE. */
function addJsonParser(server: FastifyInstance): void {
  const parse = server.getDefaultJsonParser('remove', 'ignore')
  server.removeContentTypeParser('application/json')
  server.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (body === '') done(null, undefined)
    else void parse(request, body as string, done)
  })
}

function addManners(
  server: FastifyInstance,
  { report }: HttpServerOptions,
  state: { readonly stopping: boolean },
): void {
  server.addHook('onRequest', async (request, reply) => {
    void reply.header('x-request-id', request.id)
    refuseHostless(request)
    if (!state.stopping) return
    throw new PlumbError({
      code: 'server-stopping',
      message: 'The server is shutting down.',
      remedy: 'Try again in a moment.',
    })
  })
  server.setErrorHandler((thrown, request, reply) =>
    answerFailure(thrown, { request, reply }, report),
  )
}

/** HTTP/1.1 wants it, so that what stands between cannot take one host for another. */
function refuseHostless({ raw }: FastifyRequest): void {
  if (raw.headers.host !== undefined || raw.httpVersion !== '1.1') return
  throw new PlumbError({
    code: 'input-invalid',
    message: 'The request has no header "Host".',
    remedy: 'Send it: HTTP/1.1 asks for it.',
  })
}

async function listen(
  server: FastifyInstance,
  { host, port }: Pick<HttpServerOptions, 'host' | 'port'>,
): Promise<void> {
  try {
    await server.listen({ host, port })
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : null
    if (code === 'ENOTFOUND' || code === 'EAI_AGAIN' || code === 'EADDRNOTAVAIL') {
      throw new PlumbError({
        code: 'usage',
        message: `This machine has no address "${host}" to listen on.`,
        remedy: 'Give --host an address of this machine, such as 127.0.0.1, or 0.0.0.0 for all.',
        cause: error,
      })
    }
    if (code !== 'EADDRINUSE' && code !== 'EACCES') throw error
    throw new PlumbError({
      code: 'port-in-use',
      message: `Port ${port} of ${host} is ${code === 'EACCES' ? 'not for this user' : 'taken'}.`,
      remedy: 'Choose another one with --port, or stop what uses it.',
      cause: error,
    })
  }
}

function urlOf(server: FastifyInstance): string {
  const address = server.server.address()
  if (address === null || typeof address === 'string')
    throw new Error('The server does not listen.')
  const host = address.family === 'IPv6' ? `[${address.address}]` : address.address
  return `http://${host}:${address.port}`
}
