import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { saveConnection } from '../connections/connections.js'
import { saveIntegration } from '../connections/integrations.js'
import { openTestDatabase } from '../testing/index.js'
import type { TestDatabase } from '../testing/index.js'
import { claimDueSyncs, mendDueTimes } from './claim-syncs.js'
import { ensureSyncs } from './ensure-syncs.js'
import { beginSlice, finishSyncRun, readCheckpoint, writeCheckpoint } from './sync-slices.js'
import { lastRunsOf, listSyncRuns, removeOldRuns } from './sync-runs.js'
import { askForRuns, listSyncs, pauseSyncs, setSyncFrequency, startSyncs } from './syncs.js'

let db: TestDatabase
const dev = { environment: 'dev' }
const hour = 3_600_000

beforeAll(async () => {
  db = await openTestDatabase()
})

beforeEach(async () => {
  await db.query('delete from plumb.syncs')
  await db.query('delete from plumb.sync_runs')
  await db.query('delete from plumb.connections')
})

afterAll(async () => {
  await db?.close()
})

async function connect(count: number, o: { state?: 'ok' | 'needs-reconnect' } = {}): Promise<void> {
  await saveIntegration(db, 'dev', { integrationKey: 'crm', provider: 'crm' })
  for (let n = 0; n < count; n += 1) {
    await saveConnection(db, {
      ...{ ...dev, integrationKey: 'crm', connectionId: `c${n}`, provider: 'crm' },
      ...{ state: o.state ?? 'ok', connectionConfig: {}, metadata: {} },
      ...{ encryptedCredential: 'x', credentialVersion: 1 },
      ...{ createdAt: '2026-01-01T00:00:00.000Z', updatedAt: '2026-01-01T00:00:00.000Z' },
    })
  }
}

async function schedule(...names: string[]): Promise<void> {
  const each = { integrationKey: 'crm', frequency: 'every hour', periodMs: hour, autoStart: true }
  await ensureSyncs(
    db,
    dev,
    names.map((name) => ({ ...each, name })),
  )
}

let ids = 0
const newIds = (count: number): string[] => Array.from({ length: count }, () => `r${(ids += 1)}`)

async function claim(count = 100, perEnvironment = 1000): Promise<readonly string[]> {
  const outcome = await claimDueSyncs(db, { runIds: newIds(count), perEnvironment })
  return outcome.kind === 'claimed' ? outcome.runIds : []
}

const finish = (runId: string, retryMs?: number): Promise<boolean> =>
  finishSyncRun(
    db,
    { runId, fence: null },
    retryMs === undefined
      ? { state: 'success', counts: {} }
      : { state: 'failed', counts: {}, retryMs },
  )

/** In milliseconds since 1970, so that the time a test takes does not matter. */
async function dueAt(): Promise<number[]> {
  const rows = await db.query<{ ms: number }>(
    'select extract(epoch from due_at) * 1000 as ms from plumb.syncs order by connection_id',
  )
  return rows.map(({ ms }) => ms)
}

const dueIn = async (): Promise<number[]> => (await dueAt()).map((ms) => ms - Date.now())

/** Claims what is due; how far each due time moved by it. */
async function claimAndMove(): Promise<number[]> {
  const before = await dueAt()
  await claim()
  return (await dueAt()).map((ms, n) => ms - (before[n] ?? 0))
}

describe('a sync that is not deployed for a while', () => {
  const only = async () => {
    const [sync] = await listSyncs(db, dev)
    if (sync === undefined) throw new Error('There is none.')
    return sync
  }

  it.each([
    ['full_refresh', null],
    ['incremental', 'full_refresh_and_clear_cache'],
  ] as const)('runs at once what was interrupted (%s, then asked for %s)', async (mode, asked) => {
    await connect(1)
    await schedule('contacts')
    await askForRuns(db, dev, mode)
    const [runId = ''] = await claim()
    if (asked !== null) await askForRuns(db, dev, asked)
    const before = await only()
    await schedule('deals')
    expect((await only()).name).toBe('deals')
    await schedule('contacts')
    const after = await only()
    expect(after).toEqual({
      ...before,
      ...{ runId: null, stopAsked: false, asked: asked ?? mode, dueAt: after.dueAt },
    })
    expect(await finish(runId)).toBe(true)
    expect(await only()).toEqual(after)
    expect(await claim()).toHaveLength(1)
  })

  it('stays paused when it was told to stop, and is due within its new period', async () => {
    await connect(1)
    await schedule('contacts')
    await claim()
    await pauseSyncs(db, dev)
    await schedule('deals')
    const shorter = { integrationKey: 'crm', frequency: 'every minute', periodMs: 60_000 }
    await ensureSyncs(db, dev, [{ ...shorter, name: 'contacts', autoStart: true }])
    expect(await only()).toMatchObject({ state: 'paused', asked: null, frequency: 'every minute' })
    expect((await dueIn())[0]).toBeLessThanOrEqual(60_000)
    expect(await claim()).toEqual([])
  })

  it('is gone with its connection', async () => {
    await connect(1)
    await schedule('contacts')
    const before = await only()
    await schedule('deals')
    await db.query('delete from plumb.connections')
    await connect(1)
    await schedule('contacts')
    expect((await only()).id).not.toBe(before.id)
  })
})

