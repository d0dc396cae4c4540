import type { IncomingMessage } from 'node:http'
import type { Readable } from 'node:stream'
import { PlumbError } from '@plumb/protocol'
import type { OperationLog, StreamAnswer } from '@plumb/runtime'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Plumb } from '../../server/plumb.js'
import type { HttpRoutes, HttpTools } from '../http-routes.js'
import { decodedBody } from './decoded-body.js'
import { readProxyRequest } from './proxy-request.js'
import type { ProxyRequest } from './proxy-request.js'
import { readReplayable } from './replayable-body.js'

const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS', 'PROPFIND', 'REPORT']

/** Of the provider's own exchange, or orders to a browser about a host that is ours. */
const notPassedBack =
  /^(connection|keep-alive|proxy-.*|te|trailer|transfer-encoding|upgrade|set-cookie2?|strict-transport-security|alt-svc|plumb-error|clear-site-data|public-key-pins)$/

type Answered = Extract<StreamAnswer, { kind: 'answered' }>

/** `ANY /proxy/*`: a request to a connection's provider with the credential added, and both bodies as they come. */
export const proxyRoutes: HttpRoutes = (server, tools) => {
  server.removeAllContentTypeParsers()
  server.addContentTypeParser('*', (_request, payload, done) => done(null, payload))
  for (const method of ['PROPFIND', 'REPORT']) addMethod(server, method)
  const types = keepTypes(server)
  const broken: Broken = new WeakSet()
  answerBroken(server, broken)
  server.route({
    method: methods,
    url: '/proxy/*',
    bodyLimit: Number.MAX_SAFE_INTEGER,
    handler: (request, reply) => {
      request.raw.headers['content-type'] = types.get(request.raw)
      return proxy(request, reply, { ...tools, broken })
    },
  })
}

/** What kept answers from being read to their end. */
type Broken = WeakSet<Error>

/** The framework refuses types that it can not read, which are none of its business here. */
function keepTypes(server: FastifyInstance): WeakMap<IncomingMessage, string> {
  const types = new WeakMap<IncomingMessage, string>()
  server.addHook('onRequest', async ({ raw }) => {
    const type = raw.headers['content-type']
    if (type === undefined) return
    types.set(raw, type)
    raw.headers['content-type'] = 'application/octet-stream'
  })
  return types
}

/** An answer that breaks before a byte of it was passed on is the failure of the provider, and told as that. */
function answerBroken(server: FastifyInstance, broken: Broken): void {
  server.setErrorHandler((thrown, _, reply) => {
    if (!(thrown instanceof Error) || !broken.has(thrown)) throw thrown
    const theirs = Object.keys(reply.getHeaders()).filter((name) => name !== 'x-request-id')
    for (const name of theirs) void reply.removeHeader(name)
    throw brokenOff(thrown)
  })
}

function brokenOff({ message }: Error): PlumbError {
  return new PlumbError({
    code: 'provider-unreachable',
    message: `The answer of the provider broke off: ${message}`,
    remedy: 'Send the request again.',
  })
}

function addMethod(server: FastifyInstance, method: string): void {
  if (!server.supportedMethods.includes(method)) server.addHttpMethod(method, { hasBody: true })
}

async function proxy(
  request: FastifyRequest,
  reply: FastifyReply,
  { plumb, authorize, signalOf, broken }: HttpTools & { readonly broken: Broken },
): Promise<FastifyReply> {
  const { environment } = await authorize(request, 'proxy')
  const asked = readProxyRequest(request.raw)
  const log = startLog(plumb, environment, asked)
  try {
    const signal = signalOf(reply)
    const body = await readReplayable(request.raw, request.body as Readable | undefined)
    const { integrationKey, connectionId } = asked
    const gateway = await plumb.gateway.forStreaming({
      environment,
      integrationKey,
      connectionId,
      log,
    })
    const answer = await gateway.send({ ...asked.request, body }, signal)
    return passBack(reply, { answer: answered(answer), asked, log, broken })
  } catch (error) {
    giveUp(request.raw)
    tellFailure(log, error)
    throw error
  }
}

function startLog({ logs }: Plumb, environment: string, asked: ProxyRequest): OperationLog {
  const { integrationKey, connectionId, request } = asked
  const name = `${request.method} ${request.endpoint.split('?')[0] ?? ''}`.slice(0, 500)
  return logs.start({ environment, kind: 'proxy', integrationKey, connectionId, name })
}

function answered(answer: StreamAnswer): Answered {
  if (answer.kind === 'answered') return answer
  if (answer.kind === 'access-lost') {
    const { message, remedy } = answer.cause
    throw new PlumbError({ code: 'access-lost', message, remedy })
  }
  throw new PlumbError({
    code: 'provider-unreachable',
    message: `The provider did not answer (${answer.code}): ${answer.message}`,
    remedy: 'Check that its address is right and that it is up; send the request again.',
  })
}

function passBack(
  reply: FastifyReply,
  o: {
    readonly answer: Answered
    readonly asked: ProxyRequest
    readonly log: OperationLog
    readonly broken: Broken
  },
): FastifyReply {
  const { answer, asked, log, broken } = o
  const encoding = answer.headers['content-encoding']
  const decoded =
    asked.decompress && encoding !== undefined ? decodedBody(answer.body, encoding) : null
  // What else belongs to the provider's own exchange (RFC 9110, section 7.6.1).
  const named = (answer.headers['connection'] ?? '').toLowerCase().split(/[\s,]+/)
  for (const [name, value] of Object.entries(answer.headers)) {
    const stale = decoded !== null && /^content-(encoding|length)$/.test(name)
    const own = notPassedBack.test(name) || named.includes(name)
    if (!stale && !own) void reply.header(name, value)
  }
  const body = decoded ?? answer.body
  body.once('error', (error: Error) => broken.add(error))
  watchEnd(body, answer.status, log)
  return reply.code(answer.status).send(body)
}

/** The log ends with the body: what breaks on the way back has not succeeded. */
function watchEnd(body: Readable, status: number, log: OperationLog): void {
  body.once('end', () => log.finish({ state: status < 400 ? 'success' : 'failed' }))
  body.once('error', (error) => {
    const { code, message, remedy } = brokenOff(error)
    log.finish({ state: 'failed', error: { code, message, remedy } })
  })
  body.once('close', () => log.finish({ state: 'cancelled' }))
}

function tellFailure(log: OperationLog, error: unknown): void {
  const { code, message, remedy } =
    error instanceof PlumbError
      ? error
      : { code: 'internal', message: String(error), remedy: 'Send the request again.' }
  const state = error instanceof Error && error.name === 'AbortError' ? 'cancelled' : 'failed'
  log.finish({ state, error: { code, message, remedy } })
}

/** A body that nobody wants any more is not read to its end. */
function giveUp(raw: IncomingMessage): void {
  if (!raw.complete) raw.unpipe().resume()
}
