import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openDatabase } from './open-database.js'

let dataDir: string
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'plumb-kept-'))
})
afterAll(() => rm(dataDir, { recursive: true, force: true }))

const lockFile = (): Promise<string> => readFile(join(dataDir, 'cluster/postmaster.pid'), 'utf8')
const serverPid = async (): Promise<number> => Number.parseInt(await lockFile(), 10)

test('a server that takes long to stop is waited for, and started again', async () => {
  const first = await openDatabase({ dataDir })
  // It ends when its last session does, and lets nobody in meanwhile.
  process.kill(await serverPid(), 'SIGTERM')
  await expect.poll(lockFile, { timeout: 30_000 }).toContain('stopping')
  const second = openDatabase({ dataDir })
  await Promise.race([second, sleep(6000)])
  await first.close()
  expect(await (await second).query('select 1')).toHaveLength(1)
  await (await second).close()
})

test('a server that is killed under its users is started again, once, and stops with the last of them', async () => {
  const users = await Promise.all([openDatabase({ dataDir }), openDatabase({ dataDir })])
  const [db, other] = users
  await db.query(`insert into plumb.integrations values ('kept', '{}', 'dev')`)
  const killed = await serverPid()
  process.kill(killed, 'SIGKILL')
  // Its sessions outlive it for a moment and still answer.
  await expect.poll(serverPid, { timeout: 30_000 }).not.toBe(killed)
  const rowsOf = (user: typeof db) =>
    user.query('select 1 from plumb.integrations').then((rows) => rows.length, String)
  for (const user of users) {
    await expect.poll(() => rowsOf(user), { timeout: 30_000 }).toBe(1)
  }
  // Who has not taken its lease again yet does not count as a user.
  const leases = `select count(*)::int as held from pg_locks where locktype = 'advisory' and objid = 7568162`
  const held = () => db.query<{ held: number }>(leases).then(([row]) => row?.held, String)
  await expect.poll(held, { timeout: 30_000 }).toBe(2)
  const pid = await serverPid()
  await db.close()
  expect(await rowsOf(other)).toBe(1)
  await other.close()
  expect(() => process.kill(pid, 0)).toThrow()
})
