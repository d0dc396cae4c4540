import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { setConnectionState } from '@plumb/store'
import type { SyncRun } from '@plumb/store'
import { openTestDatabase } from '@plumb/store/testing'
import type { TestDatabase } from '@plumb/store/testing'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { deployText } from '../deployments/testing/deploy-text.js'
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
let api: ListApi | undefined
let count = 0

const limits = { sliceMs: 60_000, longestSliceMs: 20_000, longestRunMs: 60_000, firstRetryMs: 60 }

beforeAll(async () => {
  keysDirectory = await mkdtemp(join(tmpdir(), 'plumb-keys-'))
  ;[db, runner] = await Promise.all([openTestDatabase(), openTestRunner({ size: 4 })])
  server = await openSyncServer(db, runner.pool, { keysDirectory, limits })
})

afterEach(async () => {
  await api?.close()
  api = undefined
})

afterAll(async () => {
  await server?.close()
  await runner?.close()
  await db?.close()
  await rm(keysDirectory, { recursive: true, force: true })
})

/** A connection with one deployed sync, `items`. */
async function setUp(
  items: number,
  code: string,
): Promise<{ integrationKey: string; api: ListApi }> {
  const integrationKey = `list-${(count += 1)}`
  api = await startListApi(items)
  await connectTo(server.store, { integrationKey, connectionId: 'c1', url: api.url })
  await deployText({ db, pool: runner.pool }, { integrationKey, name: 'items', code })
  return { integrationKey, api }
}

const of = (integrationKey: string) => ({
  environment: 'dev',
  integrationKey,
  syncs: [{ name: 'items', variant: 'base' }],
})

async function begin(integrationKey: string, connectionId = 'c1'): Promise<void> {
  await server.syncs.ensureFor({ environment: 'dev', integrationKey, connectionId })
}

async function until<T>(look: () => Promise<T | null | undefined | false>): Promise<T> {
  for (let tries = 0; tries < 1500; tries += 1) {
    const found = await look()
    if (found !== null && found !== undefined && found !== false) return found
    await sleep(30)
  }
  throw new Error(
    `It did not happen: ${JSON.stringify(await server.syncs.runs({ environment: 'dev', limit: 3 }))}`,
  )
}

const runsOf = (integrationKey: string) =>
  server.syncs.runs({ environment: 'dev', integrationKey, limit: 100 })

/** The `n`th run, once it has ended. */
const ended = (integrationKey: string, n = 1): Promise<SyncRun> =>
  until(async () => {
    const run = [...(await runsOf(integrationKey))].reverse()[n - 1]
    return run !== undefined && run.finishedAt !== null && run
  })

const asked = ({ asked: pages }: ListApi): number[] => [...pages.values()]

