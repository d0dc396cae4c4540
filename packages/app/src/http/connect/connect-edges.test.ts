import { once } from 'node:events'
import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { addIntegration } from '@plumb/runtime'
import { providerSchema } from '@plumb/protocol'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { openTestPlumb } from '../../server/testing/open-test-plumb.js'
import type { TestPlumb } from '../../server/testing/open-test-plumb.js'
import { connectRoutes } from './connect-routes.js'
import { openVisitor } from './testing/open-visitor.js'
import type { Visitor } from './testing/open-visitor.js'

/* Providers that lie, people who err, and two of them at once. */

type Answer = (request: IncomingMessage, response: ServerResponse) => void

let server: TestPlumb
let key = ''
let visitor: Visitor
let url = ''
const answers = new Map<string, Answer>()
const seen: string[] = []
const provider = createServer((request, response) => {
  const path = (request.url ?? '').split('?')[0] ?? ''
  seen.push(path)
  const answer = answers.get(path)
  if (answer === undefined) response.writeHead(404).end('{}')
  else answer(request, response)
})

const json =
  (body: unknown, status = 200): Answer =>
  (_, response) =>
    void response
      .writeHead(status, { 'content-type': 'application/json' })
      .end(JSON.stringify(body))

/** Good keys and tokens are those that say so. */
const check: Answer = (request, response) => {
  const given = String(request.headers['x-key'] ?? request.headers['authorization'])
  response.writeHead(given.includes('good') ? 200 : 401).end('{}')
}

function addEntry(
  name: string,
  auth: object,
  more: { proxy?: object; connectionConfig?: object } = {},
): void {
  const { proxy, ...rest } = more
  const entry = { name, displayName: `The ${name}`, auth, ...rest }
  const parsed = providerSchema.parse({ ...entry, proxy: { baseUrl: url, ...proxy } })
  const loaded = { provider: parsed, path: '', apiDescription: null }
  ;(server.plumb.providers as Map<string, unknown>).set(name, loaded)
}

beforeAll(async () => {
  provider.listen(0, '127.0.0.1')
  await once(provider, 'listening')
  url = `http://127.0.0.1:${(provider.address() as AddressInfo).port}`
  server = await openTestPlumb({ routes: [connectRoutes] })
  key = await server.keyOf()
  visitor = openVisitor(server, key)
  const probe = { proxy: { check: { endpoint: '/me' } } }
  const oauth = { mode: 'oauth2', authorizationUrl: `${url}/auth`, tokenUrl: `${url}/token` }
  addEntry('keyed', { mode: 'api-key', header: 'x-key' }, probe)
  addEntry('paired', { mode: 'basic' })
  addEntry('acme', oauth, probe)
  addEntry('scoped', oauth, {
    proxy: {
      check: { endpoint: '/narrow' },
      access: [{ kind: 'missing-scope', status: 403, path: 'code', matches: '^no_scope$' }],
    },
  })
  addEntry(
    'placed',
    { ...oauth, connectionConfigFrom: { org: 'org.id', realm: 'realmId' } },
    {
      proxy: { baseUrl: `${url}/\${connectionConfig.org}`, check: { endpoint: '/who' } },
      connectionConfig: { org: { title: 'Organisation', example: 'north' } },
    },
  )
  addEntry('mcp', { mode: 'mcp-oauth2' })
  for (const name of ['keyed', 'paired', 'mcp']) {
    await addIntegration(server.plumb, { integrationKey: name, provider: name })
  }
  for (const name of ['acme', 'scoped', 'placed']) {
    const oauthClient = { clientId: 'client', clientSecret: 'client-secret-4711' }
    await addIntegration(server.plumb, { integrationKey: name, provider: name, oauthClient })
  }
})
beforeEach(() => {
  answers.clear()
  seen.length = 0
  answers.set('/me', check)
  answers.set('/token', json({ access_token: 'good-token-1', expires_in: 3600 }))
})
afterAll(async () => {
  await server?.close()
  provider.closeAllConnections()
  provider.close()
})

/** Begins, and comes back as the provider would send a person. */
async function authorise(integrationKey: string, back = '', headers = {}) {
  const { token } = await visitor.sessionOf()
  const { location, cookie } = await visitor.begin(token, integrationKey)
  const state = new URL(location).searchParams.get('state') ?? ''
  const target = new URL(`http://x/oauth/callback?state=${state}&code=c-1${back}`)
  return { page: await visitor.comeBack(target, headers), cookie, target }
}

