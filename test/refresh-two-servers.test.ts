import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { openKeys } from '@plumb/runtime'
import { openTestDatabase } from '@plumb/store/testing'
import type { TestDatabase } from '@plumb/store/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  startOAuthServer,
  testClient,
} from '../packages/app/src/http/connect/testing/start-oauth-server.js'
import type { OAuthServer } from '../packages/app/src/http/connect/testing/start-oauth-server.js'
import { databaseUrlOf } from '../packages/runtime/src/syncs/testing/start-sync-process.js'
import { servePlumb } from './serve-plumb.js'
import type { Served } from './serve-plumb.js'

/* Two servers on one database, and a real OpenID provider that takes a refresh token once: whoever uses an old one
   again loses the grant. */

const publicUrl = 'http://127.0.0.1:3003'
let folder = ''
let secretKey = ''
let oauth: OAuthServer
let servers: readonly Served[] = []
let db: TestDatabase

beforeAll(async () => {
  oauth = await startOAuthServer(`${publicUrl}/oauth/callback`)
  folder = await mkdtemp(join(tmpdir(), 'plumb-refresh-'))
  const path = join(folder, 'providers', 'acme.yaml')
  await mkdir(dirname(path))
  await writeFile(path, providerText(oauth.url))
  db = await openTestDatabase()
  const environment = { DATABASE_URL: await databaseUrlOf(db) }
  const serve = (): Promise<Served> =>
    servePlumb(folder, { args: ['--public-url', publicUrl], environment })
  servers = [await serve()]
  servers = [...servers, await serve()]
  secretKey = (await readFile(join(folder, '.plumb/server/dev.key'), 'utf8')).trim()
})
afterAll(async () => {
  for (const served of servers) await served.stop()
  await db?.close()
  await oauth?.close()
  await rm(folder, { recursive: true, force: true })
})

/** Its API is what the OpenID provider says about the person whom a token is of. */
const providerText = (url: string): string => `name: acme
displayName: Acme
auth:
  mode: oauth2
  authorizationUrl: ${url}/auth
  tokenUrl: ${url}/token
  revocationUrl: ${url}/token/revocation
  scopes: [openid, offline_access]
  authorizationParams: { prompt: consent }
proxy:
  baseUrl: ${url}
  check: { endpoint: /me }
`

type Answer = { readonly status: number; readonly body: Record<string, unknown> }

async function ask(at: number, target: string, o: { body?: unknown; id?: string } = {}) {
  const [method = 'GET', path = '/'] = target.split(' ')
  const answer = await fetch(`${servers[at]?.url}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${secretKey}`,
      ...(o.id !== undefined && { 'connection-id': o.id, 'provider-config-key': 'acme' }),
      ...(o.body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(o.body !== undefined && { body: JSON.stringify(o.body) }),
  })
  return { status: answer.status, body: (await answer.json()) as Answer['body'] }
}

/** As a person does it in a browser, at the first server. */
async function connect(): Promise<string> {
  const session = await ask(0, 'POST /connect/sessions', { body: { end_user: { id: 'user-1' } } })
  const { token } = session.body['data'] as { token: string }
  const begun = await fetch(
    `${servers[0]?.url}/oauth/connect/acme?connect_session_token=${token}`,
    { redirect: 'manual' },
  )
  const back = await oauth.visit(begun.headers.get('location') ?? '')
  const page = await fetch(`${servers[0]?.url}/oauth/callback${back.search}`)
  expect(await page.text()).toContain('is connected')
  const { body } = await ask(0, 'GET /connections?endUserId=user-1')
  return String((body['connections'] as { connection_id: string }[])[0]?.connection_id)
}

type Tokens = { readonly access_token: string; readonly refresh_token: string }

async function tokensOf(id: string): Promise<Tokens> {
  const query = 'provider_config_key=acme&refresh_token=true'
  const { body } = await ask(0, `GET /connections/${id}?${query}`)
  return body['credentials'] as Tokens
}

