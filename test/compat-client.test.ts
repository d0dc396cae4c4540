import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { installClient } from './install-client.js'
import type { ServedProject } from './serve-project.js'
import { serveProject } from './serve-project.js'

// The client that existing products use is installed from the registry, once per machine; without one there is
// nothing to run.
const client = await installClient('0.71.10')
// Asks for connections under other paths.
const older = await installClient('0.66.2')
if (client === null) console.warn('Skipped: the registry with @nangohq/node cannot be reached.')

let project: ServedProject

beforeAll(async () => {
  if (client !== null) project = await serveProject()
})

afterAll(() => project?.close())

/** As its users call it; its own types are not at hand. */
type Client = Record<string, (...args: unknown[]) => Promise<unknown>>

async function open(published = client, secretKey = project.secretKey): Promise<Client> {
  const { Nango } = (await import(published ?? '')) as {
    Nango: new (options: { host: string; secretKey: string }) => Client
  }
  return new Nango({ host: project.served.url, secretKey })
}

/** Status and code of a refusal, as a program finds them that catches what the client throws. */
async function refusalOf(call: Promise<unknown> | undefined): Promise<unknown> {
  const thrown = (await call?.then(
    () => null,
    (error: unknown) => error,
  )) as { response?: { status: number; data: { error: { code: string } } } } | null
  return [thrown?.response?.status, thrown?.response?.data.error.code]
}

