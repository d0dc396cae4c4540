import { afterAll, beforeAll, expect, test } from 'vitest'
import { providerSchema } from '@plumb/protocol'
import type { Credential, Integration, PlumbError, Provider } from '@plumb/protocol'
import { getConnection, getIntegration } from '@plumb/store'
import { openTestGateway } from '../gateway/testing/open-test-gateway.js'
import type { TestGateway } from '../gateway/testing/open-test-gateway.js'
import { addConnection, decryptCredential, readConnection, readConnections } from './connections.js'
import { addIntegration, providerOf, readIntegration, readIntegrations } from './integrations.js'
import type { ConnectionStore } from './integrations.js'

let t: TestGateway
const dev = { environment: 'dev' }
let store: ConnectionStore

const now = '2026-01-01T00:00:00.000Z'
const bearer: Credential = { kind: 'bearer', token: 'tok-secret-4711' }

beforeAll(async () => {
  t = await openTestGateway()
  const provider = providerSchema.parse({
    name: 'acme',
    displayName: 'Acme',
    auth: { mode: 'basic' },
    proxy: { baseUrl: 'https://${connectionConfig.subdomain}.acme.example' },
  })
  const plain = providerSchema.parse({
    name: 'plain',
    displayName: 'Plain',
    auth: { mode: 'bearer' },
    proxy: { baseUrl: 'https://plain.example' },
  })
  const providers = new Map(
    [provider, plain].map((entry) => [
      entry.name,
      { provider: entry, path: '', apiDescription: null },
    ]),
  )
  store = { ...t.store, providers }
  await addIntegration(store, { integrationKey: 'plain', provider: 'plain' })
  await addIntegration(store, { integrationKey: 'acme', provider: 'acme' })
})
afterAll(() => t.close())

const add = (o: object = {}) =>
  addConnection(store, {
    integrationKey: 'plain',
    connectionId: 'a',
    credential: bearer,
    now,
    ...o,
  })

test('a connection is stored with its secret encrypted and is read without it', async () => {
  const added = await add({ metadata: { team: 7 } })
  const name = { environment: 'dev', integrationKey: 'plain', connectionId: 'a' }
  expect(added).toEqual({
    ...name,
    provider: 'plain',
    state: 'ok',
    connectionConfig: {},
    metadata: { team: 7 },
    createdAt: now,
    updatedAt: now,
  })
  expect(await readConnection(store, name)).toEqual(added)
  expect(await readConnections(store)).toContainEqual(added)
  const stored = await getConnection(store.db, name)
  if (stored === null) throw new Error('not stored')
  expect(JSON.stringify(stored)).not.toContain('tok-secret')
  expect(decryptCredential(store, stored)).toEqual(bearer)
})

test('nothing of one environment is seen, or opens, in another', async () => {
  await store.db.query(`insert into plumb.environments (name) values ('prod')`)
  const prod = { ...store, environment: 'prod' }
  const name = { integrationKey: 'plain', connectionId: 'walled' }
  await add({ connectionId: 'walled' })
  await expect(readConnection(prod, name)).rejects.toThrow('"walled"')
  await expect(addConnection(prod, { ...name, credential: bearer, now })).rejects.toThrow(
    'There is no integration "plain"',
  )
  await addIntegration(prod, { integrationKey: 'plain', provider: 'plain' })
  await addConnection(prod, { ...name, credential: bearer, now })
  const stored = await getConnection(store.db, { ...name, environment: 'prod' })
  if (stored === null) throw new Error('not stored')
  expect(() => decryptCredential(store, { ...stored, ...dev })).toThrow('changed')
  expect(decryptCredential(prod, stored)).toEqual(bearer)
  expect(await readConnections(prod)).toHaveLength(1)
})

test('an encrypted credential that is moved to another connection does not open', async () => {
  await add({ connectionId: 'mine' })
  await add({ connectionId: 'theirs' })
  const mine = await getConnection(store.db, {
    ...dev,
    integrationKey: 'plain',
    connectionId: 'mine',
  })
  if (mine === null) throw new Error('not stored')
  expect(() => decryptCredential(store, { ...mine, connectionId: 'theirs' })).toThrow(
    'plain/theirs',
  )
})

test('reconnecting replaces the credential and raises its version', async () => {
  await add({ connectionId: 'again' })
  await add({ connectionId: 'again', credential: { kind: 'bearer', token: 'second' } })
  const stored = await getConnection(store.db, {
    ...dev,
    integrationKey: 'plain',
    connectionId: 'again',
  })
  expect(stored?.credentialVersion).toBe(2)
})

