import type { ChildProcess } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { ensureSyncs, listRecordModels, listSyncRuns, openDatabase } from '@plumb/store'
import type { Database, SyncRun } from '@plumb/store'
import { openTestDatabase } from '@plumb/store/testing'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { deployText } from '../deployments/testing/deploy-text.js'
import { openKeys } from '../keys/open-keys.js'
import { openTestRunner } from '../runner/testing/test-runner.js'
import type { TestRunner } from '../runner/testing/test-runner.js'
import { connectTo, listProviders } from './testing/open-sync-server.js'
import { listSync, startListApi } from './testing/start-list-api.js'
import type { ListApi } from './testing/start-list-api.js'
import { databaseUrlOf, killProcess, startSyncProcess } from './testing/start-sync-process.js'
import type { SyncProcessJob } from './testing/sync-process.js'

/** The benchmark asks for a million records and 256 connections. */
const testSizes = {
  records: Number(process.env['PLUMB_TEST_SYNC_RECORDS'] ?? 20_000),
  connections: Number(process.env['PLUMB_TEST_SYNC_CONNECTIONS'] ?? 12),
}
const integrationKey = 'list'
const page = 1000
let runner: TestRunner
let directory: string
let db: Database
let api: ListApi | undefined
const children: ChildProcess[] = []

beforeAll(async () => {
  runner = await openTestRunner({ size: 1 })
})

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'plumb-crash-'))
})

afterEach(async () => {
  for (const child of children.splice(0)) await killProcess(child)
  await api?.close()
  await db?.close()
  await rm(directory, { recursive: true, force: true })
})

afterAll(async () => {
  await runner?.close()
})

/** A deployed list of `records` records, with as many connections, and the schedules of all. */
async function setUp(
  records: number,
  connections = 1,
  prepare: (api: ListApi) => void = () => undefined,
): Promise<ListApi> {
  const store = {
    ...{ db, keys: await openKeys(directory), providers: listProviders, environment: 'dev' },
  }
  api = await startListApi(records)
  prepare(api)
  for (let n = 0; n < connections; n += 1) {
    await connectTo(store, { integrationKey, connectionId: `c${n}`, url: api.url })
  }
  const code = listSync({ limit: page })
  await deployText({ db, pool: runner.pool }, { integrationKey, name: 'items', code })
  const items = { integrationKey, name: 'items', frequency: 'every hour', periodMs: 3_600_000 }
  await ensureSyncs(db, { environment: 'dev' }, [{ ...items, autoStart: true }])
  return api
}

async function start(more: Partial<SyncProcessJob> = {}): Promise<ChildProcess> {
  const databaseUrl = await databaseUrlOf(db)
  const child = await startSyncProcess({ databaseUrl, keysDirectory: directory, ...more })
  children.push(child)
  return child
}

async function until(look: () => boolean | Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 160 * Math.max(60, testSizes.records / 1000); tries += 1) {
    if (await look()) return
    await sleep(25)
  }
  throw new Error(`It did not happen: ${JSON.stringify(await runs().catch(String))}`)
}

const runs = (): Promise<readonly SyncRun[]> =>
  listSyncRuns(db, { environment: 'dev', limit: 1000 })
const allEnded = async (): Promise<boolean> =>
  (await runs()).every(({ finishedAt }) => finishedAt !== null)
const hasEnded = async (): Promise<boolean> => (await runs()).length > 0 && (await allEnded())
const total = ({ asked }: ListApi): number => [...asked.values()].reduce((a, b) => a + b, 0)

async function stored(connectionId = 'c0'): Promise<number> {
  const models = await listRecordModels(db, { environment: 'dev', integrationKey, connectionId })
  return models.find(({ model }) => model === 'Item')?.count ?? 0
}