const submit = async (body: object, path = 'api-auth/api-key/keyed', session?: string) => {
  const token = session ?? (await visitor.sessionOf()).token
  return server.send(null, `POST /${path}?connect_session_token=${token}`, body)
}

test('a browser that sends no Sec-Fetch headers has to be the one that began, too', async () => {
  const browser = { 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/605.1 Safari/605.1' }
  const { page, cookie, target } = await authorise('acme', '', browser)
  expect([page.status, page.text]).toEqual([400, expect.stringContaining('another browser')])
  const own = await visitor.comeBack(target, { ...browser, cookie: cookie.split(';')[0] ?? '' })
  expect(own.status).toBe(200)
})

test('the cookie reaches us where we are served below a path, and only over https where that is so', async () => {
  const before = Object.getOwnPropertyDescriptor(server.plumb, 'publicUrl') ?? {}
  const value = 'https://tools.example/plumb'
  Object.defineProperty(server.plumb, 'publicUrl', { value, configurable: true })
  const { cookie, location } = await visitor.begin((await visitor.sessionOf()).token, 'acme')
  Object.defineProperty(server.plumb, 'publicUrl', before)
  expect(cookie).toContain('; Path=/plumb/oauth;')
  expect(cookie).toMatch(/; Secure$/)
  expect(new URL(location).searchParams.get('redirect_uri')).toBe(`${value}/oauth/callback`)
})

test.each([
  [' good-key\r\n', 'good-key'],
  ['\tgood-key ', 'good-key'],
])('what is pasted around a key (%j) is no part of it', async (apiKey, kept) => {
  const made = await submit({ apiKey })
  expect(made.status, JSON.stringify(made.body)).toBe(200)
  const { connectionId } = made.body as { connectionId: string }
  const shown = await server.send(key, `GET /connections/${connectionId}?provider_config_key=keyed`)
  expect(shown.body).toMatchObject({ credentials: { apiKey: kept } })
})

test.each<[string, object]>([
  ['api-auth/api-key/keyed', { apiKey: 'good\r\nx-evil: 1' }],
  ['api-auth/api-key/keyed', { apiKey: 'good-Ключ' }],
  ['api-auth/api-key/keyed', { apiKey: '  ' }],
  ['api-auth/api-key/keyed', { apiKey: ['good'] }],
  ['api-auth/api-key/keyed', { username: 'good', password: 'x' }],
  ['api-auth/basic/paired', { username: '', password: '' }],
  ['api-auth/basic/paired', { apiKey: 'good' }],
])('nothing is stored of a credential that can not be one: %s %j', async (path, body) => {
  const answer = await submit(body, path)
  expect(answer.status).toBe(400)
  expect(answer.body).toMatchObject({ error: { code: 'connection-invalid' } })
  expect(JSON.stringify(answer.body)).not.toContain('good')
  expect(seen).toEqual([])
})

const importing = (connection_id: string, token: string, more: object = {}) => {
  const credentials = { type: 'OAUTH2', access_token: token, refresh_token: 'r', ...more }
  return server.send(key, 'POST /connections', {
    ...{ provider_config_key: 'acme', connection_id, credentials },
  })
}

const unrenewable = { refresh_token: null }

const rowOf = async (id: string) => {
  const [row] = await server.plumb.db.query<Record<string, unknown>>(
    'select * from plumb.connections where connection_id = $1',
    [id],
  )
  return { ...row, credential_version: null }
}

test('an account that is refused leaves the connection that it was to replace exactly as it was', async () => {
  const expires_at = '2099-01-01T00:00:00.000Z'
  expect((await importing('kept', 'good-1', { expires_at })).status).toBe(201)
  await server.plumb.db.query(
    `update plumb.connections set state = 'needs-reconnect', end_user = '{"id":"u-1"}', tags = '{"plan":"gold"}',
       error = '{"code":"invalid_grant","message":"gone","at":"2026-01-01T00:00:00.000Z"}' where connection_id = 'kept'`,
  )
  const before = await rowOf('kept')
  expect((await importing('kept', 'bad-1', unrenewable)).status).toBe(400)
  const body = { connection_id: 'kept', integration_id: 'acme', tags: { plan: 'none' } }
  const again = await visitor.sessionOf(
    { ...body, end_user: { id: 'u-2' } },
    '/connect/sessions/reconnect',
  )
  const { location } = await visitor.begin(again.token, 'acme')
  const state = new URL(location).searchParams.get('state') ?? ''
  answers.set('/token', json({ access_token: 'bad-2' }))
  const page = await visitor.comeBack(new URL(`http://x/oauth/callback?state=${state}&code=c`))
  expect(page.status).toBe(400)
  expect(await rowOf('kept')).toEqual(before)
})

test('of two that reconnect at once, the one that is refused takes nothing from the other', async () => {
  expect((await importing('raced', 'good-1')).status).toBe(201)
  let checked: () => void = () => undefined
  const slow = new Promise<void>((resolve) => (checked = resolve))
  answers.set('/me', (request, response) => {
    const bad = String(request.headers.authorization).includes('bad')
    if (!bad) return check(request, response)
    checked()
    setTimeout(() => check(request, response), 700)
  })
  const refused = importing('raced', 'bad-1', unrenewable)
  await slow
  expect((await importing('raced', 'good-2')).status).toBe(201)
  expect((await refused).status).toBe(400)
  const shown = await server.send(key, 'GET /connections/raced?provider_config_key=acme')
  expect(shown.body).toMatchObject({ credentials: { access_token: 'good-2' } })
})

test('an account whose scopes do not reach the check endpoint is connected all the same', async () => {
  answers.set('/narrow', json({ code: 'no_scope' }, 403))
  const { page } = await authorise('scoped')
  expect([page.status, page.text]).toEqual([200, expect.stringContaining('is connected')])
})

test('what a token answer and the way back tell about an account becomes its configuration', async () => {
  answers.set('/token', json({ access_token: 'good-token-1', org: { id: 'north' } }))
  answers.set('/north/who', check)
  const { page } = await authorise('placed', '&realmId=4711')
  expect(page.status, page.text).toBe(200)
  const list = await server.send(key, 'GET /connections?integrationId=placed')
  const id = (list.body as { connections: { connection_id: string }[] }).connections[0]
  const shown = await server.send(
    key,
    `GET /connections/${id?.connection_id}?provider_config_key=placed`,
  )
  expect(shown.body).toMatchObject({ connection_config: { org: 'north', realm: '4711' } })
})

test.each(['../me', 'a/b', '@evil.example', ''])('an organisation %j goes nowhere', async (id) => {
  answers.set('/token', json({ access_token: 'good-token-1', org: { id } }))
  const { page } = await authorise('placed')
  expect(page.status).toBe(400)
  expect(seen).toEqual(['/token'])
})

const resource = '/.well-known/oauth-protected-resource'
const metadata = '/.well-known/oauth-authorization-server'
const endpointsAt = (o: object = {}) => ({
  ...{ issuer: url, authorization_endpoint: `${url}/auth`, token_endpoint: `${url}/token` },
  registration_endpoint: `${url}/register`,
  ...o,
})

test.each<[string, object, object?]>([
  ['names no address as its server', { authorization_servers: ['nowhere'] }],
  ['names nothing as its server', { authorization_servers: [''] }],
  ['is about nothing', { resource: 'http://' }],
  ['is about somebody else', { resource: 'https://other.example' }],
  ['leads tokens to a private network', {}, { token_endpoint: 'https://10.0.0.1/token' }],
  ['leads tokens to the metadata of a cloud', {}, { token_endpoint: 'https://[fd00:ec2::254]/t' }],
  ['leads tokens to a port of this machine', {}, { token_endpoint: 'https://localhost:1/token' }],
  ['revokes at the metadata of a cloud', {}, { revocation_endpoint: 'http://169.254.169.254/x' }],
  ['revokes in clear text', {}, { revocation_endpoint: 'http://auth.example/revoke' }],
  ['sends people into a script', {}, { authorization_endpoint: 'javascript:alert(1)' }],
])('an MCP server that %s is not authorised, and a person reads why', async (_, about, server) => {
  answers.set(resource, json({ authorization_servers: [url], ...about }))
  answers.set(metadata, json(endpointsAt(server)))
  answers.set('/register', json({ client_id: 'registered' }, 201))
  const { answer } = await visitor.begin((await visitor.sessionOf()).token, 'mcp')
  const text = await answer.text()
  expect([answer.status, text]).toEqual([400, expect.stringContaining('can not be authorised')])
  expect(seen).not.toContain('/register')
})
