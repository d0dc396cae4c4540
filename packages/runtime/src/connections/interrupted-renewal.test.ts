import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { PlumbError } from '@plumb/protocol'
import { getConnection, getConnectionDetails } from '@plumb/store'
import type { Database } from '@plumb/store'
import type { ConnectionGateway } from '../gateway/connection-gateway.js'
import { answered, openTestGateway, requestOf } from '../gateway/testing/open-test-gateway.js'
import type { ConnectOptions, TestGateway } from '../gateway/testing/open-test-gateway.js'
import { databaseUrlOf } from '../syncs/testing/start-sync-process.js'
import { decryptCredential } from './connections.js'
import type { Job } from './testing/refreshing-process.js'
import { startTypeScript } from './testing/start-typescript.js'

let t: TestGateway
/** The refresh tokens that were sent; each works once. */
const used: string[] = []
/** What happens when a token endpoint has given a new token, before it answers. */
let given: () => Promise<unknown> = async () => undefined

beforeAll(async () => {
  t = await openTestGateway()
})
afterAll(() => t.close())
beforeEach(() => {
  t.server.reset()
  used.length = 0
  given = async () => undefined
  t.server.on('GET /x', { body: {} })
  t.server.on('POST /token', ({ body }, response) => {
    const sent = new URLSearchParams(body).get('refresh_token') ?? ''
    used.push(sent)
    const valid = sent === `refresh-${used.length - 1}`
    const next = { access_token: `access-${used.length}`, refresh_token: `refresh-${used.length}` }
    void given().then(() => {
      response.writeHead(valid ? 200 : 400, { 'content-type': 'application/json' })
      response.end(JSON.stringify(valid ? next : { error: 'invalid_grant' }))
    })
  })
})

const connect = (gateway: ConnectOptions['gateway'] = {}): Promise<ConnectionGateway> =>
  t.connect({
    gateway,
    provider: {
      auth: { mode: 'oauth2', authorizationUrl: '', tokenUrl: '', tokenAuth: 'body' } as never,
    },
    credential: {
      ...{ kind: 'oauth2', accessToken: 'access-0', refreshToken: 'refresh-0', scopes: [] },
      expiresAt: '2020-01-01T00:00:00.000Z',
    },
    integration: {
      tokenUrl: `${t.server.url}/token`,
      oauthClient: { clientId: 'client-1', clientSecret: 'client-secret-1' },
    },
  })

async function keptBy({ connection }: ConnectionGateway) {
  const stored = await getConnection(t.store.db, connection)
  if (stored === null) throw new Error('no connection')
  return { state: stored.state, ...decryptCredential(t.store, stored) }
}

test('a new token is kept though its receipt can not be written', async () => {
  const acme = await connect()
  await t.store.db.query(
    `create function refuse_receipt() returns trigger language plpgsql as $$
     begin raise exception 'no receipt'; end $$`,
  )
  await t.store.db.query(
    'create trigger refused before insert on plumb.receipts for each row execute function refuse_receipt()',
  )
  await expect(acme.request(requestOf('GET', 'x'))).rejects.toThrow('no receipt')
  await t.store.db.query('drop function refuse_receipt cascade')
  expect(await keptBy(acme)).toMatchObject({ state: 'ok', refreshToken: 'refresh-1' })
  answered(await acme.request(requestOf('GET', 'x')))
  expect(used).toEqual(['refresh-0'])
})

test('a new token waits for a database that is away', async () => {
  let away = 3
  const db: Database = {
    ...t.store.db,
    query: async (sql, params) => {
      if (/update plumb.connections set encrypted_credential/.test(sql) && away-- > 0) {
        throw new PlumbError({ code: 'database-unavailable', message: 'away', remedy: 'Wait.' })
      }
      return t.store.db.query(sql, params)
    },
  }
  const acme = await connect({ db })
  answered(await acme.request(requestOf('GET', 'x')))
  expect(await keptBy(acme)).toMatchObject({ state: 'ok', refreshToken: 'refresh-1' })
  expect(used).toEqual(['refresh-0'])
})

test('a token that a killed server has lost is told of, with what to do', async () => {
  const acme = await connect()
  let child: ChildProcess | undefined
  given = async () => {
    if (child === undefined) return
    child.kill('SIGKILL')
    await once(child, 'exit')
    child = undefined
  }
  child = await startRefreshing(acme)
  await once(child, 'exit')
  expect(await keptBy(acme)).toMatchObject({ state: 'refreshing', refreshToken: 'refresh-0' })

  const answer = await acme.request(requestOf('GET', 'x'))
  const { integrationKey } = acme.connection
  expect(answer).toMatchObject({
    kind: 'access-lost',
    cause: {
      message: expect.stringMatching(
        /invalid_grant\. The renewal before was interrupted: a server/,
      ),
      remedy: `Reconnect connection "account" of "${integrationKey}".`,
    },
  })
  expect(await getConnectionDetails(t.store.db, acme.connection)).toMatchObject({
    state: 'needs-reconnect',
    error: { code: 'invalid_grant', message: expect.stringContaining('was interrupted') },
  })
  expect(used).toEqual(['refresh-0', 'refresh-0'])
})

async function startRefreshing(acme: ConnectionGateway): Promise<ChildProcess> {
  const job: Job = {
    databaseUrl: await databaseUrlOf(t.store.db),
    keysDirectory: t.keysDirectory,
    integrationKey: acme.connection.integrationKey,
    provider: acme.provider,
  }
  const child = await startTypeScript(new URL('./testing/refreshing-process.ts', import.meta.url))
  child.stdin.end(JSON.stringify(job))
  return child
}
