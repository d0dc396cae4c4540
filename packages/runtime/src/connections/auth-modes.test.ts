import { createHmac, createPublicKey, generateKeyPairSync, verify } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Credential } from '@plumb/protocol'
import { getConnection, getConnectionDetails } from '@plumb/store'
import { answered, openTestGateway, requestOf } from '../gateway/testing/open-test-gateway.js'
import type { ConnectOptions, TestGateway } from '../gateway/testing/open-test-gateway.js'
import { openConnectTools } from '../connect/connect-parts.js'
import { noConnectionHooks } from './connection-hooks.js'
import { decryptCredential } from './connections.js'
import { refreshDue } from './refresh-due.js'
import { removeConnection } from './remove-connection.js'

let t: TestGateway
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
const pem = rsa.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()

beforeAll(async () => {
  t = await openTestGateway()
})
afterAll(() => t.close())
beforeEach(() => {
  t.server.reset()
  t.server.on('GET /x', { body: { ok: true } })
})

const open = (
  auth: object,
  credential: Credential,
  integration: ConnectOptions['integration'] = {},
) => t.connect({ provider: { auth: auth as never }, credential, integration })

const call = async (client: Awaited<ReturnType<typeof open>>) => {
  const answer = await client.request(requestOf('GET', 'x'))
  if (answer.kind === 'refused') throw answer.error
  return answered(answer).status
}

const seenAt = (path: string) => t.server.seen.filter(({ url }) => url.split('?')[0] === path)

async function storedOf(client: Awaited<ReturnType<typeof open>>): Promise<Credential> {
  const stored = await getConnection(t.store.db, client.connection)
  if (stored === null) throw new Error('not stored')
  return decryptCredential(t.store, stored)
}

function claimsOf(token: string) {
  const [header = '', claims = ''] = token.split('.')
  return [header, claims].map(
    (part) => JSON.parse(Buffer.from(part, 'base64url').toString()) as Record<string, number>,
  )
}

test('client credentials get a token once, for many calls at once, and keep it encrypted', async () => {
  const auth = { mode: 'client-credentials', tokenUrl: '', tokenAuth: 'basic', scopes: ['a', 'b'] }
  const client = await open(
    { ...auth, scopeSeparator: ' ' },
    { kind: 'client-credentials', clientId: 'cid', clientSecret: 'c-secret-4711' },
    { tokenUrl: `${t.server.url}/token` },
  )
  t.server.on('POST /token', { body: { access_token: 'cc-token-1', expires_in: 3600 } })
  expect(await Promise.all(Array.from({ length: 8 }, () => call(client)))).toEqual(
    Array(8).fill(200),
  )
  expect(seenAt('/token')).toHaveLength(1)
  const form = Object.fromEntries(new URLSearchParams(seenAt('/token')[0]?.body))
  expect(form).toEqual({ grant_type: 'client_credentials', scope: 'a b' })
  expect(seenAt('/x')[0]?.headers.authorization).toBe('Bearer cc-token-1')
  expect(await storedOf(client)).toMatchObject({ token: 'cc-token-1' })
  const kept = JSON.stringify([
    await t.receipts(client),
    await getConnection(t.store.db, client.connection),
  ])
  for (const secret of ['cc-token-1', 'c-secret-4711']) expect(kept).not.toContain(secret)
})

test("a customer's client that is refused needs that customer", async () => {
  const client = await open(
    {
      mode: 'client-credentials',
      tokenUrl: '',
      tokenAuth: 'body',
      scopes: [],
      scopeSeparator: ' ',
    },
    { kind: 'client-credentials', clientId: 'cid', clientSecret: 'c-secret-4711' },
    { tokenUrl: `${t.server.url}/token` },
  )
  t.server.on('POST /token', { status: 401, body: { error: 'invalid_client' } })
  expect((await client.request(requestOf('GET', 'x'))).kind).toBe('access-lost')
  expect((await client.request(requestOf('GET', 'x'))).kind).toBe('access-lost')
  expect(seenAt('/token')).toHaveLength(1)
  const details = await getConnectionDetails(t.store.db, client.connection)
  expect([details?.state, details?.error?.code]).toEqual(['needs-reconnect', 'invalid_client'])
})

const twoStep = {
  mode: 'two-step',
  credentials: {
    user: { title: 'User', secret: false },
    pass: { title: 'Password', secret: true },
  },
  token: {
    ...{ method: 'POST', url: 'https://x.example/login/${credentials.user}', bodyFormat: 'json' },
    headers: { 'x-tenant': '${credentials.user}' },
    body: { auth: { name: '${credentials.user}', password: '${credentials.pass}' } },
    ...{ tokenPath: 'data.session', expiresInPath: 'data.seconds' },
  },
  header: 'x-session',
}

