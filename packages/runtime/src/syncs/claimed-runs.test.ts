import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { connectTo } from './testing/open-sync-server.js'
import { openSyncPlace } from './testing/open-sync-place.js'
import type { SyncPlace } from './testing/open-sync-place.js'
import { listSync, startListApi } from './testing/start-list-api.js'
import type { ListApi } from './testing/start-list-api.js'

let place: SyncPlace
let api: ListApi
const integrationKey = 'claimed'

beforeAll(async () => {
  place = await openSyncPlace({ firstRetryMs: 20 })
  api = await startListApi(1)
})
afterAll(async () => {
  await api?.close()
  await place?.close()
})

it('runs that were claimed and could not be started are started later, all of them', async () => {
  const { db, server } = place
  for (const connectionId of ['c1', 'c2', 'c3']) {
    await connectTo(server.store, { integrationKey, connectionId, url: api.url })
  }
  await db.query(
    `create function refuse_work() returns trigger language plpgsql as $$
     begin raise exception 'no work'; end $$`,
  )
  await db.query(
    `create trigger refused before insert on plumb_engine.workflow_status
     for each row execute function refuse_work()`,
  )
  await place.deploy(integrationKey, listSync({ limit: 1 }))
  const claimed = (): Promise<unknown[]> =>
    db.query('select from plumb.syncs where run_id is not null')
  await place.until(async () => (await claimed()).length === 3)
  await sleep(200)
  await db.query('drop function refuse_work cascade')
  // As if half a minute had passed.
  await db.query(`update plumb.sync_runs set started_at = now() - interval '1 minute'`)
  await place.until(async () => {
    const runs = await place.runsOf(integrationKey)
    return runs.length === 3 && runs.every(({ state }) => state === 'success')
  })
})

it('a disk that is full passes: it is tried again until there is room', async () => {
  const { db, server } = place
  const key = 'full'
  await connectTo(server.store, { integrationKey: key, connectionId: 'c1', url: api.url })
  await db.query(
    `create function no_room() returns trigger language plpgsql as $$
     begin raise exception 'no room' using errcode = '53100'; end $$`,
  )
  await db.query(
    `create trigger full_disk before update of prepared on plumb.sync_runs
     for each row when (new.prepared) execute function no_room()`,
  )
  await place.deploy(key, listSync({ limit: 1 }))
  await place.until(async () => (await place.runsOf(key)).length > 3)
  expect((await place.runsOf(key)).at(-1)).toMatchObject({ error: { code: 'disk-full' } })
  await db.query('drop function no_room cascade')
  await place.until(async () => (await place.runsOf(key))[0]?.state === 'success')
})