describe('syncs whose process dies', () => {
  it(`ends with exactly the ${testSizes.records} records after three kills, at the cost of a page each`, async () => {
    db = await openTestDatabase()
    const api = await setUp(testSizes.records)
    const pages = Math.ceil(testSizes.records / page)
    for (let kill = 1; kill <= 3; kill += 1) {
      const child = await start()
      // Each gets past the page that the one before it was killed at.
      const goal = Math.max((pages * kill) / 4, api.asked.size)
      await until(async () => api.asked.size > goal || (await hasEnded()))
      await killProcess(child)
    }
    await start()
    await until(allEnded)
    expect(await runs()).toMatchObject([{ state: 'success', error: null }])
    expect(await stored()).toBe(testSizes.records)
    const [rows] = await db.query(
      'select count(*) as count from plumb.records where deleted_at is null',
    )
    expect(rows).toEqual({ count: testSizes.records })
    expect(api.asked.size).toBe(pages)
    // Each kill costs one page at most, never the same one twice.
    expect(total(api)).toBeLessThanOrEqual(pages + 3)
    expect(Math.max(...api.asked.values())).toBeLessThanOrEqual(2)
  }, 1_800_000)

  it('are taken over from a process that is frozen, which does no harm when it thaws', async () => {
    db = await openTestDatabase()
    const api = await setUp(20_000)
    api.mood.delayMs = 40
    const goOn = api.hold(4 * page)
    const frozen = await start({ host: 'one' })
    await until(() => api.asked.size > 4)
    frozen.kill('SIGSTOP')
    const before = api.asked.size
    goOn()
    await start({ host: 'two' })
    await until(() => api.asked.size > before + 1)
    frozen.kill('SIGCONT')
    await until(allEnded)
    expect(await runs()).toMatchObject([{ state: 'success', error: null }])
    expect(await stored()).toBe(20_000)
    expect(api.asked.size).toBe(20)
    // The page that was frozen, and one that it asked for when it thawed before it heard.
    expect(total(api)).toBeLessThanOrEqual(22)
  }, 300_000)

  it('go on when the database was killed, alone and with the process', async () => {
    const dataDir = join(directory, 'data')
    db = await openDatabase({ dataDir })
    const api = await setUp(20_000)
    api.mood.delayMs = 40
    const first = await start()
    await until(() => api.asked.size > 4)
    await killDatabase(dataDir)
    await until(() => api.asked.size > 8)
    await Promise.all([killDatabase(dataDir), killProcess(first)])
    await start()
    await until(allEnded)
    expect(await runs()).toMatchObject([{ state: 'success', error: null }])
    expect(await stored()).toBe(20_000)
    expect(api.asked.size).toBe(20)
    expect(total(api)).toBeLessThanOrEqual(22)
  }, 300_000)
})

describe('two servers on one database', () => {
  it('share the work, and run each sync once', async () => {
    db = await openTestDatabase()
    const limits = { concurrency: 2 }
    // Before there is anything to do: who started later would find nothing left.
    await Promise.all([start({ host: 'one', limits }), start({ host: 'two', limits })])
    // Neither has all of the work: what each has at once is held back until both have some.
    let goOn = (): void => undefined
    await setUp(5, testSizes.connections, (api) => (goOn = api.hold(0)))
    await until(async () => (await executors()).length === 2)
    goOn()
    await until(async () => (await runs()).length >= testSizes.connections && (await allEnded()))
    const all = await runs()
    expect(all).toHaveLength(testSizes.connections)
    expect(new Set(all.map(({ connectionId }) => connectionId)).size).toBe(testSizes.connections)
    expect(all.every(({ state }) => state === 'success')).toBe(true)
    expect(await executors()).toEqual(['one-0', 'two-0'])
  }, 600_000)
})

/** Who has executed something, or does. */
async function executors(): Promise<readonly string[]> {
  const rows = await db.query<{ executor: string }>(
    `select distinct executor_id as executor from plumb_engine.workflow_status
     where status in ('PENDING', 'SUCCESS') order by 1`,
  )
  return rows.map(({ executor }) => executor)
}

/** Kills the server of a data directory as a power failure would, and starts it again. */
async function killDatabase(dataDir: string): Promise<void> {
  const file = await readFile(join(dataDir, 'cluster', 'postmaster.pid'), 'utf8')
  process.kill(Number.parseInt(file, 10), 'SIGKILL')
  const lost = db
  db = await openDatabase({ dataDir })
  await lost.close()
}
