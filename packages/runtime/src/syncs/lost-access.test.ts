import { setTimeout as sleep } from 'node:timers/promises'
import { getConnection } from '@plumb/store'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { checkConnection } from '../connections/check-connection.js'
import { openGateway } from '../gateway/open-gateway.js'
import { connectTo } from './testing/open-sync-server.js'
import { openSyncPlace } from './testing/open-sync-place.js'
import type { SyncPlace } from './testing/open-sync-place.js'
import { listSync, startListApi } from './testing/start-list-api.js'
import type { ListApi } from './testing/start-list-api.js'

let place: SyncPlace
let api: ListApi
let count = 0
const connectionId = 'c1'
const page = 100

beforeAll(async () => {
  // A failure that is tried again by itself would be seen here.
  place = await openSyncPlace({ firstRetryMs: 200 })
})
afterEach(() => api?.close())
afterAll(() => place?.close())

const stateOf = async (integrationKey: string) =>
  (await getConnection(place.db, { environment: 'dev', integrationKey, connectionId }))?.state

/** As a person does it, with a new token. */
async function reconnect(integrationKey: string): Promise<void> {
  const { store, syncs } = place.server
  await connectTo(store, { integrationKey, connectionId, url: api.url, token: 'second-1' })
  await syncs.ensureFor({ environment: 'dev', integrationKey, connectionId })
}

/** A sync of five pages whose provider refuses it after two; resolves when its run has ended. */
async function loseAccess(mood: Partial<ListApi['mood']>): Promise<string> {
  const integrationKey = `lost-${(count += 1)}`
  api = await startListApi(5 * page)
  const goOn = api.hold(2 * page)
  await connectTo(place.server.store, { integrationKey, connectionId, url: api.url })
  await place.deploy(integrationKey, listSync({ limit: page }))
  await place.until(async () => (await place.countRecords(integrationKey)) >= 2 * page)
  Object.assign(api.mood, mood)
  goOn()
  await place.ended(integrationKey, 1)
  return integrationKey
}

describe('a sync that loses access to its account', () => {
  it.each([
    [401, 'unauthorised'],
    [403, 'account suspended'],
  ])(
    'ends at a %i, keeps what it has, leaves the provider alone, and goes on when reconnected',
    async (status, reason) => {
      const key = await loseAccess({ status, reason, account: 401 })
      const [run] = await place.runsOf(key)
      const remedy = `Reconnect connection "c1" of "${key}".`
      expect(run).toMatchObject({ state: 'failed', error: { code: 'access-lost', remedy } })
      expect(run?.error?.message).toContain(`answered with ${status} "${reason}"`)
      expect((await place.loggedEnd(key)).error).toMatchObject({ code: 'access-lost', remedy })
      expect(await stateOf(key)).toBe('needs-reconnect')
      const kept = await place.countRecords(key)
      expect(kept).toBeLessThan(5 * page)
      const one = { environment: 'dev', integrationKey: key }
      const [sync] = await place.server.syncs.status(one)
      expect(sync?.checkpoint).toEqual({ after: kept })

      const before = api.urls.length
      await sleep(700)
      expect([api.urls.length, (await place.runsOf(key)).length]).toEqual([before, 1])

      Object.assign(api.mood, { status: null, account: 200 })
      await reconnect(key)
      expect(await place.ended(key, 2)).toMatchObject({ state: 'success', mode: 'incremental' })
      expect(await place.countRecords(key)).toBe(5 * page)
      // Only the page that was refused is asked for again.
      expect([...api.asked].filter(([, times]) => times > 1)).toEqual([[kept, 2]])
      expect(await stateOf(key)).toBe('ok')
    },
  )

  it('goes on by itself as soon as the connection works again, however long its period', async () => {
    const key = await loseAccess({ status: 401, account: 401 })
    // Who asks for a run meanwhile does not bother the provider either.
    const before = api.urls.length
    await place.server.syncs.trigger({ environment: 'dev', integrationKey: key }, 'incremental')
    await sleep(400)
    expect(api.urls).toHaveLength(before)
    await place.db.query('update plumb.syncs set asked = null where integration_key = $1', [key])
    Object.assign(api.mood, { status: null, account: 200 })
    const gateway = openGateway(place.server.store)
    const name = { integrationKey: key, connectionId }
    const check = await checkConnection({ db: place.db, gateway }, name).finally(() =>
      gateway.close(),
    )
    expect(check).toMatchObject({ kind: 'ok' })
    expect(await place.ended(key, 2)).toMatchObject({ state: 'success' })
  })

  it('for want of a scope waits for a reconnection, and the account stays usable', async () => {
    const key = await loseAccess({ status: 403, reason: 'scope items.read is missing' })
    const [run] = await place.runsOf(key)
    expect(run).toMatchObject({ state: 'failed', error: { code: 'access-lost' } })
    expect(run?.error?.remedy).toMatch(/scope.*reconnect connection "c1"/)
    expect(await stateOf(key)).toBe('ok')
    await sleep(700)
    expect(await place.runsOf(key)).toHaveLength(1)
    api.mood.status = null
    await reconnect(key)
    expect(await place.ended(key, 2)).toMatchObject({ state: 'success' })
    expect(await place.countRecords(key)).toBe(5 * page)
  })

  it('fails as any other when the account itself still opens', async () => {
    const key = await loseAccess({ status: 401, account: 200 })
    expect((await place.runsOf(key)).at(-1)).toMatchObject({ error: { code: 'sync-failed' } })
    expect(await stateOf(key)).toBe('ok')
  })
})
