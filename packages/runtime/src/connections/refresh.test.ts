import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Credential } from '@plumb/protocol'
import { getConnection, listReceipts, replaceCredential } from '@plumb/store'
import { openTestGateway, requestOf } from '../gateway/testing/open-test-gateway.js'
import type { ConnectOptions, TestGateway } from '../gateway/testing/open-test-gateway.js'
import type { Reply } from '../gateway/testing/start-provider-server.js'
import { addConnection, decryptCredential } from './connections.js'
import type { Job } from './testing/refreshing-process.js'
import { startTypeScript } from './testing/start-typescript.js'

let t: TestGateway

beforeAll(async () => {
  t = await openTestGateway()
})
afterAll(() => t.close())
beforeEach(() => t.server.reset())

const oauth = (o: Partial<Extract<Credential, { kind: 'oauth2' }>> = {}): ConnectOptions => ({
  provider: {
    auth: { mode: 'oauth2', authorizationUrl: '', tokenUrl: '', tokenAuth: 'body' } as never,
  },
  credential: {
    kind: 'oauth2',
    accessToken: 'access-0000',
    refreshToken: 'refresh-0000',
    scopes: ['a'],
    ...o,
  },
  integration: {
    tokenUrl: `${t.server.url}/token`,
    oauthClient: { clientId: 'client-1', clientSecret: 'client-secret-1' },
  },
})

const past = { expiresAt: '2020-01-01T00:00:00.000Z' }

/** Refresh tokens work once; each answer has the next pair. */
function rotatingTokens(delayMs = 0): { used: string[]; reply: Reply } {
  let generation = 0
  const used: string[] = []
  const reply: Reply = ({ body }, response) => {
    const sent = new URLSearchParams(body).get('refresh_token') ?? ''
    used.push(sent)
    const valid = sent === `refresh-000${generation}`
    if (valid) generation++
    const answer = valid
      ? {
          access_token: `access-000${generation}`,
          refresh_token: `refresh-000${generation}`,
          expires_in: 3600,
        }
      : { error: 'invalid_grant' }
    setTimeout(() => {
      response.writeHead(valid ? 200 : 400, { 'content-type': 'application/json' })
      response.end(JSON.stringify(answer))
    }, delayMs)
  }
  return { used, reply }
}

async function credentialOf(integrationKey: string): Promise<Credential> {
  const name = { environment: 'dev', integrationKey, connectionId: 'account' }
  const stored = await getConnection(t.store.db, name)
  if (stored === null) throw new Error('no connection')
  return decryptCredential(t.store, stored)
}

test('an expired token is refreshed before the call, and the rotated refresh token is kept', async () => {
  const acme = await t.connect(oauth(past))
  t.server.on('POST /token', rotatingTokens().reply)
  t.server.on('GET /x', { body: {} })
  expect((await acme.request(requestOf('GET', 'x'))).kind).toBe('answered')
  expect(t.server.seen.map(({ url }) => url)).toEqual(['/token', '/x'])
  expect(t.server.seen[1]?.headers.authorization).toBe('Bearer access-0001')
  const form = new URLSearchParams(t.server.seen[0]?.body)
  expect(Object.fromEntries(form)).toEqual({
    grant_type: 'refresh_token',
    refresh_token: 'refresh-0000',
    client_id: 'client-1',
    client_secret: 'client-secret-1',
  })
  const credential = await credentialOf(acme.connection.integrationKey)
  expect(credential).toMatchObject({
    accessToken: 'access-0001',
    refreshToken: 'refresh-0001',
    scopes: ['a'],
  })
})

test('a 401 refreshes once, tries once more, and the receipts hold no token', async () => {
  const acme = await t.connect(oauth())
  t.server.on('POST /token', rotatingTokens().reply)
  t.server.on('GET /x', { status: 401 }, { body: { ok: true } })
  expect((await acme.request(requestOf('GET', 'x'))).kind).toBe('answered')
  const receipts = await t.receipts(acme)
  expect(receipts.map(({ purpose }) => purpose)).toEqual(['dryrun', 'refresh', 'dryrun'])
  const kept = JSON.stringify([receipts, acme.calls])
  for (const secret of [
    'access-0000',
    'access-0001',
    'refresh-0000',
    'refresh-0001',
    'client-secret-1',
  ]) {
    expect(kept).not.toContain(secret)
  }
  expect(receipts[1]?.request.body?.text).toContain('refresh_token=[secret]')
})

