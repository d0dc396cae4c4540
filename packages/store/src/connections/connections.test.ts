import { afterAll, beforeAll, expect, test } from 'vitest'
import { listResources, markResourceDeleted, recordResource } from '../ledger/account-ledger.js'
import { openTestDatabase, type TestDatabase } from '../testing/index.js'
import {
  getConnection,
  listConnections,
  replaceCredential,
  saveConnection,
  setConnectionMetadata,
  setConnectionState,
  type StoredConnection,
} from './connections.js'
import { getIntegration, listIntegrations, saveIntegration } from './integrations.js'

let db: TestDatabase
const at = '2026-01-01T00:00:00.000Z'
const environment = 'dev'
const name = { environment, integrationKey: 'github', connectionId: 'c1' }
const connection: StoredConnection = {
  ...name,
  provider: 'github',
  state: 'ok',
  connectionConfig: { subdomain: 'x' },
  metadata: { nested: { list: [1, null] } },
  createdAt: at,
  updatedAt: at,
  encryptedCredential: 'secret-1',
  credentialVersion: 1,
}

beforeAll(async () => {
  db = await openTestDatabase()
  await saveIntegration(db, environment, { integrationKey: 'github', provider: 'github' })
})
afterAll(() => db.close())

test('an integration is replaced under its key', async () => {
  const changed = { integrationKey: 'github', provider: 'github', baseUrl: 'http://127.0.0.1:1' }
  await saveIntegration(db, environment, changed)
  expect(await listIntegrations(db, environment)).toEqual([changed])
  expect(await getIntegration(db, environment, 'github')).toEqual(changed)
  expect(await getIntegration(db, environment, 'slack')).toBeNull()
})

test('a connection comes back whole; saved again it fences a replacement that began before', async () => {
  expect(await saveConnection(db, connection)).toEqual(connection)
  expect(await getConnection(db, name)).toEqual(connection)
  expect(await getConnection(db, { ...name, connectionId: 'c2' })).toBeNull()
  const again = await saveConnection(db, {
    ...connection,
    createdAt: '2026-02-01T00:00:00.000Z',
    encryptedCredential: 'secret-2',
  })
  expect(again).toMatchObject({ createdAt: at, credentialVersion: 2 })
  const late = { ...name, expectedVersion: 1, encryptedCredential: 'stale' }
  expect(await replaceCredential(db, late)).toBe(false)
  expect((await getConnection(db, name))?.encryptedCredential).toBe('secret-2')
})

test('of replacements at once exactly one wins', async () => {
  const expectedVersion = (await getConnection(db, name))?.credentialVersion ?? 0
  const results = await Promise.all(
    ['a', 'b', 'c', 'd'].map((encryptedCredential) =>
      replaceCredential(db, { ...name, expectedVersion, encryptedCredential }),
    ),
  )
  expect(results.filter(Boolean)).toHaveLength(1)
  expect((await getConnection(db, name))?.credentialVersion).toBe(expectedVersion + 1)
})

test('state and metadata change alone, and only of connections that exist', async () => {
  await setConnectionState(db, { ...name, state: 'needs-reconnect' })
  await setConnectionMetadata(db, { ...name, metadata: { a: 1 } })
  expect(await getConnection(db, name)).toMatchObject({
    state: 'needs-reconnect',
    metadata: { a: 1 },
  })
  expect(await listConnections(db, { environment, integrationKey: 'slack' })).toEqual([])
  expect(await listConnections(db, { environment })).toHaveLength(1)
  const other = { environment, integrationKey: 'github', connectionId: 'c9' }
  const unknown = { code: 'connection-unknown', message: expect.stringContaining('"c9"') }
  await expect(setConnectionState(db, { ...other, state: 'ok' })).rejects.toMatchObject(unknown)
  await expect(setConnectionMetadata(db, { ...other, metadata: {} })).rejects.toMatchObject(unknown)
})

test('the same names in another environment are another integration and another connection', async () => {
  await db.query(`insert into plumb.environments (name) values ('prod')`)
  const prod = { environment: 'prod' }
  await expect(saveConnection(db, { ...connection, ...prod })).rejects.toThrow(/foreign key/)
  await saveIntegration(db, 'prod', { integrationKey: 'github', provider: 'github' })
  await saveConnection(db, { ...connection, ...prod, encryptedCredential: 'secret-prod' })
  await setConnectionState(db, { ...name, ...prod, state: 'revoked' })
  await setConnectionMetadata(db, { ...name, ...prod, metadata: {} })
  const late = { ...name, ...prod, expectedVersion: 1, encryptedCredential: 'next-prod' }
  expect(await replaceCredential(db, late)).toBe(true)
  const own = await getConnection(db, name)
  expect([own?.state, own?.metadata]).toEqual(['needs-reconnect', { a: 1 }])
  expect(own?.encryptedCredential).not.toContain('prod')
  expect(await listConnections(db, prod)).toMatchObject([{ ...prod, state: 'revoked' }])
})

test('the ledger closes an entry once, and only in its own account', async () => {
  const account = { integrationKey: 'github', connectionId: 'c1' }
  const entry = {
    connection: account,
    attemptId: 'a1',
    receiptId: 'r1',
    url: 'https://api.test/issues/1',
    resourceId: '1',
    createdAt: at,
  }
  await recordResource(db, entry)
  await recordResource(db, { ...entry, attemptId: null, url: 'https://api.test/issues/2' })
  const gone = { connection: account, url: entry.url, deletedAt: '2026-01-01T00:00:01.000Z' }
  const elsewhere = { ...account, connectionId: 'c2' }
  expect(await markResourceDeleted(db, { ...gone, connection: elsewhere })).toBe(0)
  expect(await markResourceDeleted(db, gone)).toBe(1)
  expect(await markResourceDeleted(db, gone)).toBe(0)
  expect(await listResources(db, { attemptId: 'a1' })).toEqual([
    { ...entry, deletedAt: gone.deletedAt },
  ])
  expect(await listResources(db, { connection: account })).toHaveLength(2)
})
