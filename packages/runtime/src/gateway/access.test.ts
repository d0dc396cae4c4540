import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { loadProviders } from '@plumb/providers'
import { getConnection } from '@plumb/store'
import { checkConnection } from '../connections/check-connection.js'
import { findDenial } from './access-rule.js'
import { openGateway } from './open-gateway.js'
import { openTestGateway, requestOf } from './testing/open-test-gateway.js'
import type { TestGateway } from './testing/open-test-gateway.js'
import type { Reply } from './testing/start-provider-server.js'

let t: TestGateway

beforeAll(async () => {
  t = await openTestGateway()
})
afterAll(() => t.close())
beforeEach(() => t.server.reset())

/** Twice in a row, since a kept-alive connection that breaks is opened anew once. */
const drop: Reply = (_, response) => void response.destroy()

const check = { check: { endpoint: '/me' } }

test('401 everywhere: access is lost, with both receipts, a remedy and the state of the connection', async () => {
  const acme = await t.connect({ provider: { proxy: check } })
  t.server.on('GET /x', { status: 401, body: { message: 'Bad token' } })
  t.server.on('GET /me', { status: 401 })
  const answer = await acme.request(requestOf('GET', 'x'))
  const receipts = await t.receipts(acme)
  const { integrationKey } = acme.connection
  expect(answer).toEqual({
    kind: 'access-lost',
    cause: {
      kind: 'access-revoked',
      message: `Acme refuses connection "account" of "${integrationKey}": GET /x was answered with 401 "Bad token".`,
      remedy: `Reconnect connection "account" of "${integrationKey}".`,
      receiptIds: receipts.map(({ id }) => id),
    },
  })
  expect(receipts.map(({ purpose }) => purpose)).toEqual(['dryrun', 'probe'])
  const stored = await getConnection(t.store.db, acme.connection)
  expect(stored?.state).toBe('needs-reconnect')
})

test('401 on one resource only is an ordinary answer', async () => {
  const acme = await t.connect({ provider: { proxy: check } })
  t.server.on('GET /x', { status: 401 })
  t.server.on('GET /me', { body: {} })
  expect(await acme.request(requestOf('GET', 'x'))).toMatchObject({
    kind: 'answered',
    response: { status: 401 },
  })
  expect((await getConnection(t.store.db, acme.connection))?.state).toBe('ok')
})

test('401 while the probe does not answer is an ordinary answer', async () => {
  const acme = await t.connect({ provider: { proxy: check } })
  t.server.on('GET /x', { status: 401 })
  t.server.on('GET /me', (_, response) => response.destroy())
  expect((await acme.request(requestOf('GET', 'x'))).kind).toBe('answered')
})

test('401 from a provider that has nothing to probe means that access is lost', async () => {
  const acme = await t.connect()
  t.server.on('GET /x', { status: 401 })
  expect((await acme.request(requestOf('GET', 'x'))).kind).toBe('access-lost')
})

test('403 and 404 on one resource are the business of the function, without a probe', async () => {
  const acme = await t.connect({ provider: { proxy: check } })
  t.server.on('GET /x', { status: 403, body: { message: 'not yours' } })
  for (const path of ['x', 'gone']) {
    expect((await acme.request(requestOf('GET', path))).kind).toBe('answered')
  }
  expect(t.server.seen.map(({ url }) => url)).toEqual(['/x', '/gone'])
})

test('403 with the challenge of RFC 6750 is a missing scope for every provider, and names it', async () => {
  const acme = await t.connect({ provider: { proxy: check } })
  const challenge = 'Bearer realm="acme", error="insufficient_scope", scope="items.write"'
  t.server.on('POST /x', { status: 403, headers: { 'www-authenticate': challenge } })
  t.server.on('GET /me', { body: {} })
  const answer = await acme.request(requestOf('POST', 'x'))
  const { integrationKey } = acme.connection
  expect(answer).toMatchObject({
    kind: 'access-lost',
    cause: {
      kind: 'missing-scope',
      remedy: `Add the scope "items.write" to the authorisation at Acme, and reconnect connection "account" of "${integrationKey}".`,
    },
  })
  expect((await getConnection(t.store.db, acme.connection))?.state).toBe('ok')
})

test('a 403 that is a rate limit is waited for, not taken for lost access', async () => {
  const acme = await t.connect({
    provider: {
      proxy: {
        ...check,
        retry: { remaining: 'x-left' },
        access: [{ kind: 'missing-scope', status: 403 }],
      },
    },
  })
  t.server.on('GET /x', { status: 403, headers: { 'x-left': '0' } }, { body: {} })
  const answer = await acme.request(requestOf('GET', 'x', { retries: 1 }))
  expect(answer).toMatchObject({ kind: 'answered', response: { status: 200 } })
})

test('a connection that was reconnected meanwhile is used at once', async () => {
  const acme = await t.connect({ provider: { proxy: check } })
  t.server.on('GET /x', ({ headers }, response) => {
    const fresh = headers.authorization === 'Bearer fresh-token'
    response.statusCode = fresh ? 200 : 401
    if (fresh) return void response.end('{}')
    const encryptedCredential = t.store.keys.encrypt(
      JSON.stringify({ kind: 'bearer', token: 'fresh-token' }),
      `${acme.connection.integrationKey}/account`,
    )
    const replacement =
      'update plumb.connections set encrypted_credential = $2, credential_version = 2 where integration_key = $1'
    void t.store.db
      .query(replacement, [acme.connection.integrationKey, encryptedCredential])
      .then(() => response.end())
  })
  expect(await acme.request(requestOf('GET', 'x'))).toMatchObject({
    kind: 'answered',
    response: { status: 200 },
  })
})

