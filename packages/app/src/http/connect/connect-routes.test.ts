import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { providerSchema } from '@plumb/protocol'
import type { Connection } from '@plumb/protocol'
import { addIntegration } from '@plumb/runtime'
import { openTestPlumb } from '../../server/testing/open-test-plumb.js'
import type { TestPlumb } from '../../server/testing/open-test-plumb.js'
import { connectRoutes } from './connect-routes.js'
import { openVisitor } from './testing/open-visitor.js'
import type { TestSession, Visitor } from './testing/open-visitor.js'
import { startOAuthServer, testClient } from './testing/start-oauth-server.js'
import type { OAuthServer } from './testing/start-oauth-server.js'

let server: TestPlumb
let oauth: OAuthServer
let key = ''
let visitor: Visitor

beforeAll(async () => {
  server = await openTestPlumb({ routes: [connectRoutes] })
  key = await server.keyOf()
  visitor = openVisitor(server, key)
  oauth = await startOAuthServer('http://127.0.0.1:3003/oauth/callback')
  const endpoints = {
    authorizationUrl: `${oauth.url}/auth`,
    tokenUrl: `${oauth.url}/token`,
    revocationUrl: `${oauth.url}/token/revocation`,
    scopes: ['openid', 'offline_access'],
    authorizationParams: { prompt: 'consent' },
  }
  addProvider('acme', { mode: 'oauth2', ...endpoints })
  addProvider('keyed', { mode: 'api-key', header: 'x-key' }, '/me-too')
  addProvider('mcp', { mode: 'mcp-oauth2', scopes: ['openid', 'offline_access'] })
  for (const name of ['acme', 'keyed', 'mcp']) {
    const client = name === 'acme' ? { oauthClient: testClient } : {}
    await addIntegration(server.plumb, { integrationKey: name, provider: name, ...client })
  }
})
afterAll(async () => {
  await server.close()
  await oauth.close()
})
beforeEach(() => {
  oauth.decision = 'allow'
  oauth.delayMs = 0
  oauth.grants.length = 0
})

function addProvider(name: string, auth: object, endpoint?: string): void {
  const check = endpoint === undefined ? {} : { check: { endpoint } }
  const provider = providerSchema.parse({
    ...{ name, displayName: `Test ${name}`, auth },
    proxy: { baseUrl: name === 'mcp' ? `${oauth.url}/mcp` : oauth.url, ...check },
    connectionConfig: { site: { title: 'Site', example: 'north', pattern: '[a-z]+' } },
  })
  const providers = server.plumb.providers as Map<string, unknown>
  providers.set(name, { provider, path: '', apiDescription: null })
}

const sessionOf: Visitor['sessionOf'] = (...given) => visitor.sessionOf(...given)
const comeBack: Visitor['comeBack'] = (...given) => visitor.comeBack(...given)
const begin = (token: string, integrationKey = 'acme', more = '') =>
  visitor.begin(token, integrationKey, more)

async function connect(token: string, integrationKey = 'acme'): Promise<string> {
  const { location } = await begin(token, integrationKey)
  const page = await comeBack(await oauth.visit(location))
  expect(page.text).toContain('is connected')
  const session = await fetch(`${server.url}/connect/session`, {
    headers: { authorization: `Bearer ${token}` },
  })
  const shown = (await session.json()) as { data: { connection: { connection_id: string } } }
  return shown.data.connection.connection_id
}

const show = (connectionId: string, more = '', integrationKey = 'acme') =>
  server.send(key, `GET /connections/${connectionId}?provider_config_key=${integrationKey}${more}`)