test.each([
  [{ connectionId: '' }, 'The connection id is ""'],
  [{ connectionId: 'a/b' }, 'The connection id is "a/b"'],
  [{ credential: { kind: 'bearer', token: '' } }, '"token"'],
  [{ credential: { kind: 'magic' } }, '"kind"'],
  [{ integrationKey: 'nope' }, 'There is no integration "nope"'],
  [{ integrationKey: 'acme', connectionConfig: { subdomain: 'x' } }, 'takes "basic"'],
])('a wrong connection is refused by what is wrong with it (case %#)', async (o, words) => {
  await expect(add(o)).rejects.toThrow(words)
})

test.each([
  ['', 'has no "subdomain"'],
  ['evil.example/', '"evil.example/"'],
  ['a@evil.example', '"a@evil.example"'],
  ['x:y@h#', '"x:y@h#"'],
  ['..', '".."'],
])('the value "%s" does not get into the host of a base URL', async (subdomain, words) => {
  const credential: Credential = { kind: 'basic', username: 'a', password: 'b' }
  const o = {
    integrationKey: 'acme',
    connectionId: 's',
    credential,
    connectionConfig: { subdomain },
  }
  await expect(add(o)).rejects.toThrow(words)
})

test('a message about a wrong credential does not repeat its secret', async () => {
  const credential = { kind: 'bearer', token: 'tok-secret-4711', extra: 'other-secret' }
  const error = await add({ credential }).catch((thrown: unknown) => String(thrown))
  expect(error).toContain('extra')
  expect(error).not.toContain('secret-4711')
  expect(error).not.toContain('other-secret')
})

test('the client secret of an integration is stored encrypted and listed not at all', async () => {
  const integration: Integration = {
    integrationKey: 'with-client',
    provider: 'plain',
    oauthClient: { clientId: 'id', clientSecret: 'very-secret-client' },
  }
  await addIntegration(store, integration)
  expect(JSON.stringify(await getIntegration(store.db, 'dev', 'with-client'))).not.toContain(
    'very-secret',
  )
  expect(await readIntegration(store, 'with-client')).toEqual(integration)
  const listed = await readIntegrations(store)
  expect(listed).toContainEqual({ integrationKey: 'with-client', provider: 'plain' })
})

test.each([
  [{ integrationKey: 'Bad Key' }, '"integrationKey" is "Bad Key"'],
  [{ provider: 'nope' }, 'There is no provider "nope"'],
  [{ baseUrl: 'ftp://x' }, '"ftp://x"'],
  [{ baseUrl: 'not a url' }, '"not a url"'],
  [{ baseUrl: 'https://x.example/v1?key=1' }, '"https://x.example/v1?key=1"'],
  [{ baseUrl: 'https://user:pw@x' }, 'base URL of the integration is not usable'],
  [{ tokenUrl: '/token' }, '"/token"'],
])('a wrong integration is refused by what is wrong with it (case %#)', async (o, words) => {
  await expect(
    addIntegration(store, { integrationKey: 'x', provider: 'plain', ...o }),
  ).rejects.toThrow(words)
})

test('a name that is no connection is not repeated whole, however long it is', async () => {
  const connectionId = 'x'.repeat(5_000_000)
  const error = await readConnection(store, { integrationKey: 'plain', connectionId }).catch(
    (thrown: PlumbError) => thrown,
  )
  expect(error).toMatchObject({ code: 'connection-unknown' })
  expect(`${(error as PlumbError).message} ${(error as PlumbError).remedy}`.length).toBeLessThan(
    2000,
  )
})

test('an unknown provider is told with the nearest there are', async () => {
  await expect(
    addIntegration(store, { integrationKey: 'x', provider: 'plan' }),
  ).rejects.toMatchObject({
    code: 'provider-unknown',
    remedy: expect.stringContaining('Nearest are "plain", "acme". `plumb providers` lists'),
  })
})

test('of many providers three are named: those whose names hold what was meant go first', () => {
  const names = ['github', 'gitlab', 'google-mail', 'slack', 'google-calendar', 'stripe']
  const entry = { provider: {} as Provider, path: '', apiDescription: null }
  const providers = new Map(names.map((name) => [name, entry]))
  const remedyOf = (name: string) => {
    try {
      return providerOf(providers, name)
    } catch (error) {
      return (error as PlumbError).remedy
    }
  }
  expect(remedyOf('gihtub')).toContain('Nearest are "github", "gitlab", ')
  expect(remedyOf('google')).toContain('Nearest are "google-calendar", "google-mail", ')
  for (const name of ['gihtub', 'google']) expect(remedyOf(name)).not.toContain('stripe')
  expect(providers.get('slack')?.provider).toBe(providerOf(providers, 'slack'))
})
