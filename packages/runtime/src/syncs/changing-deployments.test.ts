import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { rollBack } from '../deployments/roll-back.js'
import { connectTo } from './testing/open-sync-server.js'
import { openSyncPlace } from './testing/open-sync-place.js'
import type { SyncPlace } from './testing/open-sync-place.js'
import { listSync, startListApi } from './testing/start-list-api.js'
import type { ListApi } from './testing/start-list-api.js'

let place: SyncPlace
let api: ListApi
/** Lets the provider answer the third page. */
let goOn: () => void
let count = 0

beforeAll(async () => {
  // Each page is a slice of its own, which asks anew what it has to execute.
  place = await openSyncPlace({ sliceMs: 0 })
})
afterEach(() => api?.close())
afterAll(() => place?.close())

const deploy = (integrationKey: string, version: number): Promise<void> =>
  place.deploy(
    integrationKey,
    listSync({ limit: 10 }).replace('{ limit: 10,', `{ limit: 10, v: ${version},`),
  )

/** A version without the sync. */
async function deployWithout(integrationKey: string): Promise<void> {
  const action = `const { createAction } = require('nango'); const z = require('zod')
    module.exports.default = createAction({ description: 'd', input: z.unknown(), output: z.unknown(),
      exec: async () => null })`
  await place.deploy(integrationKey, action)
  await place.db.query(
    `delete from plumb.deployed_functions where integration_key = $1 and kind = 'sync' and deployment_id =
       (select id from plumb.deployments where state = 'live')`,
    [integrationKey],
  )
  await place.server.syncs.ensureAll('dev')
}

async function goBack(): Promise<void> {
  const author = { id: `dep_${randomUUID()}`, createdBy: 'test', now: new Date().toISOString() }
  await rollBack(place.server.store, { ...author, deployment: 'previous' })
  await place.server.syncs.ensureAll('dev')
}

/** A sync of five pages that has stored one or two, and waits for the third until `goOn`. */
async function beginSync(): Promise<string> {
  const integrationKey = `deployed-${(count += 1)}`
  api = await startListApi(50)
  goOn = api.hold(20)
  const account = { integrationKey, connectionId: 'c1', url: api.url }
  await connectTo(place.server.store, account)
  await deploy(integrationKey, 1)
  await place.until(async () => (await place.countRecords(integrationKey)) >= 10)
  return integrationKey
}

/** The versions that asked for pages, in their order. */
const versions = (): string => api.urls.map((url) => /v=(\d)/.exec(url)?.[1]).join('')

const trigger = (integrationKey: string): Promise<void> =>
  place.server.syncs.trigger({ environment: 'dev', integrationKey }, 'incremental')

describe('a deployment under a sync that runs', () => {
  it('leaves the run on its version; the next run is of the new one, or of the one rolled back to', async () => {
    const key = await beginSync()
    await deploy(key, 2)
    goOn()
    const first = await place.ended(key, 1)
    expect(first).toMatchObject({ state: 'success', slices: 5, error: null })
    expect(versions()).toBe('11111')

    await trigger(key)
    await place.until(async () => api.urls.length >= 7)
    await goBack()
    const second = await place.ended(key, 2)
    expect(second).toMatchObject({ state: 'success', slices: 5, error: null })
    expect(versions()).toBe('1111122222')
    expect(second.deploymentId).not.toBe(first.deploymentId)

    await trigger(key)
    expect(await place.ended(key, 3)).toMatchObject({ state: 'success' })
    expect(versions()).toBe('111112222211111')
  })

  it('without the sync ends the run at once, keeps what it stored, and writes nothing more', async () => {
    const key = await beginSync()
    await deployWithout(key)
    goOn()
    expect(await place.ended(key, 1)).toMatchObject({ state: 'cancelled', error: null })
    const [asked, kept] = [api.urls.length, await place.countRecords(key)]
    expect([10, 20, 30, 40]).toContain(kept)
    await sleep(400)
    expect([api.urls.length, await place.countRecords(key)]).toEqual([asked, kept])
    expect(await place.server.syncs.status({ environment: 'dev', integrationKey: key })).toEqual([])
    expect(await place.loggedEnd(key)).toMatchObject({ state: 'cancelled', error: null })
  })

  it('without the sync ends the run also where it has just saved a checkpoint', async () => {
    await place.db.query(
      `create function remove_sync() returns trigger language plpgsql as $$
       begin delete from plumb.syncs where id = new.id; return null; end $$`,
    )
    await place.db.query(
      `create trigger removed after update of checkpoint_version on plumb.syncs
       for each row when (new.checkpoint is not null) execute function remove_sync()`,
    )
    try {
      const key = await beginSync()
      expect(await place.ended(key, 1)).toMatchObject({ state: 'cancelled', error: null })
      expect(await place.countRecords(key)).toBe(10)
      expect(await place.loggedEnd(key)).toMatchObject({ state: 'cancelled' })
    } finally {
      await place.db.query('drop function remove_sync cascade')
    }
  })

  it('without the sync, and rolled back later, leaves it all that it had, and goes on from its checkpoint', async () => {
    const key = await beginSync()
    const name = { environment: 'dev', integrationKey: key, connectionId: 'c1', name: 'items' }
    const base = { ...name, variant: 'base' }
    const { syncs } = place.server
    await syncs.setFrequency(base, 'every 5m')
    await syncs.pause({ environment: 'dev', integrationKey: key })
    goOn()
    expect(await place.ended(key, 1)).toMatchObject({ state: 'paused' })
    await syncs.addVariant({ ...name, variant: 'eu' })
    const before = await syncs.status({ environment: 'dev', integrationKey: key })
    expect(before).toMatchObject([
      { frequency: 'every 5m', checkpoint: { after: expect.any(Number) }, lastRun: {} },
      { variant: 'eu', state: 'paused', checkpoint: null },
    ])
    await deployWithout(key)
    await syncs.ensureAll('dev')
    expect(await syncs.status({ environment: 'dev', integrationKey: key })).toEqual([])
    await goBack()
    expect(await syncs.status({ environment: 'dev', integrationKey: key })).toEqual(before)
    await syncs.start({ environment: 'dev', integrationKey: key, syncs: [base] })
    expect(await place.ended(key, 2)).toMatchObject({ state: 'success' })
    expect(await place.countRecords(key)).toBe(50)
    expect(api.urls).toHaveLength(5)
    expect(new Set(api.urls).size).toBe(5)
  })

  it('without the sync, and rolled back at once, begins a run of its own', async () => {
    const key = await beginSync()
    await deployWithout(key)
    await goBack()
    goOn()
    expect(await place.ended(key, 1)).toMatchObject({ state: 'cancelled' })
    expect(await place.ended(key, 2)).toMatchObject({ state: 'success' })
    expect(await place.countRecords(key)).toBe(50)
  })
})
