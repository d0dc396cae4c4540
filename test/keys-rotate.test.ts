import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { openKeys } from '@plumb/runtime'
import { listConnections, openDatabase } from '@plumb/store'
import type { Database } from '@plumb/store'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ServedProject } from './serve-project.js'
import { serveProject } from './serve-project.js'
import { servePlumb } from './serve-plumb.js'

/* The master key is changed through the command line while a server runs, and the command is killed on its way. */

const plumb = join(import.meta.dirname, '..', 'packages', 'app', 'bin', 'plumb.js')
const connections = 3000
let project: ServedProject
let db: Database
let keysDirectory: string

beforeAll(async () => {
  project = await serveProject()
  keysDirectory = join(project.folder, '.plumb', 'keys')
  db = await openDatabase({ dataDir: join(project.folder, '.plumb') })
})
afterAll(async () => {
  await db?.close()
  await project?.close()
})

/** What the secret of an account is bound to. */
const contextOf = (connectionId: string): string => `acme/${connectionId}`

/** As many accounts as it takes for a kill to come in the middle. */
async function connectMany(): Promise<void> {
  const keys = await openKeys(keysDirectory)
  const ids = Array.from({ length: connections }, (_, at) => `many-${at}`)
  const sealed = ids.map((connectionId) =>
    keys.encrypt(
      JSON.stringify({ kind: 'bearer', token: `secret of ${connectionId}` }),
      contextOf(connectionId),
    ),
  )
  await db.query(
    `insert into plumb.connections (environment, integration_key, connection_id, provider, state, connection_config,
       metadata, encrypted_credential, credential_version, created_at, updated_at)
     select 'dev', 'acme', id, 'acme', 'ok', '{}', '{}', sealed, 1, now(), now()
     from unnest($1::text[], $2::text[]) as g (id, sealed)`,
    [ids, sealed],
  )
}

type Kill = { readonly said: RegExp; readonly before: string }

/** Runs the command, which can not get past an account, and kills it when it has said something that matches. */
async function killedAt({ said, before }: Kill, ...args: string[]): Promise<void> {
  await db.transaction(async (session) => {
    const lock = 'select 1 from plumb.connections where connection_id = $1 for update'
    await session.query(lock, [before])
    await killedWhen(said, args)
  })
  // PostgreSQL may take a moment to see that nobody is there any more.
  const other = async () => (await db.tryLock('rotate keys', async () => null)).kind
  await expect.poll(other).toBe('done')
}

async function killedWhen(said: RegExp, args: readonly string[]): Promise<void> {
  const child = spawn(process.execPath, [plumb, 'keys', 'rotate', ...args], {
    ...{ cwd: project.folder, stdio: ['ignore', 'ignore', 'pipe'] },
    env: { ...process.env, NODE_OPTIONS: '' },
  })
  let output = ''
  child.stderr.on('data', (chunk: Buffer) => {
    output += chunk.toString('utf8')
    if (said.test(output)) child.kill('SIGKILL')
  })
  const [, signal] = (await once(child, 'exit')) as [number | null, string | null]
  expect(signal, output).toBe('SIGKILL')
}

/** How many accounts are under each key, by its id. */
async function keysInUse(): Promise<Record<string, number>> {
  const rows = await db.query<{ key: string; count: number }>(
    `select split_part(encrypted_credential, '.', 2) as key, count(*)::int as count from plumb.connections group by 1`,
  )
  return Object.fromEntries(rows.map(({ key, count }) => [key, count]))
}

/** One secret of each kind, read through a server. */
async function readThrough(url: string): Promise<unknown[]> {
  const headers = {
    authorization: `Bearer ${project.secretKey}`,
    ...{ 'connection-id': 'customer-1', 'provider-config-key': 'acme' },
  }
  const get = async (path: string): Promise<Record<string, unknown>> =>
    (await (await fetch(`${url}${path}`, { headers })).json()) as Record<string, unknown>
  const { records } = await get('/records?model=Item')
  return [
    ((await get('/proxy/echo')) as { method: string }).method,
    project.provider.seen.at(-1)?.authorization,
    (records as { name: string }[]).map(({ name }) => name),
    await get('/environment-variables'),
  ]
}

test('two rotations at once are refused, since one would take the key of the other', async () => {
  const outcome = await db.tryLock('rotate keys', async () =>
    expect(project.plumb('keys', 'rotate')).rejects.toThrow('is being rotated by another command'),
  )
  expect(outcome.kind).not.toBe('held')
  expect((await readdir(keysDirectory)).sort()).toEqual(['master.key', 'signing.pem'])
})

test('a rotation that is killed twice goes on, loses nothing, and needs the old key no more', async () => {
  await project.plumb('variables', 'set', 'REGION', 'eu-secret')
  await project.plumb('syncs', 'trigger', 'acme', '--connection-id', 'customer-1')
  const { url } = project.served
  await expect.poll(async () => (await readThrough(url))[2]).toHaveLength(3)
  const before = await readThrough(url)
  await connectMany()
  const all = connections + 1
  const old = Object.keys(await keysInUse())
  expect(old).toHaveLength(1)

  // Killed when the key is there and nothing is under it, and once more on the way.
  await killedAt({ said: /New master key/, before: 'customer-1' })
  expect(Object.keys(await keysInUse())).toEqual(old)
  expect(await readThrough(url)).toEqual(before)
  await killedAt({ said: /\d+ secrets are under/, before: 'many-999' }, '--resume')
  const half = await keysInUse()
  expect(Object.keys(half)).toHaveLength(2)
  expect(half[old[0] ?? '']).toBeGreaterThan(0)
  expect(Object.values(half).reduce((sum, each) => sum + each, 0)).toBe(all)
  expect(await readThrough(url)).toEqual(before)

  const told = await project.plumb('keys', 'rotate', '--resume', '--remove-old')
  expect(told).toContain(`Removed: ${old[0]}`)
  const [active = '', ...others] = Object.keys(await keysInUse())
  expect([others, active === old[0]]).toEqual([[], false])
  expect((await readdir(keysDirectory)).sort()).toEqual(['master.key', 'signing.pem'])
  expect(await readThrough(url)).toEqual(before)

  const keys = await openKeys(keysDirectory)
  const stored = await listConnections(db, { environment: 'dev' })
  expect(stored).toHaveLength(all)
  for (const { connectionId, encryptedCredential } of stored) {
    const token = connectionId === 'customer-1' ? 'tok-secret-1' : `secret of ${connectionId}`
    const credential: unknown = JSON.parse(
      keys.decrypt(encryptedCredential, contextOf(connectionId)),
    )
    expect(credential).toEqual({ kind: 'bearer', token })
  }
  const second = await servePlumb(project.folder)
  expect(await readThrough(second.url).finally(() => second.stop())).toEqual(before)
}, 600_000)
