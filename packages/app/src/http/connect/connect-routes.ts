import { createHash } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { PlumbError } from '@plumb/protocol'
import {
  finishAuthorization,
  readConnectSession,
  startAuthorization,
  submitCredential,
} from '@plumb/runtime'
import type { ConnectSession } from '@plumb/runtime'
import { deleteConnectSession } from '@plumb/store'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Plumb } from '../../server/plumb.js'
import { statusOf } from '../failure-status.js'
import type { HttpRoutes, HttpTools } from '../http-routes.js'
import { connectedPage, failedPage, pageHeaders, startPage } from './connect-page.js'
import { readConnectQuery, textsOfQuery } from './connect-query.js'
import { linkChoices } from './link-choices.js'

type KeyRequest = FastifyRequest<{ Params: { integrationKey: string } }>

/** Where the published frontends send what a person typed in. */
const credentialPaths = [
  '/api-auth/api-key/:integrationKey',
  '/api-auth/basic/:integrationKey',
  '/auth/jwt/:integrationKey',
  '/auth/two-step/:integrationKey',
  '/auth/aws-sigv4/:integrationKey',
  '/auth/unauthenticated/:integrationKey',
  '/auth/oauth-outbound/:integrationKey',
  '/oauth2/auth/:integrationKey',
  '/connect/sessions/credentials/:integrationKey',
]

/** The connect flow: to a provider and back, or a credential that was typed in. A connect session opens it, no key. */
export const connectRoutes: HttpRoutes = (server, tools) => {
  const { plumb } = tools
  server.get('/connect', (request, reply) => orPage(reply, () => open(tools, request, reply)))
  server.get('/oauth/connect/:integrationKey', (request: KeyRequest, reply) =>
    orPage(reply, () => begin(tools, request, reply)),
  )
  server.get('/oauth/callback', (request, reply) =>
    orPage(reply, () => finish(tools, request, reply)),
  )
  for (const path of credentialPaths) {
    allowPages(server, path)
    server.post(path, (request: KeyRequest, reply) => submit(tools, request, reply))
  }
  allowPages(server, '/connect/session')
  server.get('/connect/session', async (request, reply) => {
    void reply.headers(openToPages)
    return shownSession(await sessionOf(tools, request))
  })
  server.delete('/connect/session', async (request, reply) => {
    const session = await sessionOf(tools, request)
    await deleteConnectSession(plumb.db, session.id)
    return reply.headers(openToPages).code(204).send()
  })
}

/** Pages of a product, of any origin, come with a session's token and nothing that a browser adds by itself. */
const openToPages: Readonly<Record<string, string>> = {
  'access-control-allow-origin': '*',
  'access-control-allow-headers': 'content-type, authorization',
  'access-control-allow-methods': 'GET, POST, DELETE',
  'cache-control': 'no-store',
}

function allowPages(server: Parameters<HttpRoutes>[0], path: string): void {
  server.options(path, (_, reply) => reply.headers(openToPages).code(204).send())
}

/** Where the link of a session leads. */
async function open({ plumb }: HttpTools, request: FastifyRequest, reply: FastifyReply) {
  const { session_token: token = '' } = textsOfQuery(asRaw(request.query))
  const session = await readConnectSession(plumb, token)
  return reply.headers(pageHeaders).send(startPage(await linkChoices(plumb, session, token)))
}