describe('claiming', () => {
  it('takes one sync per connection, and the other when the first has ended', async () => {
    await connect(2)
    await schedule('contacts', 'deals')
    const [first, second, ...more] = await claim()
    expect(more).toEqual([])
    expect(await claim()).toEqual([])
    await finish(first ?? '')
    expect(await claim()).toHaveLength(1)
    await finish(second ?? '')
    expect(await claim()).toHaveLength(1)
    expect(await claim()).toEqual([])
    const runs = await listSyncRuns(db, { ...dev, limit: 10 })
    expect(new Set(runs.map(({ syncId }) => syncId)).size).toBe(4)
  })

  it('keeps to the limits of an environment and of who asks', async () => {
    await connect(5)
    await schedule('contacts')
    expect(await claim(2)).toHaveLength(2)
    expect(await claim(100, 3)).toHaveLength(1)
    expect(await claim(100, 3)).toEqual([])
  })

  it('never claims a sync twice, though many ask at once', async () => {
    await connect(8)
    await schedule('contacts')
    await Promise.all(Array.from({ length: 6 }, () => claim(3)))
    for (let round = 0; round < 8; round += 1) await claim(3)
    const runs = await listSyncRuns(db, { ...dev, limit: 100 })
    expect(runs).toHaveLength(8)
    expect(new Set(runs.map(({ syncId }) => syncId)).size).toBe(8)
  })

  it('plans the next time one period on, with some chance', async () => {
    await connect(20)
    await schedule('contacts')
    const moved = await claimAndMove()
    expect(moved).toHaveLength(20)
    for (const ms of moved) expect(Math.abs(ms - hour)).toBeLessThanOrEqual(30_001)
    expect(new Set(moved.map((ms) => Math.round(ms / 1000))).size).toBeGreaterThan(5)
  })

  it('does not fall behind when it is late', async () => {
    await connect(20)
    await schedule('contacts')
    await db.query(`update plumb.syncs set due_at = now() - interval '10 minutes'`)
    const moved = await claimAndMove()
    expect(moved).toHaveLength(20)
    for (const ms of moved) expect(Math.abs(ms - hour)).toBeLessThanOrEqual(30_001)
  })

  it('leaves connections alone that must be reconnected, and schedules that are paused', async () => {
    await connect(1, { state: 'needs-reconnect' })
    await schedule('contacts')
    expect(await claim()).toEqual([])
    await connect(1)
    await pauseSyncs(db, dev)
    expect(await claim()).toEqual([])
    await askForRuns(db, dev, 'full_refresh')
    const [run] = await claim()
    expect((await listSyncRuns(db, { ...dev, limit: 1 }))[0]).toMatchObject({
      mode: 'full_refresh',
    })
    await finish(run ?? '')
    expect(await claim()).toEqual([])
    await startSyncs(db, dev)
    expect(await claim()).toHaveLength(1)
  })
})

