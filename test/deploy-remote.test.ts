import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { openTestDatabase } from '@plumb/store/testing'
import type { TestDatabase } from '@plumb/store/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { databaseUrlOf } from '../packages/runtime/src/syncs/testing/start-sync-process.js'
import { runPlumb } from './run-plumb.js'
import type { Ended } from './run-plumb.js'
import { servePlumb } from './serve-plumb.js'
import type { Served } from './serve-plumb.js'

/* A project is deployed from one machine to a server on another: they share nothing but an address and a key. */

let place = ''
let db: TestDatabase
let served: Served
let secretKey = ''

beforeAll(async () => {
  place = await mkdtemp(join(tmpdir(), 'plumb-remote-'))
  await write('server/providers/acme.yaml', provider)
  await write('project/package.json', '{ "name": "remote", "private": true, "type": "module" }')
  await write('project/acme/actions/say.ts', sayText('first'))
  await write('project/acme/actions/ask.ts', sayText('ask'))
  db = await openTestDatabase()
  const environment = { DATABASE_URL: await databaseUrlOf(db) }
  served = await servePlumb(join(place, 'server'), { environment })
  secretKey = (await readFile(join(place, 'server/.plumb/server/dev.key'), 'utf8')).trim()
})
afterAll(async () => {
  await served?.stop()
  await db?.close()
  await rm(place, { recursive: true, force: true })
})

const provider =
  'name: acme\ndisplayName: Acme\nauth:\n  mode: bearer\nproxy:\n  baseUrl: https://acme.example\n'

const sayText = (
  said: string,
  input = 'text: z.string()',
): string => `import { createAction } from '@plumb/sdk'
import * as z from 'zod'

export default createAction({
  description: 'Says something',
  version: '1.0.0',
  input: z.object({ ${input} }),
  output: z.object({ said: z.string() }),
  exec: async () => ({ said: '${said}' }),
})
`

async function write(path: string, text: string): Promise<void> {
  await mkdir(dirname(join(place, path)), { recursive: true })
  await writeFile(join(place, path), text)
}

type How = { readonly url?: string; readonly key?: string }

/** Runs a command in the project, against the server. */
function remotely(
  command: string,
  { url = served.url, key = secretKey }: How = {},
): Promise<Ended> {
  return runPlumb([...command.split(' '), '--remote', url], {
    cwd: join(place, 'project'),
    environment: { PLUMB_SECRET_KEY: key },
  })
}

async function ask(target: string, body?: unknown): Promise<Record<string, unknown>> {
  const [method = 'GET', path = '/'] = target.split(' ')
  const answer = await fetch(`${served.url}${path}`, {
    method,
    headers: {
      ...{ authorization: `Bearer ${secretKey}`, 'content-type': 'application/json' },
      ...{ 'connection-id': 'c1', 'provider-config-key': 'acme' },
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  return (await answer.json()) as Record<string, unknown>
}

const say = () => ask('POST /action/trigger', { action_name: 'say', input: { text: 'x' } })

async function countDeployments(): Promise<number> {
  return ((await ask('GET /deployments')) as { deployments: unknown[] }).deployments.length
}

test('a first deployment is shown, has to be confirmed, and then runs', async () => {
  const shown = await remotely('deploy dev --dry-run')
  expect(shown).toMatchObject({ code: 0, stdout: expect.stringContaining('+ action say') })
  expect(shown.stdout).toContain('Integration acme is created from the provider acme.')
  expect(shown.stdout).toContain('nothing is live): 2 added. Nothing was deployed.')

  const refused = await remotely('deploy dev')
  expect(refused.code).toBe(1)
  expect(refused.stderr).toMatch(/nobody is there to ask:[^]*\+ action say[^]*Add --yes/)
  expect(await countDeployments()).toBe(0)

  const deployed = await remotely('deploy dev --yes')
  expect(deployed).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('(number 1): 2 added'),
  })
  const account = { provider_config_key: 'acme', connection_id: 'c1' }
  await ask('POST /connections', { ...account, credentials: { type: 'API_KEY', apiKey: 'k-4711' } })
  expect(await say()).toEqual({ said: 'first' })

  const again = await remotely('deploy dev')
  expect(again).toMatchObject({ code: 0, stdout: expect.stringContaining('dev runs this already') })
  expect(await countDeployments()).toBe(1)
})

test('what products rely on is not taken away with --yes, and comes back with a rollback', async () => {
  await rm(join(place, 'project/acme/actions/ask.ts'))
  await write(
    'project/acme/actions/say.ts',
    sayText('second', 'text: z.string(), loud: z.boolean()'),
  )
  const shown = await remotely('deploy dev --dry-run')
  expect(shown.stdout).toContain('! - action ask')
  expect(shown.stdout).toContain('!     input: "loud" must be given now')
  const refused = await remotely('deploy dev --yes')
  expect(refused.code).toBe(1)
  expect(refused.stderr).toMatch(/- action ask[^]*--allow-destructive/)
  expect(await say()).toEqual({ said: 'first' })

  const deployed = await remotely('deploy dev --allow-destructive')
  expect(deployed).toMatchObject({ code: 0, stdout: expect.stringContaining('(number 2)') })
  expect(JSON.stringify(await say())).toContain('loud')
  expect((await remotely('rollback dev')).code).toBe(0)
  expect(await say()).toEqual({ said: 'first' })
})

test('keys that do not open the environment, and a server that is away, are told apart', async () => {
  const before = await countDeployments()
  const unknown = 'plumb_sk_dev_000000000000000000000000000000000000000000'
  const wrong = await remotely('deploy dev --allow-destructive', { key: unknown })
  expect(wrong.code).not.toBe(0)
  expect(wrong.stderr).toContain('#unauthorized')
  expect(wrong.stderr + wrong.stdout).not.toContain(unknown)

  const other = await remotely('deploy prod --allow-destructive')
  expect(other.code).not.toBe(0)
  expect(other.stderr).toMatch(/"prod"/)

  const made = await ask('POST /keys', { name: 'reader', scopes: ['records:read'] })
  const key = String(made['secret_key'])
  const narrow = await remotely('deploy dev --allow-destructive', { key })
  expect(narrow.code).not.toBe(0)
  expect(narrow.stderr).toContain('#forbidden')
  expect(narrow.stderr).toContain('deployments:write')

  const away = await remotely('deploy dev --allow-destructive', { url: 'http://127.0.0.1:9' })
  expect(away.code).not.toBe(0)
  expect(away.stderr).toContain('http://127.0.0.1:9')
  expect(away.stderr).toContain('#remote-unreachable')
  expect(await countDeployments()).toBe(before)
})
