import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { providerSchema } from '@plumb/protocol'
import { loadProviders, parseProvider } from '@plumb/providers'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { docBlocks, docCommands } from './doc-blocks.js'
import { runLine } from './run-plumb.js'
import type { Ended } from './run-plumb.js'

/* docs/providers.md: what it counts and lists is so, and its examples work as they are written. */

const page = 'docs/providers.md'
const key = 'key-of-a-test-account'
let place = ''
let acme: Server

/** Acme CRM: two pages of contacts, for whoever has the key. */
function startAcme(): Promise<Server> {
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://acme')
    const pages: Record<string, unknown> = {
      '/v2/me': { id: 'account-1' },
      '/v2/contacts': searchParams.has('after')
        ? { contacts: [{ id: '2', company: 'South' }], next: null }
        : { contacts: [{ id: '1', company: 'North' }], next: 'page-2' },
    }
    const known = request.headers['x-api-key'] === key
    response.statusCode = known ? (pathname in pages ? 200 : 404) : 401
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify(known ? (pages[pathname] ?? {}) : {}))
  })
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)))
}

const blocks = (language: string) =>
  docBlocks(page)
    .filter((block) => block.language === language)
    .map(({ text }) => text)

const type = (line: string): Promise<Ended> =>
  runLine(line, join(place, 'bin'), { cwd: place, environment: { ACME_KEY: key } })

beforeAll(async () => {
  place = await mkdtemp(join(tmpdir(), 'plumb-providers-doc-'))
  acme = await startAcme()
  await mkdir(join(place, 'providers'))
  for (const text of blocks('yaml')) {
    const path = join(place, /^# (\S+)\n/.exec(text)?.[1] ?? 'unnamed')
    await mkdir(dirname(path), { recursive: true })
    await writeFile(path, text)
  }
  await writeFile(join(place, 'providers/acme-crm.openapi.json'), blocks('json')[0] ?? '')
})

afterAll(async () => {
  acme.close()
  await rm(place, { recursive: true, force: true })
})

const text = () => readFile(join(import.meta.dirname, '..', page), 'utf8')

test('the tiers have as many providers as it says', async () => {
  const loaded = [...(await loadProviders()).values()]
  const thin = loaded.filter(({ tier }) => tier === 'endpoints').length
  const counts = [...(await text()).matchAll(/^\| `(whole|endpoints)` +\| (\d+)/gm)]
  expect(counts.map(([, tier, count]) => [tier, Number(count)])).toEqual([
    ['whole', loaded.length - thin],
    ['endpoints', thin],
  ])
  const described = loaded.filter(({ path, apiDescription, provider }) => {
    return apiDescription !== null && path.endsWith(`/${provider.name}.yaml`)
  })
  expect(described.map(({ provider }) => provider.name).sort()).toEqual(
    ['github', 'google-calendar', 'google-mail', 'slack'], // "Four providers"
  )
})

/** The first column of the table below a heading. */
async function rowsBelow(heading: string): Promise<string[]> {
  const [, section = ''] = (await text()).split(`\n${heading}\n`)
  const [own = ''] = section.split(/^##/m)
  return [...own.matchAll(/^\| `([^`]+)`/gm)].map(([, name = '']) => name)
}

test('every key of an entry and every way of authorising has its row', async () => {
  const { auth, proxy } = providerSchema.shape
  expect((await rowsBelow('## What an entry holds')).sort()).toEqual(
    Object.keys(providerSchema.shape).sort(),
  )
  expect((await rowsBelow('### `proxy`')).sort()).toEqual(Object.keys(proxy.shape).sort())
  const modes = auth.options.map(({ shape }) => shape.mode.value)
  expect((await rowsBelow('### `auth`')).sort()).toEqual(modes.sort())
})

test(
  'its entry is complete, and what it says is found and called',
  { timeout: 300_000 },
  async () => {
    const { port } = acme.address() as AddressInfo
    const [, adding = []] = docCommands(page)
    const ended: Ended[] = []
    for (const line of adding)
      ended.push(await type(line.replace('https://north.acme.example', `http://127.0.0.1:${port}`)))
    expect(ended.map(({ code, stderr }) => [code, code === 0 ? '' : stderr])).toEqual(
      adding.map(() => [0, '']),
    )
    const [checked, found, added, , called] = ended.map(({ stdout }) => stdout)
    expect(checked).toContain('no problems')
    expect(found).toContain('GET /contacts')
    expect(added).toContain('the provider accepts it')
    expect(called).toContain('North')
  },
)

test('the catalog is shown as it says', { timeout: 200_000 }, async () => {
  const [lists = []] = docCommands(page)
  const ended = []
  for (const line of lists) ended.push(await type(line))
  expect(ended.map(({ code }) => code)).toEqual([0, 0, 0])
  expect(ended[0]?.stdout).toMatch(/^acme-crm .*whole/m)
  expect(ended[1]?.stdout).toContain('google-sheets')
  expect(ended[2]?.stdout).toContain('Google Calendar')
})

test('a file of others is taken over, and says what it says', { timeout: 120_000 }, async () => {
  const [, , [line = ''] = []] = docCommands(page)
  const { stdout, code } = await type(line)
  expect([code, stdout]).toEqual([0, blocks('text')[0]])
  const entry = await readFile(join(place, 'providers/beacon.yaml'), 'utf8')
  expect(parseProvider(entry, 'beacon.yaml')).toMatchObject({
    auth: { mode: 'api-key', header: 'x-beacon-key' },
    proxy: { baseUrl: 'https://api.beacon.example', check: { endpoint: '/account' } },
  })
})