test('two steps: values go where they belong, encoded for their place, and the token is renewed when it is refused', async () => {
  const auth = {
    ...twoStep,
    token: { ...twoStep.token, url: `${t.server.url}/login/\${credentials.user}` },
  }
  const values = { user: 'a/../b?c', pass: 'quo"te-\n-secret' }
  const client = await open(auth, { kind: 'two-step', values })
  let issued = 0
  t.server.on('POST /login/a%2F..%2Fb%3Fc', (_, response) => {
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify({ data: { session: `session-${++issued}`, seconds: 60 * 60 } }))
  })
  t.server.on('GET /x', { body: {} }, { status: 401, body: {} }, { body: {} })
  expect(await call(client)).toBe(200)
  expect(await call(client)).toBe(200)
  expect(seenAt('/x').map(({ headers }) => headers['x-session'])).toEqual([
    ...['session-1', 'session-1', 'session-2'],
  ])
  const login = t.server.seen.find(({ url }) => url.startsWith('/login'))
  expect(JSON.parse(login?.body ?? '')).toEqual({
    auth: { name: values.user, password: values.pass },
  })
  expect(JSON.stringify(await t.receipts(client))).not.toContain('session-1')
})

test.each<[Record<string, string>, string]>([
  [{ user: 'a\r\nx-evil: 1', pass: 'p' }, 'line break'],
  [{ user: 'a' }, '"pass" is missing'],
])('two steps: %j is refused before anything is sent', async (values, words) => {
  const auth = { ...twoStep, token: { ...twoStep.token, url: `${t.server.url}/login` } }
  const client = await open(auth, { kind: 'two-step', values })
  const answer = await client.request(requestOf('GET', 'x'))
  expect(answer.kind === 'refused' && answer.error.message).toContain(words)
  expect(t.server.seen).toEqual([])
})

test('a JWT is signed with the key of the customer and the declared claims', async () => {
  const auth = {
    ...{ mode: 'jwt', algorithm: 'RS256', key: '${credentials.privateKey}', ttlSeconds: 120 },
    credentials: {
      privateKey: { title: 'Key', secret: true },
      issuer: { title: 'Issuer', secret: false },
    },
    ...{ keyEncoding: 'utf8', joseHeader: { kid: '${credentials.issuer}' } },
    claims: { iss: '${credentials.issuer}', aud: 'acme' },
  }
  const values = { privateKey: pem.replaceAll('\n', '\\n'), issuer: 'me' }
  const client = await open(auth, { kind: 'jwt', values })
  expect(await call(client)).toBe(200)
  const token = seenAt('/x')[0]?.headers.authorization?.slice('Bearer '.length) ?? ''
  const [header, claims] = claimsOf(token)
  expect(header).toEqual({ alg: 'RS256', typ: 'JWT', kid: 'me' })
  expect(claims).toMatchObject({ iss: 'me', aud: 'acme', exp: (claims?.['iat'] ?? 0) + 120 })
  const [signed, signature = ''] = token.split(/\.(?=[^.]*$)/)
  const key = createPublicKey(rsa.publicKey.export({ type: 'spki', format: 'pem' }))
  expect(
    verify('sha256', Buffer.from(signed ?? ''), key, Buffer.from(signature, 'base64url')),
  ).toBe(true)
  expect(await call(client)).toBe(200)
  expect(seenAt('/x')[1]?.headers.authorization).toBe(`Bearer ${token}`)
  const broken = await open(auth, {
    kind: 'jwt',
    values: { privateKey: 'no-key-4711', issuer: 'me' },
  })
  const answer = await broken.request(requestOf('GET', 'x'))
  expect(JSON.stringify(answer)).not.toContain('no-key-4711')
  expect(answer.kind).toBe('refused')
})

test('an app proves itself with its key, and calls with the token of the installation', async () => {
  const auth = {
    ...{ mode: 'app', installationUrl: 'https://x.example', tokenPath: 'token' },
    tokenUrl: `${t.server.url}/app/installations/\${connectionConfig.installation_id}/access_tokens`,
    expiresAtPath: 'expires_at',
  }
  const app = { appId: '77', privateKey: pem }
  const client = await open(auth, { kind: 'app', installationId: '42' }, { app })
  const expiresAt = new Date(Date.now() + 3600_000).toISOString()
  t.server.on('POST /app/installations/42/access_tokens', {
    ...{ status: 201, body: { token: 'ghs-installation-token', expires_at: expiresAt } },
  })
  expect(await call(client)).toBe(200)
  expect(seenAt('/x')[0]?.headers.authorization).toBe('Bearer ghs-installation-token')
  const [asked] = seenAt('/app/installations/42/access_tokens')
  const jwt = asked?.headers.authorization?.slice('Bearer '.length) ?? ''
  expect(claimsOf(jwt)[1]).toMatchObject({ iss: '77' })
  expect(await storedOf(client)).toMatchObject({ token: 'ghs-installation-token', expiresAt })
  expect(JSON.stringify(await t.receipts(client))).not.toContain(jwt)
})