test('an account is connected with PKCE and state, refreshed with rotation, and revoked when it is deleted', async () => {
  const { token, connect_link, expires_at } = await sessionOf({ tags: { plan: 'gold' } })
  expect(connect_link).toBe(`http://127.0.0.1:3003/connect?session_token=${token}`)
  expect(Date.parse(expires_at) - Date.now()).toBeGreaterThan(29 * 60_000)
  const { answer, location } = await begin(token)
  expect(answer.status).toBe(302)
  const asked = new URL(location).searchParams
  expect(Object.fromEntries(asked)).toMatchObject({
    ...{ client_id: 'plumb-client', response_type: 'code', code_challenge_method: 'S256' },
    redirect_uri: 'http://127.0.0.1:3003/oauth/callback',
    scope: 'openid offline_access',
  })
  expect(asked.get('state')?.length).toBeGreaterThanOrEqual(43)
  const page = await comeBack(await oauth.visit(location))
  expect([page.status, page.text]).toEqual([200, expect.stringContaining('Test acme account')])
  expect(page.headers.get('content-security-policy')).toContain("default-src 'none'")
  const list = await server.send(key, 'GET /connections?endUserId=user-1&tags[plan]=gold')
  const [listed] = (list.body as { connections: Record<string, unknown>[] }).connections
  expect(listed).toMatchObject({
    ...{ provider_config_key: 'acme', provider: 'acme', errors: [], state: 'ok' },
    end_user: { id: 'user-1', email: 'a@b.example', display_name: 'Ann' },
    tags: { plan: 'gold' },
  })
  const id = String(listed?.['connection_id'])
  const first = (await show(id)).body as { credentials: Record<string, unknown> }
  expect(first.credentials).toMatchObject({ type: 'OAUTH2', access_token: expect.any(String) })
  expect(JSON.stringify(first)).not.toContain('refresh_token')
  const second = (await show(id, '&force_refresh=true&refresh_token=true')).body as typeof first
  expect(second.credentials['access_token']).not.toBe(first.credentials['access_token'])
  expect(second.credentials['refresh_token']).toEqual(expect.any(String))
  expect(oauth.grants).toEqual(['authorization_code', 'refresh_token'])
  const gone = await server.send(key, `DELETE /connections/${id}?provider_config_key=acme`)
  expect(gone.body).toEqual({ success: true, revocation: 'revoked' })
  expect(oauth.revoked).toHaveLength(1)
  expect((await show(id)).status).toBe(404)
})

test('a refresh token that is refused needs a person, and the way there is told', async () => {
  const id = await connect((await sessionOf()).token)
  const { body } = await show(id, '&refresh_token=true')
  const { credentials } = body as { credentials: { refresh_token: string } }
  await fetch(`${oauth.url}/token/revocation`, {
    method: 'POST',
    body: new URLSearchParams({
      token: credentials.refresh_token,
      client_id: testClient.clientId,
      client_secret: testClient.clientSecret,
    }),
  })
  const refused = await show(id, '&force_refresh=true')
  expect(refused.status).toBe(424)
  expect(JSON.stringify(refused.body)).toContain('invalid_grant')
  expect(JSON.stringify(refused.body)).not.toContain(credentials.refresh_token)
  const sessions = () => server.plumb.db.query('select id from plumb.connect_sessions')
  const before = await sessions()
  const shown = (await show(id, '&credentials=false')).body as Record<string, unknown>
  expect(shown).toMatchObject({
    state: 'needs-reconnect',
    errors: [{ type: 'auth', code: 'invalid_grant' }],
  })
  expect(shown).not.toHaveProperty('reconnect_link')
  expect(await sessions()).toEqual(before)
  const withLink = await show(id, '&credentials=false&reconnect_link=true')
  expect(withLink.body).toMatchObject({
    reconnect_link: expect.stringContaining('/connect?session_token='),
  })
  const reader = await server.keyOf('dev', ['connections:read'])
  const target = `GET /connections/${id}?provider_config_key=acme&reconnect_link=true`
  expect((await server.send(reader, target)).body).not.toHaveProperty('reconnect_link')
  const reconnect = await sessionOf(
    { connection_id: id, integration_id: 'acme' },
    '/connect/sessions/reconnect',
  )
  const number = shown['id']
  expect(await connect(reconnect.token)).toBe(id)
  expect((await show(id)).body).toMatchObject({ id: number, state: 'ok', errors: [] })
  const other = await begin(reconnect.token, 'keyed')
  expect(other.answer.status).toBe(403)
})

