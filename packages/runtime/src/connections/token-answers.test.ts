import { generateKeyPairSync } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Credential, CredentialOf } from '@plumb/protocol'
import { getConnection, getConnectionDetails, noteRenewal } from '@plumb/store'
import { openTestGateway, requestOf } from '../gateway/testing/open-test-gateway.js'
import type { ConnectOptions, TestGateway } from '../gateway/testing/open-test-gateway.js'
import type { Reply } from '../gateway/testing/start-provider-server.js'
import { decryptCredential } from './connections.js'

/* Answers of token endpoints as providers really give them, and what they must not do to a connection. */

let t: TestGateway

beforeAll(async () => {
  t = await openTestGateway()
})
afterAll(() => t.close())
beforeEach(() => t.server.reset())

type Client = Awaited<ReturnType<TestGateway['connect']>>

const connect = (o: ConnectOptions = {}): Promise<Client> =>
  t.connect({
    provider: { auth: { mode: 'oauth2', authorizationUrl: '', tokenUrl: '' } as never },
    credential: {
      ...{ kind: 'oauth2', accessToken: 'access-0000', refreshToken: 'refresh-0000' },
      ...{ scopes: ['before'], expiresAt: '2020-01-01T00:00:00.000Z' },
    },
    integration: {
      tokenUrl: `${t.server.url}/token`,
      oauthClient: { clientId: 'client-1', clientSecret: 'client-secret-1' },
    },
    ...o,
  })

async function stored<Kind extends Credential['kind']>(
  client: Client,
): Promise<CredentialOf<Kind>> {
  const found = await getConnection(t.store.db, client.connection)
  if (found === null) throw new Error('not stored')
  return decryptCredential(t.store, found) as CredentialOf<Kind>
}

async function renewedBy(answer: Reply): Promise<CredentialOf<'oauth2'>> {
  const client = await connect()
  t.server.on('POST /token', answer)
  t.server.on('GET /x', { body: {} })
  const called = await client.request(requestOf('GET', 'x'))
  expect(called.kind, JSON.stringify(called)).toBe('answered')
  return stored<'oauth2'>(client)
}

/** Seconds from now; null for a token without an end. */
const lifeOf = ({ expiresAt }: { readonly expiresAt?: string | undefined }): number | null =>
  expiresAt === undefined ? null : Math.round((Date.parse(expiresAt) - Date.now()) / 100_000) * 100

test.each<[unknown, number | null]>([
  [3600, 3600],
  ['3600', 3600],
  [3600.5, 3600],
  ['3600.9', 3600],
  [0, null],
  [-5, null],
  ['', null],
  [null, null],
  ['never', null],
  [true, null],
  [[3600], null],
])('a token that lives %j seconds', async (expires_in, seconds) => {
  expect(lifeOf(await renewedBy({ body: { access_token: 'access-0001', expires_in } }))).toBe(
    seconds,
  )
})

test.each([9e15, '99999999999999999999'])(
  'a token that lives for ages (%j seconds) is kept, and so is its refresh token',
  async (expires_in) => {
    const body = { access_token: 'access-0001', refresh_token: 'refresh-0001', expires_in }
    const kept = await renewedBy({ body })
    expect(kept.refreshToken).toBe('refresh-0001')
    expect(Date.parse(kept.expiresAt ?? '')).toBeGreaterThan(Date.now() + 1e12)
  },
)

test('a token whose end is told as a time is renewed in time', async () => {
  const at = new Date(Date.now() + 3600_000)
  for (const expires_at of [at.toISOString(), Math.floor(at.getTime() / 1000), at.getTime()]) {
    const kept = await renewedBy({ body: { access_token: 'access-0001', expires_at } })
    expect(lifeOf(kept), String(expires_at)).toBe(3600)
  }
})

test.each<[unknown, readonly string[]]>([
  [
    ['a', 'b'],
    ['a', 'b'],
  ],
  ['a,b', ['a', 'b']],
  [' a  b ', ['a', 'b']],
  [[], ['before']],
  ['', ['before']],
  [7, ['before']],
])('granted scopes %j', async (scope, scopes) => {
  expect((await renewedBy({ body: { access_token: 'access-0001', scope } })).scopes).toEqual(scopes)
})

test('tokens of a user that stand inside are kept whole', async () => {
  const authed_user = {
    ...{ id: 'U1', access_token: 'access-user-1', refresh_token: 'refresh-user-1' },
    ...{ expires_in: 43_200, scope: 'search:read' },
  }
  expect(await renewedBy({ body: { ok: true, authed_user } })).toMatchObject({
    ...{ accessToken: 'access-user-1', refreshToken: 'refresh-user-1', scopes: ['search:read'] },
    expiresAt: expect.any(String),
  })
})

