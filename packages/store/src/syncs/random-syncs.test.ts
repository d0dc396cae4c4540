import { afterAll, beforeAll, expect, it } from 'vitest'
import { saveConnection } from '../connections/connections.js'
import { saveIntegration } from '../connections/integrations.js'
import { openTestDatabase } from '../testing/index.js'
import type { TestDatabase } from '../testing/index.js'
import { claimDueSyncs } from './claim-syncs.js'
import { addSyncVariant, ensureSyncs } from './ensure-syncs.js'
import { beginSlice, endSlice, finishSyncRun, prepareRun, writeCheckpoint } from './sync-slices.js'
import type { RunEnding, SliceStart } from './sync-slices.js'
import { askForRuns, listSyncs, pauseSyncs, removeSyncs, startSyncs } from './syncs.js'
import type { SyncMode } from './syncs.js'

/* Whatever happens to syncs, in whatever order: one run at a time, no paused one runs, nothing asked for is lost. */

let db: TestDatabase
const dev = { environment: 'dev' }
const modes: readonly SyncMode[] = ['incremental', 'full_refresh', 'full_refresh_and_clear_cache']
const states: readonly RunEnding['state'][] = ['success', 'failed', 'paused', 'cancelled']

beforeAll(async () => {
  db = await openTestDatabase()
  await saveIntegration(db, 'dev', { integrationKey: 'crm', provider: 'crm' })
})
afterAll(() => db?.close())

/** The same numbers for the same seed, from 0 to below `most`. */
function dice(seed: number): (most: number) => number {
  let state = seed
  return (most) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * most)
  }
}

type World = {
  readonly roll: (most: number) => number
  readonly newId: () => string
  /** Slices that somebody executes, those that were taken over too. */
  readonly slices: SliceStart[]
  /** The strongest mode that was asked for and not begun yet, by sync id. */
  readonly asked: Map<string, SyncMode>
}

const pick = <T>({ roll }: World, from: readonly T[]): T | undefined => from[roll(from.length)]

async function connect(connectionId: string): Promise<void> {
  await saveConnection(db, {
    ...{ ...dev, integrationKey: 'crm', connectionId, provider: 'crm', state: 'ok' },
    ...{ connectionConfig: {}, metadata: {}, encryptedCredential: 'x', credentialVersion: 1 },
    ...{ createdAt: '2026-01-01T00:00:00.000Z', updatedAt: '2026-01-01T00:00:00.000Z' },
  })
}

const deploy = (names: readonly string[]): Promise<unknown> =>
  ensureSyncs(
    db,
    dev,
    names.map((name) => ({
      ...{ integrationKey: 'crm', name, frequency: 'every hour', periodMs: 3_600_000 },
      autoStart: true,
    })),
  )

async function claim({ newId }: World): Promise<void> {
  const runIds = [newId(), newId()]
  const before = new Map((await listSyncs(db, dev)).map((sync) => [sync.id, sync]))
  await claimDueSyncs(db, { runIds, perEnvironment: 3 })
  for (const { id, runId } of await listSyncs(db, dev)) {
    const was = before.get(id)
    if (runId === null || was?.runId !== null) continue
    expect(was.state === 'started' || was.asked !== null, 'a paused sync runs').toBe(true)
  }
}