test('a state works once, for the browser that began, and not after it was denied', async () => {
  const { location, cookie } = await begin((await sessionOf()).token)
  const back = await oauth.visit(location)
  const stranger = await comeBack(back, { 'sec-fetch-site': 'cross-site' })
  expect([stranger.status, stranger.text]).toEqual([
    400,
    expect.stringContaining('another browser'),
  ])
  const own = { 'sec-fetch-site': 'cross-site', cookie: cookie.split(';')[0] ?? '' }
  expect((await comeBack(back, own)).status).toBe(200)
  const again = await comeBack(back, own)
  expect([again.status, again.text]).toEqual([400, expect.stringContaining('used already')])
  expect(oauth.grants).toEqual(['authorization_code'])
  expect(cookie).toMatch(/HttpOnly; SameSite=Lax/)
})

test('many answers with one state at once exchange its code once', async () => {
  const { location } = await begin((await sessionOf()).token)
  const back = await oauth.visit(location)
  const pages = await Promise.all(Array.from({ length: 5 }, () => comeBack(back)))
  expect(pages.map(({ status }) => status).sort()).toEqual([200, 400, 400, 400, 400])
  expect(oauth.grants).toEqual(['authorization_code'])
})

test('a denial is explained, and what the provider says is text on the page', async () => {
  oauth.decision = 'deny'
  const { location } = await begin((await sessionOf()).token)
  const page = await comeBack(await oauth.visit(location))
  expect([page.status, page.text]).toEqual([400, expect.stringContaining('access was denied')])
  const evil = await begin((await sessionOf()).token)
  const state = new URL(evil.location).searchParams.get('state') ?? ''
  const search = `?state=${state}&error=x&error_description=${encodeURIComponent('<script>1</script>')}`
  const shown = await comeBack(new URL(`http://x/oauth/callback${search}`))
  expect(shown.text).not.toContain('<script>')
  expect(shown.text).toContain('&#60;script&#62;')
})

test.each([
  ['', 'belongs to no authorisation'],
  ['?state=made-up&code=x', 'belongs to no authorisation'],
])('a callback %j that nobody began does nothing', async (search, words) => {
  const page = await comeBack(new URL(`http://x/oauth/callback${search}`))
  expect([page.status, page.text]).toEqual([400, expect.stringContaining(words)])
})

test('nothing in the address of a connect request changes where people or codes go', async () => {
  const { token } = await sessionOf()
  const more =
    '&redirect_uri=https://evil.example&authorization_params[redirect_uri]=https://evil.example' +
    '&authorization_params[state]=mine&authorization_params[login_hint]=ann&params[nope]=x%0d%0aX-Evil:1'
  const { location, answer } = await begin(token, 'acme', more)
  const asked = new URL(location)
  expect(asked.origin).toBe(oauth.url)
  expect(location).not.toContain('evil.example')
  expect(asked.searchParams.get('state')).not.toBe('mine')
  expect(asked.searchParams.get('login_hint')).toBe('ann')
  expect(answer.headers.get('x-evil')).toBeNull()
  const odd = await begin(token, 'acme', '&params[site]=a.evil.example/')
  expect([odd.answer.status, await odd.answer.text()]).toEqual([
    400,
    expect.stringContaining('does not look like Site'),
  ])
})