test('a byte order mark before the JSON is no reason to lose a rotated token', async () => {
  const body = `\uFEFF${JSON.stringify({ access_token: 'access-0001', refresh_token: 'refresh-0001' })}`
  expect((await renewedBy({ body })).refreshToken).toBe('refresh-0001')
})

const html = '<!doctype html><a href="/?error=invalid_grant&x=1">Sorry</a>'

test.each<[string, Reply]>([
  ['an outage that repeats what was asked', { status: 503, body: { error: 'invalid_grant' } }],
  ['a limit', { status: 429, body: { error: 'access_denied' } }],
  ['a page of a proxy', { status: 502, headers: { 'content-type': 'text/html' }, body: html }],
  ['a page with status 200', { headers: { 'content-type': 'text/html' }, body: html }],
  ['a firewall', { status: 403, headers: { 'content-type': 'text/html' }, body: html }],
  ['nothing', { status: 200, body: '' }],
])('%s does not end a connection', async (_, answer) => {
  const client = await connect()
  t.server.on('POST /token', answer, { body: { access_token: 'access-0001' } })
  t.server.on('GET /x', { body: {} })
  expect((await client.request(requestOf('GET', 'x'))).kind).toBe('refused')
  expect((await getConnection(t.store.db, client.connection))?.state).toBe('ok')
  expect((await client.request(requestOf('GET', 'x'))).kind).toBe('answered')
})

test.each<[string, Reply]>([
  [
    'BAD_REFRESH_TOKEN',
    {
      status: 400,
      body: { status: 'BAD_REFRESH_TOKEN', message: 'missing or invalid refresh token' },
    },
  ],
  [
    'unauthorized_client',
    {
      status: 403,
      body: { error: 'unauthorized_client', error_description: 'refresh_token is invalid' },
    },
  ],
  ['invalid_code', { body: { error: 'invalid_code' } }],
  ['bad_refresh_token', { body: 'error=bad_refresh_token&error_description=gone' }],
  ['status 400 without', { status: 400, body: { status: 400, message: 'Invalid refresh token' } }],
])(
  'a refresh token that is gone (%s) needs a person, and is asked for once',
  async (code, answer) => {
    const client = await connect()
    t.server.on('POST /token', answer)
    expect((await client.request(requestOf('GET', 'x'))).kind).toBe('access-lost')
    expect((await client.request(requestOf('GET', 'x'))).kind).toBe('access-lost')
    expect(t.server.seen).toHaveLength(1)
    const details = await getConnectionDetails(t.store.db, client.connection)
    expect(details?.state).toBe('needs-reconnect')
    expect(details?.error?.code).toContain(code)
  },
)

const livingCredential: Credential = {
  ...{ kind: 'oauth2', accessToken: 'access-0000', refreshToken: 'refresh-0000', scopes: [] },
}

const silent = () => undefined
const log = { id: 'log', message: silent, conceal: silent, finish: silent }

test.each([20, 60, 100])(
  'a token of %i seconds serves the calls of its life, and is renewed before its end',
  async (expires_in) => {
    let now = Date.now()
    const clock = { now: () => now, wait: async () => undefined }
    const client = await connect({
      ...{ gateway: { clock }, context: { purpose: 'execution', log } },
    })
    let issued = 0
    t.server.on('POST /token', (_, response) => {
      response.end(JSON.stringify({ access_token: `access-000${++issued}`, expires_in }))
    })
    t.server.on('GET /x', { body: {} })
    const call = async () =>
      expect((await client.request(requestOf('GET', 'x'))).kind).toBe('answered')
    for (let count = 0; count < 3; count++) await call()
    expect(issued).toBe(1)
    now += expires_in * 700
    await call()
    expect(issued).toBe(1)
    now += expires_in * 100
    await call()
    expect(issued).toBe(2)
  },
)

test('a socket that the provider is about to close takes no refresh token along', async () => {
  const client = await connect({ credential: livingCredential })
  const used = new WeakSet<object>()
  const closing =
    (body: object, status = 200): Reply =>
    (_, response) => {
      const socket = response.socket ?? {}
      if (used.has(socket)) return void response.socket?.destroy()
      used.add(socket)
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    }
  t.server.on('GET /x', closing({}, 401), closing({}))
  t.server.on('POST /token', closing({ access_token: 'access-0001' }))
  const called = await client.request(requestOf('GET', 'x'))
  expect(called.kind, JSON.stringify(called)).toBe('answered')
  expect(await stored<'oauth2'>(client)).toMatchObject({ accessToken: 'access-0001' })
})

