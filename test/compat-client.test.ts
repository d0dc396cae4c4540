import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ServedProject } from './serve-project.js'
import { serveProject } from './serve-project.js'

// The client that existing products use is installed from the registry, once per machine; without one there is
// nothing to run.
const client = await installClient('0.71.10')
if (client === null) console.warn('Skipped: the registry with @nangohq/node cannot be reached.')

let project: ServedProject

beforeAll(async () => {
  if (client !== null) project = await serveProject()
}, 120_000)

afterAll(() => project?.close())

/** As its users call it; its own types are not at hand. */
type Client = Record<string, (...args: unknown[]) => Promise<unknown>>

async function open(): Promise<Client> {
  const { Nango } = (await import(client ?? '')) as {
    Nango: new (options: { host: string; secretKey: string }) => Client
  }
  return new Nango({ host: project.served.url, secretKey: project.secretKey })
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
      .poll(() => nango['getAsyncActionResult']?.(taken).catch(() => null), { timeout: 20_000 })
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
    await expect.poll(countOf, { timeout: 20_000 }).toBe(3)
    await expect.poll(async () => (await statusOf())?.status, { timeout: 20_000 }).toBe('SUCCESS')
    const first = await listed(nango, {})
    expect(first.records.map(({ name }) => name)).toEqual(['item 1', 'item 2', 'item 3'])
    expect(first.records[0]?._nango_metadata).toMatchObject({ last_action: 'ADDED' })

    project.provider.items = [...project.provider.items.slice(1), { id: 'i4', name: 'item 4' }]
    const before = new Date().toISOString()
    await nango['triggerSync']?.('acme', ['items'], 'customer-1', 'incremental')
    const cursor = first.records.at(-1)?._nango_metadata.cursor
    await expect
      .poll(async () => (await listed(nango, { cursor })).records.length, { timeout: 20_000 })
      .toBe(2)
    const changes = await listed(nango, { cursor })
    expect(changes.records.map(({ id }) => id).sort()).toEqual(['i1', 'i4'])
    const since = await listed(nango, { modifiedAfter: before })
    expect(since.records.map(({ id }) => id).sort()).toEqual(['i1', 'i4'])
    const limited = await listed(nango, { limit: 1 })
    expect(limited.next_cursor).toEqual(expect.any(String))

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

/** The address of the client's entry; null where no registry answers. */
async function installClient(version: string): Promise<string | null> {
  const place = join(tmpdir(), `plumb-compat-client-${version}-${userInfo().uid}`)
  const entry = join(place, 'node_modules/@nangohq/node/dist/index.js')
  if (!existsSync(entry)) {
    await mkdir(place, { recursive: true })
    await writeFile(join(place, 'package.json'), '{ "private": true }')
    const wanted = [
      'install',
      '--ignore-scripts',
      '--no-audit',
      '--no-fund',
      `@nangohq/node@${version}`,
    ]
    const installed = await new Promise<boolean>((resolve) => {
      execFile('npm', wanted, { cwd: place, timeout: 100_000 }, (error) => resolve(error === null))
    })
    if (!installed) return null
  }
  return pathToFileURL(entry).href
}