const post = (path: string, params: Record<string, string>): Promise<Response> => {
  const client = { client_id: testClient.clientId, client_secret: testClient.clientSecret }
  const body = new URLSearchParams({ ...params, ...client })
  return fetch(`${oauth.url}${path}`, { method: 'POST', body })
}

/** Lets the stored token end now, for both servers. */
async function expire(id: string): Promise<void> {
  const keys = await openKeys(join(folder, '.plumb', 'keys'))
  const context = `acme/${id}`
  const [row] = await db.query<{ sealed: string }>(
    'select encrypted_credential as sealed from plumb.connections where connection_id = $1',
    [id],
  )
  const credential = JSON.parse(keys.decrypt(row?.sealed ?? '', context)) as object
  const ended = JSON.stringify({ ...credential, expiresAt: new Date(0).toISOString() })
  await db.query(
    'update plumb.connections set encrypted_credential = $2 where connection_id = $1',
    [...[id, keys.encrypt(ended, context)]],
  )
}

/** Six calls at each server at the same time: their statuses, each once. */
async function callAtOnce(id: string): Promise<number[]> {
  const calls = Array.from({ length: 12 }, (_, n) => ask(n % 2, 'GET /proxy/me', { id }))
  const answers = await Promise.all(calls)
  return [...new Set(answers.map(({ status }) => status))]
}

test('two servers refresh a rotating token once for all calls, and both go on', async () => {
  const client = {
    type: 'OAUTH2',
    client_id: testClient.clientId,
    client_secret: testClient.clientSecret,
  }
  const made = { unique_key: 'acme', provider: 'acme', credentials: client }
  expect((await ask(0, 'POST /integrations', { body: made })).status).toBe(200)
  const id = await connect()
  expect(await callAtOnce(id)).toEqual([200])
  expect(oauth.grants).toEqual(['authorization_code'])

  // Each of the calls finds it expired, while the token endpoint takes its time.
  oauth.delayMs = 1500
  const first = await tokensOf(id)
  await expire(id)
  expect(await callAtOnce(id)).toEqual([200])
  expect(oauth.grants).toEqual(['authorization_code', 'refresh_token'])
  const second = await tokensOf(id)
  expect(second.access_token).not.toBe(first.access_token)
  expect(second.refresh_token).not.toBe(first.refresh_token)

  // Once more with what was rotated, and asked for by both at the same time.
  const force = `GET /connections/${id}?provider_config_key=acme&force_refresh=true`
  const forced = await Promise.all([ask(0, force), ask(1, force), ask(0, force), ask(1, force)])
  expect(forced.map(({ status }) => status)).toEqual([200, 200, 200, 200])
  expect(oauth.grants.every((grant) => !grant.startsWith('refused'))).toBe(true)
  expect(await callAtOnce(id)).toEqual([200])
  expect(oauth.revoked).toEqual([])

  // It is that strict: the token of before takes the grant with it, and both servers say what is to be done.
  const reused = await post('/token', {
    grant_type: 'refresh_token',
    refresh_token: first.refresh_token,
  })
  expect(reused.status).toBe(400)
  expect(oauth.revoked).toHaveLength(1)
  oauth.grants.length = 0
  oauth.delayMs = 3000
  const [left, right] = await Promise.all([0, 1].map((at) => ask(at, 'GET /proxy/me', { id })))
  for (const answer of [left, right]) {
    expect(JSON.stringify(answer?.body)).toContain('Reconnect connection')
    expect(answer?.status).toBe(424)
  }
  // What one of them was refused, the other does not ask for again.
  expect(oauth.grants).toEqual(['refused refresh_token'])
  const [row] = await db.query('select state, error from plumb.connections')
  expect(row).toMatchObject({ state: 'needs-reconnect', error: { code: 'invalid_grant' } })
})