test('a renewal that comes to nothing leaves a connection that needs a person as it was', async () => {
  const client = await connect({ credential: livingCredential })
  const error = { code: 'invalid_grant', message: 'gone', at: '2026-01-01T00:00:00.000Z' }
  await noteRenewal(t.store.db, {
    ...{ ...client.connection, state: 'needs-reconnect', error, expectedVersion: 1 },
  })
  t.server.on('POST /token', { status: 503, body: 'busy' })
  await expect(client.credential?.({ renew: true })).rejects.toThrow('could not be refreshed')
  expect(t.server.seen).toHaveLength(1)
  const details = await getConnectionDetails(t.store.db, client.connection)
  expect([details?.state, details?.error]).toEqual(['needs-reconnect', error])
})

const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
const installed = { kind: 'app', installationId: '42' } as const

const ownApp = { ...installed, appId: '7', privateKey: pem }

test.each<[string, { answer: Reply; credential: Credential; state: string }]>([
  [
    'a clock that is wrong',
    { answer: { status: 401, body: { message: 'exp' } }, credential: installed, state: 'ok' },
  ],
  [
    'a limit told as 403',
    {
      answer: { status: 403, headers: { 'retry-after': '60' }, body: { message: 'too many' } },
      ...{ credential: installed, state: 'ok' },
    },
  ],
  [
    'an installation that is gone',
    { answer: { status: 404, body: {} }, credential: installed, state: 'needs-reconnect' },
  ],
  [
    "a key of the customer's own",
    { answer: { status: 401, body: {} }, credential: ownApp, state: 'needs-reconnect' },
  ],
])('an app and %s', async (_, { answer, credential, state }) => {
  const auth = {
    ...{ mode: 'app', installationUrl: 'https://x.example', tokenPath: 'token' },
    tokenUrl: `${t.server.url}/app/installations/\${connectionConfig.installation_id}/access_tokens`,
    expiresAtPath: 'expires_at',
  }
  const client = await connect({
    ...{ provider: { auth: auth as never }, credential },
    integration: { app: { appId: '77', privateKey: pem } },
  })
  t.server.on('POST /app/installations/42/access_tokens', answer)
  const called = await client.request(requestOf('GET', 'x'))
  expect(called.kind).toBe(state === 'ok' ? 'refused' : 'access-lost')
  expect((await getConnection(t.store.db, client.connection))?.state).toBe(state)
})

const ownClient: Credential = {
  ...{ kind: 'client-credentials', clientId: 'cid', clientSecret: 'c-secret-4711' },
}

test.each<[string, Reply, string]>([
  ['a limit for clients', { status: 429, body: { error: 'too_many_clients' } }, 'ok'],
  ['an outage', { status: 500, body: { error: 'client_lookup_failed' } }, 'ok'],
  ['a plain 401', { status: 401, body: { message: 'Bad credentials' } }, 'needs-reconnect'],
])("a customer's own client and %s", async (_, answer, state) => {
  const auth = { mode: 'client-credentials', tokenUrl: '', scopes: [], scopeSeparator: ' ' }
  const client = await connect({
    ...{ provider: { auth: auth as never }, credential: ownClient },
    integration: { tokenUrl: `${t.server.url}/token` },
  })
  t.server.on('POST /token', answer)
  await client.request(requestOf('GET', 'x'))
  expect((await getConnection(t.store.db, client.connection))?.state).toBe(state)
})

test.each<[unknown, object, number | null]>([
  [1e16, { expiresInPath: 'end' }, 3_153_600_000],
  ['1800', { expiresInPath: 'end' }, 1800],
  [true, { expiresInPath: 'end', ttlSeconds: 900 }, 900],
  [3600, { expiresAtPath: 'end', ttlSeconds: 900 }, 900],
  [null, { expiresAtPath: 'end' }, null],
])('a token of two steps whose end is %j', async (end, rule, seconds) => {
  const auth = {
    mode: 'two-step',
    credentials: { user: { title: 'User' } },
    token: { url: `${t.server.url}/login`, body: {}, tokenPath: 'session', ...rule },
  }
  const client = await connect({
    provider: { auth: auth as never },
    credential: { kind: 'two-step', values: { user: 'u' } },
    integration: {},
  })
  t.server.on('POST /login', { body: { session: 'session-1', end } })
  t.server.on('GET /x', { body: {} })
  expect((await client.request(requestOf('GET', 'x'))).kind).toBe('answered')
  expect(lifeOf(await stored<'two-step'>(client))).toBe(seconds)
})