test('OAuth 1: each request is signed over its method, address and parameters', async () => {
  const auth = {
    ...{ mode: 'oauth1', requestTokenUrl: '', authorizationUrl: '', accessTokenUrl: '' },
    ...{ signatureMethod: 'HMAC-SHA1', authorizationParams: {} },
  }
  const credential: Credential = { kind: 'oauth1', token: 'o1-token', tokenSecret: 'o1-secret' }
  const oauthClient = { clientId: 'consumer', clientSecret: 'consumer-secret' }
  const client = await open(auth, credential, { oauthClient })
  answered(await client.request(requestOf('GET', 'x', { query: [['q', 'a b&c']] })))
  const header = seenAt('/x')[0]?.headers.authorization ?? ''
  const members = Object.fromEntries(
    [...header.matchAll(/(\w+)="([^"]*)"/g)].map(([, name, value]) => [
      name,
      decodeURIComponent(value ?? ''),
    ]),
  )
  const { oauth_signature: signature, ...own } = members as Record<string, string>
  const encode = (text: string) => encodeURIComponent(text)
  const parameters = Object.entries({ ...own, q: 'a b&c' })
    .map(([name, value]) => `${encode(name)}=${encode(value)}`)
    .sort()
    .join('&')
  const base = ['GET', `${t.server.url}/x`, parameters].map(encode).join('&')
  const expected = createHmac('sha1', 'consumer-secret&o1-secret').update(base).digest('base64')
  expect(signature).toBe(expected)
  expect(own).toMatchObject({ oauth_consumer_key: 'consumer', oauth_token: 'o1-token' })
  expect(JSON.stringify(await t.receipts(client))).not.toContain('o1-token')
})

test.each<[object, Credential, string]>([
  [{ mode: 'bearer' }, { kind: 'aws', accessKeyId: 'a', secretAccessKey: 'b' }, 'is of kind "aws"'],
  [{ mode: 'aws-sigv4', service: 's3' }, { kind: 'bearer', token: 'abc' }, 'takes "aws"'],
  [
    { mode: 'oauth2', authorizationUrl: '', tokenUrl: '' },
    { kind: 'jwt', values: {} },
    'takes "oauth2"',
  ],
])(
  'a credential that does not fit is refused when it is added (case %#)',
  async (auth, credential, words) => {
    await expect(open(auth, credential)).rejects.toThrow(words)
  },
)

test('a schedule renews what ends soon, once, and tells what was lost', async () => {
  const soon = new Date(Date.now() + 5 * 60_000).toISOString()
  const oauth2 = (o: object): Credential => ({
    ...{ kind: 'oauth2', accessToken: 'a-1', refreshToken: 'r-1', scopes: [], ...o },
  })
  const auth = { mode: 'oauth2', authorizationUrl: '', tokenUrl: '', tokenAuth: 'body' }
  const tokenUrl = `${t.server.url}/token`
  const [due, lost] = [
    await open(auth, oauth2({ expiresAt: soon }), { tokenUrl }),
    await open(auth, oauth2({ expiresAt: soon, refreshToken: 'gone' }), { tokenUrl }),
  ]
  await open(auth, oauth2({ expiresAt: new Date(Date.now() + 3600_000).toISOString() }), {
    tokenUrl,
  })
  t.server.on('POST /token', ({ body }, response) => {
    const gone = body.includes('gone')
    response.statusCode = gone ? 400 : 200
    response.end(
      JSON.stringify(gone ? { error: 'invalid_grant' } : { access_token: 'a-2', expires_in: 3600 }),
    )
  })
  const { openGateway } = await import('../gateway/open-gateway.js')
  const gateway = openGateway(t.store)
  const round = () => refreshDue(t.store, { gateway, now: Date.now() })
  const first = await round()
  expect(first?.renewed).toEqual([
    expect.objectContaining({ integrationKey: due?.connection.integrationKey }),
  ])
  expect(first?.lost).toEqual([
    expect.objectContaining({ integrationKey: lost?.connection.integrationKey }),
  ])
  expect(await round()).toEqual({ renewed: [], lost: [], failed: [] })
  expect(seenAt('/token')).toHaveLength(2)
  await gateway.close()
})

test('a connection is deleted while it still works, whatever its provider says about the tokens', async () => {
  const tokenUrl = `${t.server.url}/token`
  const auth = {
    mode: 'oauth2',
    authorizationUrl: '',
    tokenUrl,
    revocationUrl: `${t.server.url}/revoke`,
  }
  const client = await open(
    { ...auth, tokenAuth: 'body' },
    { kind: 'oauth2', accessToken: 'a-1', refreshToken: 'r-secret-1', scopes: [] },
    { oauthClient: { clientId: 'c', clientSecret: 's' } },
  )
  t.server.on('POST /revoke', { status: 503 })
  const heard: string[] = []
  const hooks = {
    ...noConnectionHooks,
    deleting: async () => void heard.push((await call(client)) === 200 ? 'worked' : 'dead'),
  }
  const { transport } = openConnectTools({ hooks })
  const outcome = await removeConnection(t.store, client.connection, { hooks, transport })
  await transport.close?.()
  expect([outcome.kind, heard]).toEqual(['failed', ['worked']])
  expect(new URLSearchParams(seenAt('/revoke')[0]?.body).get('token')).toBe('r-secret-1')
  expect(await getConnection(t.store.db, client.connection)).toBeNull()
})