test('a provider that does not rotate keeps its refresh token', async () => {
  const acme = await t.connect(oauth(past))
  t.server.on('POST /token', {
    body: 'access_token=formtoken-1&scope=b%20c',
    headers: { 'content-type': 'text/plain' },
  })
  await acme.request(requestOf('GET', 'x'))
  expect(await credentialOf(acme.connection.integrationKey)).toEqual({
    kind: 'oauth2',
    accessToken: 'formtoken-1',
    refreshToken: 'refresh-0000',
    scopes: ['b', 'c'],
  })
  expect(JSON.stringify(await t.receipts(acme))).not.toContain('formtoken-1')
})

test('the client authenticates in the header where the provider wants that', async () => {
  const o = oauth(past)
  const acme = await t.connect({
    ...o,
    provider: { auth: { ...o.provider?.auth, tokenAuth: 'basic' } as never },
  })
  t.server.on('POST /token', rotatingTokens().reply)
  await acme.request(requestOf('GET', 'x'))
  const pair = Buffer.from('client-1:client-secret-1').toString('base64')
  expect(t.server.seen[0]?.headers.authorization).toBe(`Basic ${pair}`)
  expect(t.server.seen[0]?.body).not.toContain('client')
  expect(JSON.stringify(await t.receipts(acme))).not.toContain(pair)
})

test('invalid_grant: the connection needs to be reconnected, and says why', async () => {
  const acme = await t.connect(oauth(past))
  t.server.on('POST /token', { status: 400, body: { error: 'invalid_grant' } })
  const answer = await acme.request(requestOf('GET', 'x'))
  const [receipt] = await t.receipts(acme)
  const { integrationKey } = acme.connection
  expect(answer).toEqual({
    kind: 'access-lost',
    cause: {
      kind: 'access-revoked',
      message: `Acme refuses the refresh token of connection "account" of "${integrationKey}": invalid_grant.`,
      remedy: `Reconnect connection "account" of "${integrationKey}".`,
      receiptIds: [receipt?.id],
    },
  })
  expect((await getConnection(t.store.db, acme.connection))?.state).toBe('needs-reconnect')
  expect(t.server.seen.map(({ url }) => url)).toEqual(['/token'])
})

test.each([
  [{ status: 503, body: 'busy' }, 'status 503', 'Try again later.'],
  [{ status: 401, body: { error: 'invalid_client' } }, 'invalid_client', 'Check client id'],
  [{ body: { error: 'odd' } }, 'odd', 'Try again later.'],
])(
  'other troubles of the token endpoint are refused without touching the connection (case %#)',
  async (reply, words, remedy) => {
    const acme = await t.connect(oauth(past))
    t.server.on('POST /token', reply)
    const answer = await acme.request(requestOf('GET', 'x'))
    if (answer.kind !== 'refused') throw new Error(answer.kind)
    expect(answer.error.code).toBe('credential-refresh-failed')
    expect(answer.error.message).toContain(words)
    expect(answer.error.remedy).toContain(remedy)
    expect((await getConnection(t.store.db, acme.connection))?.state).toBe('ok')
  },
)

test('many calls at once refresh once', async () => {
  const acme = await t.connect(oauth(past))
  const tokens = rotatingTokens(50)
  t.server.on('POST /token', tokens.reply)
  t.server.on('GET /x', { body: {} })
  const answers = await Promise.all(
    Array.from({ length: 20 }, () => acme.request(requestOf('GET', 'x'))),
  )
  expect(answers.every(({ kind }) => kind === 'answered')).toBe(true)
  expect(tokens.used).toEqual(['refresh-0000'])
})

