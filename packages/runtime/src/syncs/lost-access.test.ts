import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { getConnection, listOperations, listRecordModels } from '@plumb/store'
import type { StoredOperation, SyncRun } from '@plumb/store'
import { openTestDatabase } from '@plumb/store/testing'
import type { TestDatabase } from '@plumb/store/testing'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { checkConnection } from '../connections/check-connection.js'
import { deployText } from '../deployments/testing/deploy-text.js'
import { openGateway } from '../gateway/open-gateway.js'
import { openTestRunner } from '../runner/testing/test-runner.js'
import type { TestRunner } from '../runner/testing/test-runner.js'
import { connectTo, openSyncServer } from './testing/open-sync-server.js'
import type { SyncServer } from './testing/open-sync-server.js'
import { listSync, startListApi } from './testing/start-list-api.js'
import type { ListApi } from './testing/start-list-api.js'

let db: TestDatabase
let runner: TestRunner
let keysDirectory: string
let server: SyncServer
let api: ListApi
let count = 0
const connectionId = 'c1'
const page = 100

beforeAll(async () => {
  keysDirectory = await mkdtemp(join(tmpdir(), 'plumb-keys-'))
  ;[db, runner] = await Promise.all([openTestDatabase(), openTestRunner({ size: 2 })])
  // A failure that is tried again by itself would be seen here.
  server = await openSyncServer(db, runner.pool, { keysDirectory, limits: { firstRetryMs: 200 } })
})

afterEach(() => api?.close())

afterAll(async () => {
  await server?.close()
  await runner?.close()
  await db?.close()
  await rm(keysDirectory, { recursive: true, force: true })
})

async function until<T>(look: () => Promise<T | undefined | false>): Promise<T> {
  for (let tries = 0; tries < 400; tries += 1) {
    const found = await look()
    if (found !== undefined && found !== false) return found
    await sleep(30)
  }
  const runs = await server.syncs.runs({ environment: 'dev', limit: 3 })
  throw new Error(`It did not happen: ${JSON.stringify(runs)}`)
}

const runsOf = (integrationKey: string): Promise<readonly SyncRun[]> =>
  server.syncs.runs({ environment: 'dev', integrationKey, limit: 100 })

/** The `n`th run, once it has ended. */
const ended = (integrationKey: string, n: number): Promise<SyncRun> =>
  until(async () => {
    const run = [...(await runsOf(integrationKey))].reverse()[n - 1]
    return run !== undefined && run.finishedAt !== null && run
  })

const stateOf = async (integrationKey: string) =>
  (await getConnection(db, { environment: 'dev', integrationKey, connectionId }))?.state

async function countRecords(integrationKey: string): Promise<number> {
  const models = await listRecordModels(db, { environment: 'dev', integrationKey, connectionId })
  return models[0]?.count ?? 0
}

const requests = (): number => [...api.asked.values()].reduce((sum, each) => sum + each, 0)

const begin = (integrationKey: string): Promise<void> =>
  server.syncs.ensureFor({ environment: 'dev', integrationKey, connectionId })

/** As a person does it, with a new token. */
async function reconnect(integrationKey: string): Promise<void> {
  await connectTo(server.store, { integrationKey, connectionId, url: api.url, token: 'second-1' })
  await begin(integrationKey)
}

/** A sync of 500 records whose provider refuses it after two pages; resolves when its run has ended. */
async function loseAccess(mood: Partial<ListApi['mood']>): Promise<string> {
  const integrationKey = `lost-${(count += 1)}`
  api = await startListApi(5 * page)
  api.mood.delayMs = 40
  await connectTo(server.store, { integrationKey, connectionId, url: api.url })
  const parts = { db, pool: runner.pool }
  await deployText(parts, { integrationKey, name: 'items', code: listSync({ limit: page }) })
  await begin(integrationKey)
  await until(async () => (await countRecords(integrationKey)) >= 2 * page)
  Object.assign(api.mood, mood)
  await ended(integrationKey, 1)
  return integrationKey
}

async function loggedEnd(integrationKey: string): Promise<StoredOperation> {
  return until(async () => {
    const filter = { environment: 'dev', integrationKey, kind: 'sync', limit: 10 }
    return (await listOperations(db, filter)).find(({ state }) => state === 'failed')
  })
}

describe('a sync that loses access to its account', () => {
  it.each([
    [401, 'unauthorised'],
    [403, 'account suspended'],
  ])(
    'ends at a %i, keeps what it has, leaves the provider alone, and goes on when reconnected',
    async (status, reason) => {
      const key = await loseAccess({ status, reason, account: 401 })
      const [run] = await runsOf(key)
      const remedy = `Reconnect connection "c1" of "${key}".`
      expect(run).toMatchObject({ state: 'failed', error: { code: 'access-lost', remedy } })
      expect(run?.error?.message).toContain(`answered with ${status} "${reason}"`)
      expect((await loggedEnd(key)).error).toMatchObject({ code: 'access-lost', remedy })
      expect(await stateOf(key)).toBe('needs-reconnect')
      const kept = await countRecords(key)
      expect(kept).toBeLessThan(5 * page)
      const [sync] = await server.syncs.status({ environment: 'dev', integrationKey: key })
      expect(sync?.checkpoint).toEqual({ after: kept })

      const before = requests()
      await server.syncs.trigger({ environment: 'dev', integrationKey: key }, 'incremental')
      await sleep(700)
      expect([requests(), (await runsOf(key)).length]).toEqual([before, 1])

      Object.assign(api.mood, { status: null, account: 200 })
      await reconnect(key)
      expect(await ended(key, 2)).toMatchObject({ state: 'success', mode: 'incremental' })
      expect(await countRecords(key)).toBe(5 * page)
      // Only the page that was refused is asked for again.
      const again = [...api.asked].filter(([, times]) => times > 1)
      expect(again).toEqual([[kept, 2]])
      expect(await stateOf(key)).toBe('ok')
    },
  )

  it('goes on by itself as soon as the connection works again, however long its period', async () => {
    const key = await loseAccess({ status: 401, account: 401 })
    Object.assign(api.mood, { status: null, account: 200 })
    const gateway = openGateway(server.store)
    const name = { integrationKey: key, connectionId }
    const check = await checkConnection({ db, gateway }, name).finally(() => gateway.close())
    expect(check).toMatchObject({ kind: 'ok' })
    expect(await ended(key, 2)).toMatchObject({ state: 'success' })
  })

  it('for want of a scope waits for a reconnection, and the account stays usable', async () => {
    const key = await loseAccess({ status: 403, reason: 'scope items.read is missing' })
    const [run] = await runsOf(key)
    expect(run).toMatchObject({ state: 'failed', error: { code: 'access-lost' } })
    expect(run?.error?.remedy).toMatch(/scope.*reconnect connection "c1"/)
    expect(await stateOf(key)).toBe('ok')
    await sleep(700)
    expect(await runsOf(key)).toHaveLength(1)
    api.mood.status = null
    await reconnect(key)
    expect(await ended(key, 2)).toMatchObject({ state: 'success' })
    expect(await countRecords(key)).toBe(5 * page)
  })

  it('fails as any other when the account itself still opens', async () => {
    const key = await loseAccess({ status: 401, account: 200 })
    expect((await runsOf(key)).at(-1)).toMatchObject({ error: { code: 'sync-failed' } })
    expect(await stateOf(key)).toBe('ok')
  })
})
