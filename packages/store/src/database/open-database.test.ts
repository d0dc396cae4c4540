import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openDatabase } from './open-database.js'

let root: string
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'plumb-store-'))
})
afterAll(() => rm(root, { recursive: true, force: true }))

test('the embedded server keeps rows, checksums and order by code point, and stops with its last user', async () => {
  const dataDir = join(root, 'kept')
  const progress: string[] = []
  const first = await openDatabase({ dataDir, onProgress: (message) => progress.push(message) })
  const second = await openDatabase({ dataDir })
  await first.query(
    `insert into plumb.integrations values ('Z', '{}', 'dev'), ('a', '{}', 'dev'), ('é', '{}', 'dev')`,
  )
  await first.close()
  const rows = await second.query<{ key: string }>(
    'select integration_key as key from plumb.integrations order by 1',
  )
  expect(rows.map((row) => row.key)).toEqual(['Z', 'a', 'é'])
  const [settings] = await second.query<Record<string, string>>(
    `select current_setting('data_checksums') as checksums, current_setting('listen_addresses') as addresses,
       current_setting('fsync') as fsync, current_setting('server_version_num') as version`,
  )
  expect(settings).toMatchObject({ checksums: 'on', addresses: '', fsync: 'on' })
  expect(settings?.version).toMatch(/^18/)
  await second.close()
  await expect(second.query('select 1')).rejects.toThrow()
  expect(progress).toHaveLength(1)

  const third = await openDatabase({ dataDir })
  expect(await third.query('select 1 from plumb.integrations')).toHaveLength(3)
  await third.close()
})

test('two starts at once on one fresh directory share one server', async () => {
  const dataDir = join(root, 'race')
  const both = await Promise.all([openDatabase({ dataDir }), openDatabase({ dataDir })])
  const sql = `select pg_postmaster_start_time()::text as started`
  const [a, b] = await Promise.all(both.map((db) => db.query<{ started: string }>(sql)))
  expect(a).toEqual(b)
  await Promise.all(both.map((db) => db.close()))
})

test('a directory of another major version is refused and left alone', async () => {
  const dataDir = join(root, 'old')
  await mkdir(join(dataDir, 'cluster'), { recursive: true })
  await writeFile(join(dataDir, 'cluster', 'PG_VERSION'), '15\n')
  await expect(openDatabase({ dataDir })).rejects.toMatchObject({
    code: 'database-version',
    message: expect.stringMatching(/PostgreSQL 15.*brings 18/),
  })
})

test('a path that cannot be a directory is an error with the path', async () => {
  const file = join(root, 'file')
  await writeFile(file, '')
  await expect(openDatabase({ dataDir: join(file, 'data') })).rejects.toMatchObject({
    code: 'database-unavailable',
    message: expect.stringContaining(join(file, 'data')),
  })
})

test('without a place, with a wrong URL or a server that is not there, the error says which', async () => {
  await expect(openDatabase({})).rejects.toMatchObject({ code: 'config-invalid' })
  await expect(openDatabase({ url: 'mysql://u:geheim@h/x' })).rejects.toMatchObject({
    code: 'config-invalid',
    message: expect.not.stringContaining('geheim'),
  })
  await expect(openDatabase({ url: 'postgres://u:geheim@127.0.0.1:1/x' })).rejects.toMatchObject({
    code: 'database-unavailable',
    message: expect.not.stringContaining('geheim'),
  })
})