test('a refresh that ends after the person reconnected does not overwrite the new credential', async () => {
  const acme = await t.connect(oauth(past))
  const { integrationKey } = acme.connection
  t.server.on('POST /token', (_, response) => {
    const encryptedCredential = t.store.keys.encrypt(
      JSON.stringify({ kind: 'oauth2', accessToken: 'reconnected', scopes: [] }),
      `${integrationKey}/account`,
    )
    const name = { environment: 'dev', integrationKey, connectionId: 'account' }
    void replaceCredential(t.store.db, { ...name, expectedVersion: 1, encryptedCredential }).then(
      () => response.end(JSON.stringify({ access_token: 'too-late' })),
    )
  })
  await acme.request(requestOf('GET', 'x'))
  expect(t.server.seen[1]?.headers.authorization).toBe('Bearer reconnected')
  expect(await credentialOf(integrationKey)).toMatchObject({ accessToken: 'reconnected' })
})

test('a refusal that ends after the person reconnected does not ask them to do it again', async () => {
  const acme = await t.connect({ provider: { proxy: { check: { endpoint: '/me' } } } })
  const { integrationKey } = acme.connection
  t.server.on('GET /x', { status: 401 })
  t.server.on('GET /me', (_, response) => {
    const credential = { kind: 'bearer', token: 'second-4711' } as const
    const again = { integrationKey, connectionId: 'account', credential, now: '2026-01-01' }
    void addConnection(t.store, again).then(() => response.writeHead(401).end())
  })
  expect((await acme.request(requestOf('GET', 'x'))).kind).toBe('access-lost')
  expect((await getConnection(t.store.db, acme.connection))?.state).toBe('ok')
})

test('a caller that gives up does not end the refresh it began', async () => {
  const acme = await t.connect(oauth(past))
  const controller = new AbortController()
  const tokens = rotatingTokens(30)
  t.server.on('POST /token', (request, response) => {
    controller.abort(new Error('gave up'))
    if (typeof tokens.reply === 'function') tokens.reply(request, response)
  })
  await expect(acme.request(requestOf('GET', 'x'), controller.signal)).rejects.toThrow('gave up')
  expect(await credentialOf(acme.connection.integrationKey)).toMatchObject({
    refreshToken: 'refresh-0001',
  })
})

test('two processes with a slow token endpoint refresh once, and both get through', async () => {
  const acme = await t.connect(oauth(past))
  const tokens = rotatingTokens(1500)
  t.server.on('POST /token', tokens.reply)
  t.server.on('GET /x', ({ headers }, response) => {
    response.statusCode = headers.authorization === 'Bearer access-0001' ? 200 : 401
    response.end('{}')
  })
  const { integrationKey } = acme.connection
  const job: Job = {
    databaseUrl: await databaseUrl(),
    keysDirectory: t.keysDirectory,
    integrationKey,
    provider: acme.provider,
  }
  const outputs = await Promise.all([1, 2].map(() => runProcess(job)))
  expect(outputs).toEqual(['answered 200', 'answered 200'])
  expect(tokens.used).toEqual(['refresh-0000'])
  const receipts = await listReceipts(t.store.db, { chain: `connection ${integrationKey}/account` })
  expect(receipts.filter(({ purpose }) => purpose === 'refresh')).toHaveLength(1)
})

async function databaseUrl(): Promise<string> {
  const [row] = await t.store.db.query<{ name: string; socket: string; port: string }>(
    `select current_database() as name, current_setting('unix_socket_directories') as socket,
       current_setting('port') as port`,
  )
  if (row === undefined) throw new Error('the database does not say where it is')
  return `postgresql://plumb@${encodeURIComponent(row.socket)}:${row.port}/${row.name}`
}

/** Runs `testing/refreshing-process.ts` in a Node process of its own; resolves with what it printed. */
async function runProcess(job: Job): Promise<string> {
  const child = await startTypeScript(new URL('./testing/refreshing-process.ts', import.meta.url))
  child.stdin.end(JSON.stringify(job))
  return new Promise((resolve, reject) => {
    let output = ''
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()))
    child.on('error', reject)
    child.on('close', () => resolve(output.trim()))
  })
}