describe.skipIf(client === null)('the client of products that exist', () => {
  test('lists, gets, labels and deletes connections', async () => {
    const nango = await open()
    const list = await nango['listConnections']?.({})
    expect(list).toMatchObject({
      connections: [
        { connection_id: 'customer-1', provider_config_key: 'acme', provider: 'acme', errors: [] },
      ],
    })
    const one = await nango['getConnection']?.('acme', 'customer-1')
    expect(one).toMatchObject({
      connection_id: 'customer-1',
      provider_config_key: 'acme',
      credentials: { type: 'API_KEY' },
    })
    await nango['setMetadata']?.('acme', 'customer-1', { plan: 'free', seats: 3 })
    await nango['updateMetadata']?.('acme', 'customer-1', { plan: 'pro' })
    expect(await nango['getMetadata']?.('acme', 'customer-1')).toEqual({ plan: 'pro', seats: 3 })
    await project.plumb('connections', 'add', 'acme', 'gone', '--token-env', 'ACME_TOKEN')
    await nango['deleteConnection']?.('acme', 'gone')
    const missing = nango['getConnection']?.('acme', 'gone')
    await expect(missing).rejects.toMatchObject({ response: { status: 404 } })
  })

  test.runIf(older)('has older versions, which find everything too', async () => {
    const nango = await open(older)
    await nango['setMetadata']?.('acme', 'customer-1', { plan: 'old' })
    await nango['updateMetadata']?.('acme', ['customer-1'], { seats: 1 })
    const expected = { plan: 'old', seats: 1 }
    expect(await nango['getMetadata']?.('acme', 'customer-1')).toEqual(expected)
    expect(await nango['listConnections']?.('customer-1')).toMatchObject({
      connections: [{ connection_id: 'customer-1', metadata: expected }],
    })
    const missing = nango['deleteConnection']?.('acme', 'nobody')
    expect(await refusalOf(missing)).toEqual([404, 'connection-unknown'])
  })

  test('finds accounts by whose they are', async () => {
    const nango = await open()
    await nango['patchConnection']?.(
      { connectionId: 'customer-1', provider_config_key: 'acme' },
      { end_user: { id: 'user-7', email: 'seven@example.com' }, tags: { team: 'red' } },
    )
    const found = { connection_id: 'customer-1', end_user: { id: 'user-7' }, tags: { team: 'red' } }
    const of = async (filter: object) => nango['listConnections']?.(filter)
    for (const filter of [
      { userId: 'user-7', integrationId: ['acme', 'other'], limit: 5 },
      { tags: { Team: 'red' } },
      { tags: { email: 'seven@example.com', end_user_id: 'user-7' } },
    ]) {
      expect(await of(filter)).toMatchObject({ connections: [found] })
    }
    expect(await of({ tags: { team: 'blue' } })).toMatchObject({ connections: [] })
    expect(await nango['waitForConnection']?.('acme', 'user-7')).toMatchObject(found)
    expect(await nango['getToken']?.('acme', 'customer-1')).toEqual({
      ...{ type: 'API_KEY', apiKey: 'tok-secret-1' },
    })
  })

  test('describes functions, and reads variables', async () => {
    const nango = await open()
    const functions = [{ name: 'say', input: 'say-input', returns: ['say-output'] }]
    expect(await nango['getScriptsConfig']?.()).toMatchObject([
      {
        ...{ providerConfigKey: 'acme', provider: 'acme', actions: functions },
        syncs: [{ name: 'items', runs: 'every hour', auto_start: false, returns: ['Item'] }],
      },
    ])
    expect(await nango['getScriptsConfig']?.('openai')).toMatchObject({
      data: [{ name: 'say', parameters: { properties: { text: { type: 'string' } } } }],
    })
    expect(
      await nango['listFunctions']?.({ uniqueKey: 'acme' }, { type: 'sync', limit: 1 }),
    ).toMatchObject({ data: [{ name: 'items' }], pagination: { total: 1, page: 0, limit: 1 } })
    await project.plumb('variables', 'set', 'REGION', 'eu-1')
    expect(await nango['getEnvironmentVariables']?.()).toEqual([{ name: 'REGION', value: 'eu-1' }])
  })

  test('makes, changes and deletes integrations', async () => {
    const nango = await open()
    const credentials = { type: 'OAUTH2', client_id: 'id', client_secret: 'hush', scopes: 'a,b' }
    const made = { provider: 'github', unique_key: 'git_Hub.2', credentials }
    expect(await nango['createIntegration']?.(made)).toMatchObject({
      data: { unique_key: 'git_Hub.2', provider: 'github' },
    })
    const again = await refusalOf(nango['createIntegration']?.(made))
    expect(again).toEqual([409, 'integration-exists'])
    const one = { uniqueKey: 'git_Hub.2' }
    await nango['updateIntegration']?.(one, { display_name: 'Code', unique_key: 'code' })
    const shown = await nango['getIntegration']?.(
      { uniqueKey: 'code' },
      { include: ['credentials'] },
    )
    expect(shown).toMatchObject({ data: { display_name: 'Code', credentials } })
    await nango['deleteIntegration']?.('code')
    const gone = await refusalOf(nango['getIntegration']?.({ uniqueKey: 'code' }))
    expect(gone).toEqual([404, 'connection-unknown'])
    expect(await nango['getProvider']?.({ provider: 'github' })).toMatchObject({
      data: { name: 'github', auth_mode: 'OAUTH2' },
    })
  })

  test('is told what is wrong, with a status and a code', async () => {
    const nango = await open()
    const records = { providerConfigKey: 'acme', connectionId: 'customer-1', model: 'Item' }
    const stranger = await open(client, 'plumb_sk_wrong')
    const refused: readonly (readonly [Promise<unknown> | undefined, number, string])[] = [
      [stranger['listConnections']?.({}), 401, 'unauthorized'],
      [nango['getMetadata']?.('acme', 'nobody'), 404, 'connection-unknown'],
      [nango['setMetadata']?.('acme', ['customer-1', 'nobody'], {}), 404, 'connection-unknown'],
      [nango['listRecords']?.({ ...records, cursor: 'bad' }), 400, 'request-invalid'],
      [nango['listRecords']?.({ ...records, filter: 'lost' }), 400, 'input-invalid'],
      [nango['listRecords']?.({ ...records, connectionId: 'x' }), 404, 'connection-unknown'],
      [nango['triggerSync']?.('acme', ['lost'], 'customer-1'), 404, 'sync-unknown'],
      [nango['triggerSync']?.('lost'), 404, 'connection-unknown'],
      [nango['syncStatus']?.('acme', '*', 'nobody'), 404, 'connection-unknown'],
      [nango['triggerAction']?.('acme', 'customer-1', 'lost', {}), 404, 'function-not-found'],
      [nango['triggerActionAsync']?.('acme', 'nobody', 'say', {}), 404, 'connection-unknown'],
      [nango['getAsyncActionResult']?.({ id: 'lost' }), 404, 'action-unknown'],
      [nango['createQuickstartIntegration']?.({ provider: 'x' }), 405, 'method-unknown'],
      [nango['getProviderTemplates']?.({ provider: 'github' }), 404, 'route-unknown'],
    ]
    const told = refused.map(async ([call, status, code]) =>
      expect(await refusalOf(call)).toEqual([status, code]),
    )
    await Promise.all(told)
  })

  test('sends forms and bytes as they are, and tries again when told to', async () => {
    const nango = await open()
    const call = { providerConfigKey: 'acme', connectionId: 'customer-1', endpoint: '/echo' }
    const sent = async (more: object) =>
      ((await nango['post']?.({ ...call, ...more })) as { data: { body: string } }).data.body
    expect(await sent({ data: new URLSearchParams({ a: 'b c' }) })).toBe('a=b+c')
    const headers = { 'Content-Type': 'text/xml' }
    expect(await sent({ data: Buffer.from('<a>é</a>'), headers })).toBe('<a>é</a>')
    expect(await sent({})).toBe('')
    const before = project.provider.seen.length
    const refused = nango['get']?.({ ...call, endpoint: '/nowhere', retries: 2, retryOn: [404] })
    await expect(refused).rejects.toMatchObject({ response: { status: 404 } })
    expect(project.provider.seen.length - before).toBe(3)
    const elsewhere = nango['get']?.({ ...call, baseUrlOverride: 'https://other.example' })
    expect(await refusalOf(elsewhere)).toEqual([400, 'host-not-allowed'])
  })

  test('gives a sync a variant and a connection its own frequency', async () => {
    const nango = await open()
    const eu = { name: 'items', variant: 'eu' }
    const owner = { provider_config_key: 'acme', connection_id: 'customer-1' }
    expect(await nango['createSyncVariant']?.({ ...owner, ...eu })).toMatchObject(eu)
    const status = () => nango['syncStatus']?.('acme', [eu], 'customer-1')
    await nango['pauseSync']?.('acme', [eu], 'customer-1')
    const every = (frequency: string | null) =>
      nango['updateSyncConnectionFrequency']?.('acme', eu, 'customer-1', frequency)
    expect(await every('every 5m')).toEqual({ frequency: 'every 5m' })
    expect(await status()).toMatchObject({
      syncs: [{ name: 'items', variant: 'eu', status: 'PAUSED', frequency: 'every 5m' }],
    })
    expect(await every(null)).toEqual({ frequency: 'every hour' })
    expect(await refusalOf(every('now and then'))).toEqual([400, 'sync-invalid'])
    expect(await nango['deleteSyncVariant']?.({ ...owner, ...eu })).toEqual({ success: true })
    expect(await refusalOf(status())).toEqual([404, 'sync-unknown'])
  })

  test('lists integrations and opens connect sessions', async () => {
    const nango = await open()
    expect(await nango['listIntegrations']?.()).toMatchObject({
      configs: [{ unique_key: 'acme', provider: 'acme' }],
    })
    expect(
      await nango['createConnectSession']?.({
        end_user: { id: 'user-1', email: 'user@example.com' },
        allowed_integrations: ['acme'],
      }),
    ).toMatchObject({ data: { token: expect.any(String), expires_at: expect.any(String) } })
    expect(
      await nango['createReconnectSession']?.({
        connection_id: 'customer-1',
        integration_id: 'acme',
        end_user: { id: 'user-1' },
      }),
    ).toMatchObject({ data: { token: expect.any(String) } })
  })

  test.each(['get', 'post', 'put', 'patch', 'delete'])(
    'calls the provider with %s',
    async (verb) => {
      const nango = await open()
      const data = verb === 'get' ? undefined : { said: 'hello' }
      const answer = (await nango[verb]?.({
        ...{ endpoint: '/echo', providerConfigKey: 'acme', connectionId: 'customer-1' },
        ...{ params: { q: 'a b' }, ...(data && { data }) },
      })) as { status: number; data: { method: string; url: string; body: string } }
      expect(answer.status).toBe(200)
      expect(answer.data.method).toBe(verb.toUpperCase())
      expect(answer.data.url).toMatch(/^\/echo\?q=a(\+|%20)b$/)
      if (data) expect(JSON.parse(answer.data.body)).toEqual(data)
      expect(project.provider.seen.at(-1)?.authorization).toBe('Bearer tok-secret-1')
    },
  )

  test('streams an answer, and passes on what the provider refuses', async () => {
    const nango = await open()
    const call = { providerConfigKey: 'acme', connectionId: 'customer-1' }
    const answer = (await nango['proxy']?.({
      ...{ ...call, method: 'GET', endpoint: '/stream', responseType: 'stream' },
    })) as { data: AsyncIterable<Buffer> }
    const parts: Buffer[] = []
    for await (const part of answer.data) parts.push(part)
    expect(Buffer.concat(parts).toString()).toBe('first second')
    const refused = nango['get']?.({ ...call, endpoint: '/nowhere' })
    await expect(refused).rejects.toMatchObject({
      response: { status: 404, data: { error: 'no /nowhere' } },
    })
  })

  test('triggers actions, at once and for later', async () => {
    const nango = await open()
    const output = await nango['triggerAction']?.('acme', 'customer-1', 'say', { text: 'hi' })
    expect(output).toEqual({ heard: '{"text":"hi"}' })
    const wrong = nango['triggerAction']?.('acme', 'customer-1', 'say', { text: 5 })
    await expect(wrong).rejects.toMatchObject({ response: { status: 400 } })
    const taken = (await nango['triggerActionAsync']?.('acme', 'customer-1', 'say', {
      text: 'later',
    })) as { id: string; statusUrl: string }
    expect(taken.statusUrl).toContain(taken.id)
    await expect
      .poll(() => nango['getAsyncActionResult']?.(taken).catch(() => null))
      .toEqual({ heard: '{"text":"later"}' })
  })

  test('starts, pauses, triggers and asks about syncs, and reads records', async () => {
    const nango = await open()
    const statusOf = async () =>
      (
        (await nango['syncStatus']?.('acme', ['items'], 'customer-1')) as {
          syncs: { status: string; name: string; latestResult?: unknown }[]
        }
      ).syncs[0]
    await nango['startSync']?.('acme', ['items'], 'customer-1')
    const countOf = async () => (await listed(nango, {})).records.length
    await expect.poll(countOf).toBe(3)
    await expect.poll(async () => (await statusOf())?.status).toBe('SUCCESS')
    const first = await listed(nango, {})
    expect(first.records.map(({ name }) => name)).toEqual(['item 1', 'item 2', 'item 3'])
    expect(first.records[0]?._nango_metadata).toMatchObject({ last_action: 'ADDED' })

    project.provider.items = [...project.provider.items.slice(1), { id: 'i4', name: 'item 4' }]
    const before = new Date().toISOString()
    await nango['triggerSync']?.('acme', ['items'], 'customer-1', 'incremental')
    const cursor = first.records.at(-1)?._nango_metadata.cursor
    await expect.poll(async () => (await listed(nango, { cursor })).records.length).toBe(2)
    const changes = await listed(nango, { cursor })
    expect(changes.records.map(({ id }) => id).sort()).toEqual(['i1', 'i4'])
    const since = await listed(nango, { modifiedAfter: before })
    expect(since.records.map(({ id }) => id).sort()).toEqual(['i1', 'i4'])
    const limited = await listed(nango, { limit: 1 })
    expect(limited.next_cursor).toEqual(expect.any(String))

    const named = await listed(nango, { ids: ['i2', 'i4'], filter: 'added' })
    expect(named.records.map(({ id }) => id)).toEqual(['i2', 'i4'])
    const of = { providerConfigKey: 'acme', connectionId: 'customer-1', model: 'Item' }
    const prune = { ...of, untilCursor: named.records[0]?._nango_metadata.cursor }
    expect(await nango['pruneRecords']?.(prune)).toEqual({ count: 1, has_more: false })
    const pruned = await listed(nango, { ids: ['i2'] })
    expect(pruned.records[0]).toMatchObject({
      id: 'i2',
      _nango_metadata: { cursor: expect.any(String) },
    })
    expect(pruned.records[0]).not.toHaveProperty('name')

    await nango['pauseSync']?.('acme', ['items'], 'customer-1')
    expect((await statusOf())?.status).toBe('PAUSED')
  })
})

type Listed = {
  readonly records: readonly {
    readonly id: string
    readonly name: string
    readonly _nango_metadata: { readonly cursor: string; readonly last_action: string }
  }[]
  readonly next_cursor: string | null
}

async function listed(nango: Client, more: object): Promise<Listed> {
  const of = { providerConfigKey: 'acme', connectionId: 'customer-1', model: 'Item' }
  return (await nango['listRecords']?.({ ...of, ...more })) as Listed
}