/** What somebody asks for, or an executing server does, next. */
const moves: readonly ((world: World) => Promise<unknown>)[] = [
  claim,
  claim,
  (world) => startSyncs(db, someOf(world)),
  async (world) => {
    const filter = someOf(world)
    await pauseSyncs(db, filter)
    for (const { id } of await listSyncs(db, filter)) world.asked.delete(id)
  },
  async (world) => {
    const mode = pick(world, modes) ?? 'incremental'
    const filter = someOf(world)
    await askForRuns(db, filter, mode)
    for (const { id } of await listSyncs(db, filter)) {
      const before = world.asked.get(id) ?? 'incremental'
      world.asked.set(id, modes.indexOf(mode) > modes.indexOf(before) ? mode : before)
    }
  },
  beginOne,
  beginOne,
  async (world) => {
    const slice = pick(world, world.slices)
    if (slice !== undefined) {
      await writeCheckpoint(db, slice, { checkpoint: { n: 1 }, expected: 0, counts: {} })
      await endSlice(db, slice, {})
    }
  },
  async (world) => {
    const slice = pick(world, world.slices)
    const state = pick(world, states) ?? 'success'
    if (slice === undefined || (!slice.prepared && state !== 'failed')) return
    await finishSyncRun(db, slice, { state, counts: {} })
  },
  async (world) => {
    // Only some of the servers know of the newest deployment at first.
    await deploy([['contacts'], ['deals'], ['contacts', 'deals']][world.roll(3)] ?? [])
  },
  async (world) => {
    const connectionId = `c${world.roll(2)}`
    if (world.roll(8) > 0) return
    for (const { id } of await listSyncs(db, { ...dev, connectionId })) world.asked.delete(id)
    await db.query('delete from plumb.connections where connection_id = $1', [connectionId])
    await connect(connectionId)
  },
  async (world) => {
    const name = { ...dev, integrationKey: 'crm', connectionId: 'c0', name: 'contacts' }
    if (world.roll(2) === 0) return addSyncVariant(db, { ...name, variant: 'eu' })
    const filter = { ...dev, connectionId: 'c0', syncs: [{ name: 'contacts', variant: 'eu' }] }
    for (const { id } of await listSyncs(db, filter)) world.asked.delete(id)
    return removeSyncs(db, filter)
  },
]

async function beginOne(world: World): Promise<void> {
  const running = (await listSyncs(db, dev)).filter(({ runId }) => runId !== null)
  const sync = pick(world, running)
  if (sync === undefined || sync.runId === null) return
  const slice = await beginSlice(db, sync.runId)
  if (slice === null) throw new Error('A run under way can not be begun.')
  if (slice.prepared || world.roll(2) === 0) return void world.slices.push(slice)
  const kept = await prepareRun(db, { ...slice, deploymentId: 'd' }, async () => undefined)
  expect(kept).toBe(true)
  world.slices.push({ ...slice, prepared: true })
  const asked = world.asked.get(sync.id)
  if (asked !== undefined && modes.indexOf(slice.mode) >= modes.indexOf(asked)) {
    world.asked.delete(sync.id)
  }
}

function someOf({ roll }: World) {
  const syncs = [{ name: roll(2) === 0 ? 'contacts' : 'deals', variant: 'base' }]
  return { ...dev, connectionId: `c${roll(2)}`, ...(roll(2) === 0 && { syncs }) }
}

async function check(world: World): Promise<void> {
  const syncs = await listSyncs(db, dev)
  const running = syncs.filter(({ runId }) => runId !== null)
  const connections = running.map(({ connectionId }) => connectionId)
  expect(new Set(connections).size, 'one run of a connection at a time').toBe(connections.length)
  const rows = await db.query<{ id: string; ended: boolean }>(
    'select id, finished_at is not null as ended from plumb.sync_runs where id = any ($1)',
    [running.map(({ runId }) => runId)],
  )
  expect(rows.map(({ ended }) => ended)).toEqual(running.map(() => false))
  for (const [id, mode] of world.asked) {
    const sync = syncs.find((one) => one.id === id)
    if (sync === undefined) continue
    const [run] = await db.query<{ mode: SyncMode; prepared: boolean }>(
      'select mode, prepared from plumb.sync_runs where id = $1',
      [sync.runId],
    )
    const coming = [sync.asked, run?.prepared === false ? run.mode : null]
    const strongest = Math.max(...coming.map((one) => (one === null ? -1 : modes.indexOf(one))))
    if (mode === 'incremental') continue
    expect(strongest, `${mode} was asked for`).toBeGreaterThanOrEqual(modes.indexOf(mode))
  }
}

it.each([1, 2, 3, 4])('in an order of chance, %i', async (seed) => {
  const [roll, ids] = [dice(seed), { last: 0 }]
  const world: World = {
    ...{ roll, slices: [], asked: new Map() },
    newId: () => `r${seed}-${(ids.last += 1)}`,
  }
  await db.query('delete from plumb.connections')
  for (const connectionId of ['c0', 'c1']) await connect(connectionId)
  await deploy(['contacts', 'deals'])
  for (let step = 0; step < 150; step += 1) {
    await pick(world, moves)?.(world)
    await check(world)
  }
})