async function begin(tools: HttpTools, request: KeyRequest, reply: FastifyReply) {
  const { plumb } = tools
  const { token, ...query } = readConnectQuery(asRaw(request.query), undefined)
  const session = await readConnectSession(plumb, token)
  const { integrationKey } = request.params
  const started = await startAuthorization(plumb, { session, integrationKey, ...query })
  return reply
    .header('set-cookie', cookieOf(started, plumb))
    .headers({ 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' })
    .redirect(started.redirectTo, 302)
}

async function finish(tools: HttpTools, request: FastifyRequest, reply: FastifyReply) {
  const { plumb, signalOf } = tools
  const query = textsOfQuery(asRaw(request.query))
  const callback = {
    query,
    browser: cookieIn(request.headers.cookie, cookieName(query['state'] ?? '')),
    isBrowser: isBrowser(request.headers),
  }
  const connection = await finishAuthorization(plumb, callback, signalOf(reply))
  const provider = plumb.providers.get(connection.provider)?.provider
  return reply
    .headers(pageHeaders)
    .send(connectedPage(provider?.displayName ?? connection.provider))
}

async function submit(tools: HttpTools, request: KeyRequest, reply: FastifyReply) {
  const { plumb, signalOf } = tools
  void reply.headers(openToPages)
  const query = readConnectQuery(asRaw(request.query), request.headers.authorization)
  const session = await readConnectSession(plumb, query.token)
  const { integrationKey } = request.params
  const body = asRaw(request.body ?? {})
  const order = { session, integrationKey, params: query.params, body }
  const connection = await submitCredential(plumb, order, signalOf(reply))
  return { providerConfigKey: integrationKey, connectionId: connection.connectionId }
}

async function sessionOf({ plumb }: HttpTools, request: FastifyRequest): Promise<ConnectSession> {
  const { token } = readConnectQuery(asRaw(request.query), request.headers.authorization)
  return readConnectSession(plumb, token)
}

/** Nothing in it that the holder of the token could not have made. */
function shownSession({ body, reconnect, connected, expiresAt }: ConnectSession) {
  const { end_user, tags, allowed_integrations, overrides } = body
  const reconnecting = reconnect === null ? {} : { isReconnecting: true }
  return {
    data: {
      ...{ tags, endUser: end_user ?? null, ...reconnecting, expires_at: expiresAt },
      ...(allowed_integrations && { allowed_integrations }),
      ...(overrides && { overrides }),
      connection:
        connected === null
          ? null
          : {
              provider_config_key: connected.integrationKey,
              connection_id: connected.connectionId,
            },
    },
  }
}

/** People see a page; what nobody expected is answered as everywhere. */
async function orPage(
  reply: FastifyReply,
  act: () => Promise<FastifyReply>,
): Promise<FastifyReply> {
  try {
    return await act()
  } catch (error) {
    if (!(error instanceof PlumbError)) throw error
    void reply.header('plumb-error', error.code)
    return reply.code(statusOf(error.code)).headers(pageHeaders).send(failedPage(error))
  }
}

const cookieSeconds = 600

function cookieOf(
  { state, browser }: { readonly state: string; readonly browser: string },
  { publicUrl }: Pick<Plumb, 'publicUrl'>,
): string {
  const { pathname, protocol } = new URL(publicUrl)
  // What stands before us may serve us below a path of its own.
  const path = `Path=${pathname.replace(/\/+$/, '')}/oauth`
  const parts = [`${cookieName(state)}=${browser}`, path, `Max-Age=${cookieSeconds}`]
  return [...parts, 'HttpOnly', 'SameSite=Lax', ...(protocol === 'https:' ? ['Secure'] : [])].join(
    '; ',
  )
}

/** Browsers leave `Sec-Fetch-*` out where the address is not secure, and old ones everywhere. */
function isBrowser(headers: IncomingHttpHeaders): boolean {
  return headers['sec-fetch-site'] !== undefined || /^Mozilla\//.test(headers['user-agent'] ?? '')
}

/** One for each state, so that two windows do not get into each other's way. */
function cookieName(state: string): string {
  return `plumb_oauth_${createHash('sha256').update(state).digest('hex').slice(0, 12)}`
}

function cookieIn(header: string | undefined, name: string): string | null {
  const pairs = (header ?? '').split(';').map((pair) => pair.trim().split('='))
  return pairs.find(([key]) => key === name)?.[1] ?? null
}

function asRaw(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
}
