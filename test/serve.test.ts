import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from 'esbuild'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { docBlocks } from './doc-blocks.js'
import type { ServedProject } from './serve-project.js'
import { serveProject } from './serve-project.js'
import { servePlumb } from './serve-plumb.js'

/* The runtime as one process: what docs/client.md shows, two servers on one database, and what a kill may not lose. */

let project: ServedProject
let place = ''

beforeAll(async () => {
  place = await mkdtemp(join(tmpdir(), 'plumb-client-docs-'))
  project = await serveProject()
})

afterAll(async () => {
  await project?.close()
  await rm(place, { recursive: true, force: true })
})

type Answer = { readonly status: number; readonly body: Record<string, unknown> }

async function ask(url: string, target: string, body?: unknown): Promise<Answer> {
  const [method = 'GET', path = '/'] = target.split(' ')
  const answer = await fetch(`${url}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${project.secretKey}`,
      'connection-id': 'customer-1',
      'provider-config-key': 'acme',
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> }
}

async function countItems(url: string): Promise<number> {
  const { body } = await ask(url, 'GET /records?model=Item&limit=1000')
  return (body['records'] as unknown[]).length
}

const items = (count: number) =>
  Array.from({ length: count }, (_, at) => ({ id: `i${at}`, name: `item ${at}` }))

const examples = docBlocks('docs/client.md').filter(({ language }) => language === 'ts')

test('the examples of docs/client.md run', async () => {
  const entryPoints = examples.map((_, at) => join(place, `example-${at}.ts`))
  for (const [at, { text }] of examples.entries()) {
    const source = text
      .replace('http://127.0.0.1:3003', project.served.url)
      .replace("process.env['PLUMB_SECRET_KEY']", JSON.stringify(project.secretKey))
    await writeFile(entryPoints[at] ?? '', source)
  }
  await build({
    ...{ entryPoints, outdir: place, outExtension: { '.js': '.mjs' } },
    ...{ bundle: true, platform: 'node', format: 'esm', conditions: ['source'] },
    nodePaths: [join(import.meta.dirname, '..', 'node_modules')],
  })
  for (const path of entryPoints) await import(pathToFileURL(path.replace(/ts$/, 'mjs')).href)
  expect(examples.length).toBeGreaterThan(3)
})

test('a dry run uses the connection of a remote server', async () => {
  const input = '{"text":"from afar"}'
  const remote = ['--remote', project.served.url, '--connection', 'customer-1']
  const printed = await project.plumb(
    ...['dryrun', 'acme/actions/say', '--input', input, '--allow-writes', '--json', ...remote],
  )
  expect(JSON.parse(printed)).toMatchObject({
    result: 'returned',
    execution: { outcome: { output: { heard: input } } },
  })
  expect(project.provider.seen.at(-1)?.authorization).toBe('Bearer tok-secret-1')
})

test('commands ask the server that runs, or the one that is named', async () => {
  const listed = JSON.parse(await project.plumb('keys', 'list', '--json')) as { keys: unknown[] }
  expect(listed.keys).toHaveLength(1)
  const remote = ['--remote', project.served.url]
  expect(await project.plumb('syncs', 'status', 'acme', ...remote)).toContain('items')
})

test('a second server on the same data folder sees and does the same', async () => {
  const second = await servePlumb(project.folder)
  try {
    expect(second.url).not.toBe(project.served.url)
    expect(second.said()).not.toContain('plumb_sk_')
    project.provider.items = items(40)
    const wanted = { provider_config_key: 'acme', connection_id: 'customer-1', syncs: ['items'] }
    expect((await ask(second.url, 'POST /sync/trigger', wanted)).status).toBe(200)
    await expect.poll(() => countItems(project.served.url)).toBe(40)
    expect(await countItems(second.url)).toBe(40)
  } finally {
    expect(await second.stop()).toBe(0)
  }
  expect((await ask(project.served.url, 'GET /keys')).status).toBe(200)
})

test('what was taken is done after a kill, and nothing is lost', async () => {
  const { url } = project.served
  const order = { action_name: 'say', input: { text: 'again' } }
  const taken = await fetch(`${url}/action/trigger`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${project.secretKey}`,
      ...{ 'connection-id': 'customer-1', 'provider-config-key': 'acme', 'x-async': 'true' },
      // The kill may come while it is at the provider, and then it is sent there again only when it may be.
      ...{ 'x-max-retries': '1', 'content-type': 'application/json' },
    },
    body: JSON.stringify(order),
  })
  const { id } = (await taken.json()) as { id: string }
  const before = await countItems(url)
  expect(await project.served.stop('SIGKILL')).toBeNull()
  project.served = await servePlumb(project.folder)
  const again = project.served.url
  expect(await countItems(again)).toBe(before)
  await expect
    .poll(async () => (await ask(again, `GET /action/${id}`)).body)
    .toEqual({ heard: '{"text":"again"}' })
  const { body } = await ask(again, 'GET /connections')
  expect(body['connections']).toHaveLength(1)
})

test('it stops when it is asked to, and says so', async () => {
  const { served } = project
  expect(await served.stop('SIGTERM')).toBe(0)
  expect(served.said()).toContain('Stopping')
  project.served = await servePlumb(project.folder)
})
