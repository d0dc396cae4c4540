import { apiContracts } from '@plumb/protocol'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startServer } from '../dryrun/testing/open-project-folder.js'
import type { TestServer } from '../dryrun/testing/open-project-folder.js'
import type { OperationContext } from '../operations/operation.js'
import { readSettings } from '../settings/read-settings.js'
import { contractOperation } from './contract-operation.js'

const list = contractOperation(apiContracts.variables.list)
let server: TestServer
let other: TestServer

beforeAll(async () => {
  server = await startServer()
  other = await startServer()
  for (const { answers } of [server, other])
    answers.set('GET /variables', { body: { variables: [] } })
})
afterAll(() => Promise.all([server, other].map((one) => one.close())))

function contextOf(secretKey: string | null): OperationContext {
  const environment = { PLUMB_URL: server.url }
  const { values: settings } = readSettings({ environment })
  const config = { environment, settings, secretKey, home: '/nowhere', directory: '/nowhere' }
  return {
    config: { ...config, databaseUrl: null, environmentName: 'dev' },
    signal: AbortSignal.timeout(60_000),
    progress: () => undefined,
  }
}

test('the server of the settings is asked, unless another one is named', async () => {
  expect(await list.run({}, contextOf('sk_1'))).toEqual({ variables: [] })
  expect(server.seen.at(-1)).toMatchObject({ headers: { authorization: 'Bearer sk_1' } })
  await list.run({ remote: other.url }, contextOf('sk_2'))
  expect(other.seen).toHaveLength(1)
  expect(server.seen).toHaveLength(1)
})

test.each(['', 'plumb', 'file:///etc/passwd'])('no server is at %j', async (remote) => {
  await expect(list.run({ remote }, contextOf('sk_1'))).rejects.toMatchObject({
    code: 'usage',
    message: expect.stringContaining(`--remote is ${JSON.stringify(remote)}`),
  })
})

test('a server without a key is not asked', async () => {
  await expect(list.run({}, contextOf(null))).rejects.toMatchObject({
    code: 'usage',
    message: expect.stringContaining(server.url),
    remedy: expect.stringContaining('PLUMB_SECRET_KEY'),
  })
})

test.each([
  ['issues', ['issues']],
  ['issues, pulls::eu', ['issues', 'pulls::eu']],
  ['["issues"]', ['issues']],
])('syncs are named as they are, or as JSON: %s', async (syncs, sent) => {
  server.answers.set('POST /sync/start', { body: { success: true } })
  const start = contractOperation(apiContracts.syncs.start)
  await start.run({ integrationKey: 'acme', syncs }, contextOf('sk_1'))
  expect(JSON.parse(server.seen.at(-1)?.body ?? '')).toMatchObject({ syncs: sent })
})

test('metadata is for one account or for several, named as they are', async () => {
  const shown = { provider_config_key: 'acme', metadata: {} }
  server.answers.set('POST /connections/metadata', {
    ...{ status: 201, body: { ...shown, connection_id: 'x' } },
  })
  const set = contractOperation(apiContracts.connections.setMetadata)
  const connectionsOf = async (connectionId: string) => {
    const given = { integrationKey: 'acme', connectionId, metadata: '{"a":1}' }
    await set.run(given, contextOf('sk_1'))
    return (JSON.parse(server.seen.at(-1)?.body ?? '') as { connection_id: unknown }).connection_id
  }
  expect(await connectionsOf('customer-1')).toBe('customer-1')
  expect(await connectionsOf('42')).toBe('42')
  expect(await connectionsOf('a,b')).toEqual(['a', 'b'])
  expect(await connectionsOf('"a,b"')).toBe('a,b')
  const wrong = { integrationKey: 'acme', connectionId: 'a', metadata: 'plan' }
  await expect(set.run(wrong, contextOf('sk_1'))).rejects.toMatchObject({
    message: 'What is given for --metadata is no JSON.',
  })
})