describe('openSyncs', () => {
  it('runs a new sync at once, counts what it did, and plans the next time', async () => {
    const { integrationKey } = await setUp(250, listSync({ limit: 100 }))
    const asked = Date.now()
    await begin(integrationKey)
    const run = await ended(integrationKey)
    expect(run).toMatchObject({ state: 'success', mode: 'incremental', slices: 1, error: null })
    expect(run.counts).toEqual({ Item: { added: 250, updated: 0, deleted: 0 } })
    const [status] = await server.syncs.status(of(integrationKey))
    expect(status).toMatchObject({
      state: 'started',
      frequency: 'every hour',
      checkpoint: null,
      recordCounts: { Item: 250 },
      lastSyncAt: run.startedAt,
    })
    // A period after it was due, which was between those two, and up to half a minute off.
    const dueAt = Date.parse(status?.dueAt ?? '')
    expect(dueAt - asked).toBeGreaterThanOrEqual(3_600_000 - 31_000)
    expect(dueAt - Date.parse(run.startedAt)).toBeLessThanOrEqual(3_600_000 + 31_000)
  })

  it('pauses at a checkpoint, and goes on from there', async () => {
    const { integrationKey, api } = await setUp(500, listSync({ limit: 100 }))
    const goOn = api.hold(100)
    await begin(integrationKey)
    await until(async () => api.asked.size >= 2)
    await server.syncs.pause(of(integrationKey))
    goOn()
    expect(await ended(integrationKey)).toMatchObject({ state: 'paused', error: null })
    const [paused] = await server.syncs.status(of(integrationKey))
    expect(paused).toMatchObject({ state: 'paused', checkpoint: { after: expect.any(Number) } })
    expect(paused?.lastSyncAt).toBeNull()
    await server.syncs.start(of(integrationKey))
    expect(await ended(integrationKey, 2)).toMatchObject({ state: 'success' })
    expect(asked(api)).toEqual([1, 1, 1, 1, 1])
  })

  it('splits a run at checkpoints when it takes long, without the function noticing', async () => {
    const other = await openLimited({ sliceMs: 0 })
    try {
      const { integrationKey, api } = await setUp(400, listSync({ limit: 100 }))
      await begin(integrationKey)
      const run = await ended(integrationKey)
      expect(run).toMatchObject({ state: 'success', slices: 4 })
      expect(run.counts).toEqual({ Item: { added: 400, updated: 0, deleted: 0 } })
      expect(asked(api)).toEqual([1, 1, 1, 1])
    } finally {
      await other.restore()
    }
  })

  it('ends pages that never end with what they cost, and keeps the checkpoint', async () => {
    const other = await openLimited({ sliceMs: 50, longestRunMs: 300 })
    try {
      const { integrationKey, api } = await setUp(100, listSync({ limit: 100 }))
      api.mood.endless = true
      await begin(integrationKey)
      expect(await ended(integrationKey)).toMatchObject({
        state: 'failed',
        error: { code: 'sync-budget-spent', message: expect.stringMatching(/slices/) },
      })
    } finally {
      await other.restore()
    }
  })

  it('ends a function that saves no checkpoint and does not end', async () => {
    const other = await openLimited({ longestSliceMs: 500 })
    try {
      const code = listSync({ limit: 100 }).replace('let after', 'for (;;); let after')
      const { integrationKey } = await setUp(1, code)
      await begin(integrationKey)
      expect(await ended(integrationKey)).toMatchObject({
        state: 'failed',
        error: { code: 'sync-budget-spent', remedy: expect.stringMatching(/checkpoint/) },
      })
      await server.syncs.pause(of(integrationKey))
    } finally {
      await other.restore()
    }
  })

  it('never overlaps itself, however often it is asked', async () => {
    const { integrationKey, api } = await setUp(300, listSync({ limit: 100 }))
    const goOn = api.hold(200)
    await begin(integrationKey)
    await until(async () => api.asked.size >= 1)
    for (let n = 0; n < 5; n += 1) {
      await server.syncs.trigger(of(integrationKey), 'incremental')
      await sleep(20)
    }
    goOn()
    await ended(integrationKey, 2)
    const runs = [...(await runsOf(integrationKey))].reverse()
    for (const [n, run] of runs.slice(1).entries()) {
      expect(Date.parse(run.startedAt)).toBeGreaterThanOrEqual(
        Date.parse(runs[n]?.finishedAt ?? ''),
      )
    }
  })

  it('begins anew when asked to, and clears its records when asked to', async () => {
    const { integrationKey } = await setUp(120, listSync({ limit: 100 }))
    await begin(integrationKey)
    await ended(integrationKey)
    await server.syncs.trigger(of(integrationKey), 'full_refresh')
    const second = await ended(integrationKey, 2)
    expect(second).toMatchObject({ mode: 'full_refresh', state: 'success' })
    expect(second.counts['Item']?.added ?? 0).toBe(0)
    await server.syncs.trigger(of(integrationKey), 'full_refresh_and_clear_cache')
    const third = await ended(integrationKey, 3)
    expect(third).toMatchObject({ mode: 'full_refresh_and_clear_cache', state: 'success' })
    expect(third.counts).toEqual({ Item: { added: 120, updated: 0, deleted: 0 } })
  })

  it('tries again soon while the provider is down, and recovers', async () => {
    const { integrationKey, api } = await setUp(50, listSync({ limit: 100 }))
    api.mood.status = 503
    await begin(integrationKey)
    await ended(integrationKey, 2)
    const [status] = await server.syncs.status(of(integrationKey))
    expect(status?.lastRun?.state).toMatch(/failed|running/)
    expect(status?.failures).toBeGreaterThanOrEqual(1)
    api.mood.status = null
    await until(async () => (await runsOf(integrationKey))[0]?.state === 'success')
    const [after] = await server.syncs.status(of(integrationKey))
    expect(after?.failures).toBe(0)
  })

  it('tries a function that throws a few times only, and says where it threw', async () => {
    const code = listSync({ limit: 100 }).replace(
      'let after',
      `throw new Error('my mistake'); let after`,
    )
    const { integrationKey } = await setUp(1, code)
    await begin(integrationKey)
    await ended(integrationKey, 3)
    await sleep(600)
    const runs = await runsOf(integrationKey)
    expect(runs).toHaveLength(3)
    expect(runs[0]).toMatchObject({
      state: 'failed',
      error: { code: 'sync-failed', message: expect.stringMatching(/my mistake/) },
    })
  })

  it('runs no sync of a connection that must be reconnected', async () => {
    const { integrationKey } = await setUp(1, listSync({ limit: 100 }))
    const connection = { environment: 'dev', integrationKey, connectionId: 'c1' }
    await setConnectionState(db, { ...connection, state: 'needs-reconnect' })
    await begin(integrationKey)
    await sleep(400)
    expect(await runsOf(integrationKey)).toEqual([])
    await setConnectionState(db, { ...connection, state: 'ok' })
    expect(await ended(integrationKey)).toMatchObject({ state: 'success' })
  })

  it('stops a run whose connection is deleted', async () => {
    const { integrationKey, api } = await setUp(1000, listSync({ limit: 10 }))
    const goOn = api.hold(20)
    await begin(integrationKey)
    await until(async () => api.asked.size >= 2)
    await db.query('delete from plumb.connections where integration_key = $1', [integrationKey])
    goOn()
    expect(await ended(integrationKey)).toMatchObject({ state: 'cancelled' })
    expect(await server.syncs.status({ environment: 'dev', integrationKey })).toEqual([])
  })

  it('follows the deployment: frequencies, what is gone, and what waits to be started', async () => {
    const { integrationKey } = await setUp(1, listSync({ limit: 1, more: 'autoStart: false,' }))
    await begin(integrationKey)
    const [waiting] = await server.syncs.status(of(integrationKey))
    expect(waiting).toMatchObject({ state: 'paused', frequency: 'every hour' })
    const parts = { db, pool: runner.pool }
    const code = listSync({ limit: 1, frequency: 'every 2 hours' })
    await deployText(parts, { integrationKey, name: 'items', code })
    await server.syncs.ensureAll('dev')
    const [changed] = await server.syncs.status(of(integrationKey))
    expect(changed).toMatchObject({ id: waiting?.id, state: 'paused', frequency: 'every 2 hours' })
    await db.query('delete from plumb.deployed_functions where integration_key = $1', [
      integrationKey,
    ])
    await server.syncs.ensureAll('dev')
    expect(await server.syncs.status({ environment: 'dev', integrationKey })).toEqual([])
  })

  it('has frequencies and variants per connection', async () => {
    const { integrationKey } = await setUp(1, listSync({ limit: 1 }))
    await begin(integrationKey)
    await ended(integrationKey)
    const name = { environment: 'dev', integrationKey, connectionId: 'c1', name: 'items' }
    const base = { ...name, variant: 'base' }
    expect(await server.syncs.setFrequency(base, 'every 5m')).toBe('every 5m')
    const [status] = await server.syncs.status(of(integrationKey))
    expect(Date.parse(status?.dueAt ?? '') - Date.now()).toBeLessThan(301_000)
    expect(await server.syncs.setFrequency(base, null)).toBe('every hour')
    await expect(server.syncs.setFrequency(base, 'every 5s')).rejects.toMatchObject({
      code: 'sync-invalid',
      message: expect.stringMatching(/every 5s/),
    })
    await server.syncs.addVariant({ ...name, variant: 'eu' })
    await ended(integrationKey, 2)
    const all = await server.syncs.status({ environment: 'dev', integrationKey })
    expect(all.map(({ variant, recordCounts }) => [variant, recordCounts])).toEqual([
      ['base', { Item: 1 }],
      ['eu', { Item: 1 }],
    ])
    await server.syncs.removeVariant({ ...name, variant: 'eu' })
    await expect(server.syncs.removeVariant({ ...name, variant: 'eu' })).rejects.toMatchObject({
      code: 'sync-unknown',
    })
    await expect(server.syncs.removeVariant(base)).rejects.toMatchObject({ code: 'sync-invalid' })
    const other = { ...of(integrationKey), syncs: [{ name: 'nobody', variant: 'base' }] }
    await expect(server.syncs.pause(other)).rejects.toMatchObject({ code: 'sync-unknown' })
  })
})

/** Another server with other limits in place of the usual one. */
async function openLimited(more: Partial<typeof limits>): Promise<{ restore(): Promise<void> }> {
  await server.close()
  server = await openSyncServer(db, runner.pool, { keysDirectory, limits: { ...limits, ...more } })
  return {
    async restore() {
      await server.close()
      server = await openSyncServer(db, runner.pool, { keysDirectory, limits })
    },
  }
}