test('the check of a connection tells each case apart and notes that it works again', async () => {
  const gateway = openGateway(t.store)
  const acme = await t.connect({ provider: { proxy: check } })
  const name = acme.connection
  const run = () => checkConnection({ db: t.store.db, gateway }, name)
  t.server.on('GET /me', { status: 401 }, { status: 500 }, drop, drop, {
    body: {},
  })
  expect((await run()).kind).toBe('access-lost')
  expect((await getConnection(t.store.db, name))?.state).toBe('needs-reconnect')
  expect(await run()).toMatchObject({ kind: 'failed', status: 500 })
  expect(await run()).toMatchObject({ kind: 'unreachable', code: 'connection-reset' })
  expect(await run()).toMatchObject({ kind: 'ok' })
  expect((await getConnection(t.store.db, name))?.state).toBe('ok')
  const bare = await t.connect()
  expect((await bare.check()).kind).toBe('unchecked')
  await gateway.close()
})

const json = (status: number, body: unknown, headers: Record<string, string> = {}) => ({
  status,
  headers,
  body: Buffer.from(JSON.stringify(body)),
})

const google = (details: unknown[], errors: unknown[] = []) => ({
  error: { code: 403, message: 'Request had insufficient authentication scopes.', errors, details },
})

test.each([
  ['github', json(401, { message: 'Bad credentials' }), 'access-revoked', null],
  [
    'github',
    json(
      403,
      { message: 'Must have admin rights' },
      { 'x-accepted-oauth-scopes': 'admin:org', 'x-oauth-scopes': 'repo, user' },
    ),
    'missing-scope',
    'admin:org',
  ],
  [
    'github',
    json(
      403,
      { message: 'Resource not accessible by personal access token' },
      { 'x-accepted-github-permissions': 'issues=write' },
    ),
    'missing-scope',
    'issues=write',
  ],
  [
    'slack',
    json(200, { ok: false, error: 'missing_scope', needed: 'chat:write' }),
    'missing-scope',
    'chat:write',
  ],
  ['slack', json(200, { ok: false, error: 'token_revoked' }), 'access-revoked', null],
  [
    'google-calendar',
    json(403, google([{ reason: 'ACCESS_TOKEN_SCOPE_INSUFFICIENT' }])),
    'missing-scope',
    null,
  ],
  [
    'google-mail',
    json(403, google([], [{ reason: 'insufficientPermissions' }])),
    'missing-scope',
    null,
  ],
  [
    'hubspot',
    json(403, {
      category: 'MISSING_SCOPES',
      errors: [{ context: { requiredGranularScopes: ['crm.objects.contacts.read'] } }],
    }),
    'missing-scope',
    'crm.objects.contacts.read',
  ],
  ['notion', json(403, { code: 'restricted_resource' }), 'missing-scope', null],
  [
    'openweathermap',
    json(401, { message: 'Invalid API key. Please see ...' }),
    'access-revoked',
    null,
  ],
])('%s says that access is lost (case %#)', async (...[name, answer, kind, scope]) => {
  const provider = (await loadProviders()).get(name)?.provider
  if (provider === undefined) throw new Error(`no provider ${name}`)
  expect(findDenial(provider, answer)).toMatchObject({ kind, scope })
})

test.each([
  [
    'github',
    json(
      403,
      { message: 'Must have admin rights' },
      { 'x-accepted-oauth-scopes': 'repo', 'x-oauth-scopes': 'repo' },
    ),
  ],
  ['github', json(403, { message: 'Repository access blocked' })],
  [
    'github',
    json(
      404,
      { message: 'Not Found' },
      { 'x-accepted-oauth-scopes': 'repo', 'x-oauth-scopes': '' },
    ),
  ],
  ['slack', json(200, { ok: false, error: 'channel_not_found' })],
  ['slack', json(200, { ok: true, error: 'missing_scope' })],
  ['google-drive', json(403, google([], [{ reason: 'insufficientFilePermissions' }]))],
  ['google-calendar', json(200, { items: [] })],
  ['hubspot', json(403, { category: 'BANNED' })],
])('%s says something about one resource only (case %#)', async (name, answer) => {
  const provider = (await loadProviders()).get(name)?.provider
  if (provider === undefined) throw new Error(`no provider ${name}`)
  expect(findDenial(provider, answer)).toBeNull()
})

test('several scopes that would do are told as a choice', async () => {
  const acme = await t.connect({ provider: { proxy: check } })
  const challenge = 'Bearer error="insufficient_scope", scope="items items.write"'
  t.server.on('POST /x', { status: 403, headers: { 'www-authenticate': challenge } })
  const answer = await acme.request(requestOf('POST', 'x'))
  if (answer.kind !== 'access-lost') throw new Error(answer.kind)
  expect(answer.cause.remedy).toContain('the scope that is needed ("items", "items.write")')
})