describe('a clock that jumps', () => {
  it('forwards makes each sync run once, not once for every time it missed', async () => {
    await connect(3)
    await schedule('contacts')
    for (const run of await claim()) await finish(run)
    await db.query(`update plumb.syncs set due_at = now() - interval '30 days'`)
    const began = Date.now()
    for (const run of await claim()) await finish(run)
    expect(await claim()).toEqual([])
    for (const ms of await dueAt()) expect(ms - began).toBeGreaterThan(hour - 31_000)
  })

  it('backwards stops none: they are spread over one period', async () => {
    await connect(20)
    await schedule('contacts')
    await db.query(`update plumb.syncs set due_at = now() + interval '2 days'`)
    expect(await mendDueTimes(db)).toBe(20)
    const away = await dueIn()
    for (const ms of away) expect(ms).toBeLessThanOrEqual(hour)
    expect(new Set(away.map((ms) => Math.round(ms / 1000))).size).toBeGreaterThan(10)
    expect(await mendDueTimes(db)).toBe(0)
  })

  it('backwards does not hide what has run since', async () => {
    await connect(1)
    await schedule('contacts')
    const [before = ''] = await claim()
    await finish(before)
    await db.query(`update plumb.sync_runs set started_at = now() + interval '1 day'`)
    const [sync] = await listSyncs(db, dev)
    const last = async () => (await lastRunsOf(db, [sync?.id ?? ''])).get(sync?.id ?? '')?.id
    expect(await last()).toBe(before)
    await askForRuns(db, dev, 'incremental')
    const [after = ''] = await claim()
    expect(await last()).toBe(after)
  })

  it.each([
    ['1 day', null],
    ['-1 day', expect.any(String)],
  ])('does not let a sync miss what changed meanwhile (%s)', async (ahead, lastSyncAt) => {
    await connect(1)
    await schedule('contacts')
    await db.query(`update plumb.syncs set last_sync_at = now() + $1::interval`, [ahead])
    const [runId = ''] = await claim()
    expect(await beginSlice(db, runId)).toMatchObject({ lastSyncAt })
    expect(await finish(runId)).toBe(true)
    const [sync] = await listSyncs(db, dev)
    expect(Date.parse(sync?.lastSyncAt ?? '')).toBeLessThanOrEqual(Date.now() + 60_000)
  })
})

describe('slices', () => {
  it('fence off who was taken over', async () => {
    await connect(1)
    await schedule('contacts')
    const [runId = ''] = await claim()
    const old = await beginSlice(db, runId)
    const young = await beginSlice(db, runId)
    if (old === null || young === null) throw new Error('there is no slice')
    const write = { checkpoint: { page: 2 }, expected: 0, counts: {} }
    expect(await writeCheckpoint(db, old, write)).toBeNull()
    expect(await readCheckpoint(db, old)).toBeNull()
    expect(await writeCheckpoint(db, young, write)).toEqual({ version: 1, stopAsked: false })
    expect(await writeCheckpoint(db, young, write)).toBeNull()
    expect(await finishSyncRun(db, old, { state: 'success', counts: {} })).toBe(false)
    expect(await finishSyncRun(db, young, { state: 'success', counts: {} })).toBe(true)
    expect(await beginSlice(db, runId)).toBeNull()
  })

  it('hear that they are to stop, and that a run is to begin anew', async () => {
    await connect(1)
    await schedule('contacts')
    const [runId = ''] = await claim()
    const slice = await beginSlice(db, runId)
    if (slice === null) throw new Error('there is no slice')
    await askForRuns(db, dev, 'incremental')
    const write = { checkpoint: { page: 2 }, counts: {} }
    expect(await writeCheckpoint(db, slice, { ...write, expected: 0 })).toMatchObject({
      stopAsked: false,
    })
    await askForRuns(db, dev, 'full_refresh')
    expect(await writeCheckpoint(db, slice, { ...write, expected: 1 })).toMatchObject({
      stopAsked: true,
    })
  })
})

it('tries again sooner than the schedule, and counts failures until a success', async () => {
  await connect(1)
  await schedule('contacts')
  const [first = ''] = await claim()
  await finish(first, 5000)
  const [ms = 0] = await dueIn()
  expect(ms).toBeLessThanOrEqual(5000)
  expect((await listSyncs(db, dev))[0]).toMatchObject({ failures: 1, lastSyncAt: null })
  await askForRuns(db, dev, 'incremental')
  const [second = ''] = await claim()
  await finish(second)
  expect((await listSyncs(db, dev))[0]).toMatchObject({ failures: 0 })
})

it('keeps frequencies of connections through deployments, and returns to the deployed one', async () => {
  await connect(1)
  await schedule('contacts')
  await setSyncFrequency(db, dev, { frequency: 'every 5m', periodMs: 300_000 })
  const daily = { frequency: 'every day', periodMs: 24 * hour, autoStart: true }
  await ensureSyncs(db, dev, [{ integrationKey: 'crm', name: 'contacts', ...daily }])
  expect((await listSyncs(db, dev))[0]?.frequency).toBe('every 5m')
  expect((await setSyncFrequency(db, dev, null))[0]?.frequency).toBe('every day')
})

it('forgets old runs, but never the newest of a sync', async () => {
  await connect(1)
  await schedule('contacts')
  for (let n = 0; n < 3; n += 1) {
    await askForRuns(db, dev, 'incremental')
    for (const run of await claim()) await finish(run)
  }
  expect(await removeOldRuns(db, { ageMs: -1000, limit: 100 })).toBe(2)
  const [sync] = await listSyncs(db, dev)
  expect((await lastRunsOf(db, [sync?.id ?? ''])).size).toBe(1)
})