test('a session opens its own environment and integrations, and no more', async () => {
  const prod = await server.keyOf('prod')
  const opened = await server.send(prod, 'POST /connect/sessions', { end_user: { id: 'u' } })
  const { token } = (opened.body as { data: TestSession }).data
  const { answer } = await begin(token)
  expect([answer.status, await answer.text()]).toEqual([
    404,
    expect.stringContaining('no integration'),
  ])
  const narrow = await sessionOf({ allowed_integrations: ['keyed'] })
  expect((await begin(narrow.token)).answer.status).toBe(403)
  const unknown = await server.send(key, 'POST /connect/sessions', {
    allowed_integrations: ['nope'],
  })
  expect(unknown.status).toBe(400)
  expect((await begin('plumb_connect_made-up')).answer.status).toBe(401)
  expect(await tokensIn('plumb.connect_sessions')).not.toContain(narrow.token)
})

test('a session ends with its time, and when it is deleted', async () => {
  const { token } = await sessionOf()
  const { location } = await begin(token)
  const back = await oauth.visit(location)
  const ended = await fetch(`${server.url}/connect/session?connect_session_token=${token}`, {
    method: 'DELETE',
  })
  expect(ended.status).toBe(204)
  expect((await begin(token)).answer.status).toBe(401)
  expect((await comeBack(back)).status).toBe(400)
  const late = await sessionOf()
  await server.plumb.db.query(`update plumb.connect_sessions set expires_at = now()`)
  const page = await begin(late.token)
  expect([page.answer.status, await page.answer.text()]).toEqual([
    401,
    expect.stringContaining('ended at'),
  ])
})

test('a key that was typed in is proved at the provider before it is kept, and is shown to nobody', async () => {
  const { token } = await sessionOf()
  const target = `POST /api-auth/api-key/keyed?connect_session_token=${token}&params[site]=north`
  const made = await server.send(null, target, { apiKey: 'key-secret-4711' })
  expect(made.body).toEqual({ providerConfigKey: 'keyed', connectionId: expect.any(String) })
  const { connectionId } = made.body as Pick<Connection, 'connectionId'>
  const shown = await show(connectionId, '', 'keyed')
  expect(shown.body).toMatchObject({
    connection_config: { site: 'north' },
    credentials: { type: 'API_KEY', apiKey: 'key-secret-4711' },
  })
  const narrow = await server.keyOf('dev', ['connections:read'])
  const hidden = await server.send(
    narrow,
    `GET /connections/${connectionId}?provider_config_key=keyed`,
  )
  expect(JSON.stringify(hidden.body)).not.toContain('key-secret')
  const wrong = await server.send(null, target, { api: 'key-secret-4711' })
  expect(wrong.status).toBe(400)
  expect(JSON.stringify(wrong.body)).not.toContain('key-secret')
})

test('a credential that the provider refuses leaves nothing behind', async () => {
  const refusing = server.plumb.providers.get('keyed')
  const check = refusing?.provider.proxy.check
  if (check === undefined) throw new Error('no check')
  const before = await server.send(key, 'GET /connections?integrationId=keyed')
  Object.assign(check, { endpoint: '/me' })
  const { token } = await sessionOf()
  const target = `POST /api-auth/api-key/keyed?connect_session_token=${token}`
  const answer = await server.send(null, target, { apiKey: 'key-secret-4711' })
  Object.assign(check, { endpoint: '/me-too' })
  expect(answer.status).toBe(400)
  expect(answer.body).toMatchObject({ error: { code: 'account-refused' } })
  expect((await server.send(key, 'GET /connections?integrationId=keyed')).body).toEqual(before.body)
})

test('an MCP server says itself who authorises, and a client is registered there once', async () => {
  const first = await connect((await sessionOf()).token, 'mcp')
  await connect((await sessionOf()).token, 'mcp')
  const clients = await server.plumb.db.query(`select issuer from plumb.oauth_clients`)
  expect(clients).toEqual([{ issuer: oauth.url }])
  const renewed = await show(first, '&force_refresh=true', 'mcp')
  expect(renewed.status, JSON.stringify(renewed.body)).toBe(200)
  expect(oauth.grants).toEqual(['authorization_code', 'authorization_code', 'refresh_token'])
})

async function tokensIn(table: string): Promise<string> {
  return JSON.stringify(await server.plumb.db.query(`select * from ${table}`))
}
