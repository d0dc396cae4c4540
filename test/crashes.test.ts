import { access } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { clockOff } from './faults/clock-off.js'
import type { Answer, FaultProject } from './faults/fault-project.js'
import { asking, startFaultProject } from './faults/fault-project.js'
import { killDatabase } from './faults/kill-database.js'
import { allIds, patience, questionsTo, theSync, told } from './faults/questions.js'
import { serveUnread } from './faults/serve-unread.js'
import { mountSmallDisk } from './faults/small-disk.js'
import { servePlumb } from './serve-plumb.js'

/* What happens to a server and its database: nothing is lost, and nothing is done twice that must not be. */

let project: FaultProject
const { begin, beginSync, lastRun, ordersOf, recordIds, syncOnce } = questionsTo(() => project)

beforeAll(async () => {
  project = await startFaultProject()
})

afterAll(() => project?.close())

beforeEach(begin)

const home = (): string => `${project.folder}/.plumb`

/** Something of everything that a kill can meet: orders under way, an answer to be kept, and a sync in its middle. */
async function getBusy(name: string) {
  const { plumb, provider } = project
  const keyed = (text: string) => ({ headers: { 'idempotency-key': text } })
  const done = await plumb.act('order', { text: `${name} done` }, keyed(`${name} done`))
  expect(done).toEqual({ status: 200, body: { taken: `${name} done` } })
  provider.holding = `${name} held`
  provider.holdingPage = 4
  const synced = await beginSync()
  const held = `${name} held`
  void plumb.act('order', { text: held }, keyed(held)).catch(() => null)
  const async = { headers: { 'x-async': 'true' }, connection: 'two' }
  const taken = await plumb.act('order', { text: `${held} later` }, async)
  expect(taken.status).toBe(200)
  await expect.poll(() => ordersOf(held) + ordersOf(`${held} later`), patience).toBe(2)
  await expect.poll(() => provider.pages.includes(4), patience).toBe(true)
  // Of one connection only some run at once, so one of these has not begun when the server dies.
  const more = await Promise.all(
    Array.from({ length: 5 }, (_, n) => plumb.act('order', { text: `${held} more ${n}` }, async)),
  )
  const [later = '', ...waiting] = [taken, ...more].map(({ body }) => String(body['id']))
  return { later, waiting, synced }
}

/** What must hold after a kill in the middle of it. */
async function expectNothingLost(name: string, busy: Awaited<ReturnType<typeof getBusy>>) {
  const { plumb, provider } = project
  provider.holding = null
  provider.holdingPage = null
  const keyed = (text: string) =>
    plumb.act('order', { text }, { headers: { 'idempotency-key': text } })
  expect(await keyed(`${name} done`)).toEqual({ status: 200, body: { taken: `${name} done` } })
  expect(ordersOf(`${name} done`)).toBe(1)
  const again = await keyed(`${name} held`)
  expect(again).toMatchObject({ status: 409, body: { error: told('action-interrupted') } })
  expect(ordersOf(`${name} held`)).toBe(1)
  const result = (id: string) => plumb.ask(`GET /action/${id}`)
  await expect
    .poll(async () => (await result(busy.later)).body, patience)
    .toMatchObject({ error: told('action-interrupted') })
  expect(ordersOf(`${name} held later`)).toBe(1)
  for (const [n, id] of busy.waiting.entries()) {
    const ending = async () => {
      const { body } = await result(id)
      return (body['error'] as { code: string } | undefined)?.code ?? Object.keys(body).join()
    }
    await expect.poll(ending, patience).toMatch(/^(taken|action-interrupted)$/)
    const orders = ordersOf(`${name} held more ${n}`)
    // One that had begun may have been killed on its way to the provider.
    if ((await ending()) === 'taken') expect(orders).toBe(1)
    else expect(orders).toBeLessThanOrEqual(1)
  }
  expect(await busy.synced()).toMatchObject({ state: 'success' })
  expect(await recordIds()).toEqual(allIds)
  // Only the page that was under way is asked for again.
  expect(provider.pages.filter((page) => page < 4)).toEqual([1, 2, 3])
}

async function expectReady(): Promise<void> {
  const ready = async () => (await project.plumb.ask('GET /ready')).body
  await expect.poll(ready, patience).toEqual({ status: 'ok', database: 'ok', engine: 'ok' })
}

describe('killed in the middle of its work', () => {
  test('the server', async () => {
    const busy = await getBusy('server')
    expect(await project.served.stop('SIGKILL')).toBeNull()
    await project.restart()
    await expectNothingLost('server', busy)
    const { body } = await project.plumb.ask('GET /logs?name=order&state=running')
    expect(body['operations']).toEqual([])
    const lost = await project.plumb.ask('GET /logs?name=order&state=failed')
    const operations = lost.body['operations'] as { error: { code: string } }[]
    expect(operations.map(({ error }) => error)).toContainEqual(told('operation-lost'))
  })

  test('PostgreSQL, under a server that goes on by itself', async () => {
    const { plumb, provider } = project
    provider.holdingPage = 4
    const synced = await beginSync()
    await expect.poll(() => provider.pages.includes(4), patience).toBe(true)
    await killDatabase(home())
    const answers: Answer[] = []
    const works = async () => {
      answers.push(await plumb.ask('GET /connections'))
      return answers.at(-1)?.status
    }
    await expect.poll(works, patience).toBe(200)
    const others = answers.filter(({ status }) => status !== 200)
    for (const { status, body } of others) {
      expect({ status, body }).toMatchObject({
        status: 503,
        body: { error: told('database-unavailable') },
      })
    }
    expect((await plumb.act('order', { text: 'after' })).status).toBe(200)
    provider.holdingPage = null
    expect(await synced()).toMatchObject({ state: 'success' })
    expect(await recordIds()).toEqual(allIds)
    await expectReady()
  })

  test('PostgreSQL, under orders whose answers come while it is away', async () => {
    const { plumb, provider } = project
    provider.holding = 'away'
    const keyed = { headers: { 'idempotency-key': 'away keyed' } }
    const answered = plumb.act('order', { text: 'away keyed' }, keyed)
    const async = { headers: { 'x-async': 'true' }, connection: 'two' }
    const { body } = await plumb.act('order', { text: 'away later' }, async)
    await expect.poll(() => ordersOf('away keyed') + ordersOf('away later'), patience).toBe(2)
    await killDatabase(home())
    provider.holding = null
    expect(await answered).toEqual({ status: 200, body: { taken: 'away keyed' } })
    expect(await plumb.act('order', { text: 'away keyed' }, keyed)).toEqual(await answered)
    await expect
      .poll(async () => (await plumb.ask(`GET /action/${String(body['id'])}`)).body, patience)
      .toEqual({ taken: 'away later' })
    expect(ordersOf('away keyed') + ordersOf('away later')).toBe(2)
    await expectReady()
  })

  test('both at once', async () => {
    const busy = await getBusy('both')
    await killDatabase(home())
    expect(await project.served.stop('SIGKILL')).toBeNull()
    await project.restart()
    await expectNothingLost('both', busy)
  })
})

describe('two servers on one database', () => {
  test('do everything once', async () => {
    const { plumb, provider } = project
    const second = await servePlumb(project.folder)
    try {
      const other = asking(second.url, project.secretKey)
      const keyed = { headers: { 'idempotency-key': 'twice' } }
      const both = await Promise.all(
        [plumb, other, plumb, other].map((one) => one.act('order', { text: 'twice' }, keyed)),
      )
      for (const one of both) expect(one).toEqual({ status: 200, body: { taken: 'twice' } })
      expect(ordersOf('twice')).toBe(1)
      expect(await syncOnce()).toMatchObject({ state: 'success' })
      expect(provider.pages).toEqual([1, 2, 3, 4, 5, 6])
      expect(await recordIds()).toEqual(allIds)
    } finally {
      expect(await second.stop()).toBe(0)
    }
  })
})

describe('the clock of a server', () => {
  test.each([1, -1])(
    'that jumps by %d day begins no run too early, and none too late',
    async (days) => {
      const before = await (await beginSync(null))()
      expect(before).toMatchObject({ state: 'success' })
      expect(await project.served.stop()).toBe(0)
      await project.restart(clockOff(days))
      // Once round: the scheduler looks every second.
      await new Promise((resolve) => setTimeout(resolve, 1500))
      expect(await lastRun()).toEqual(before)
      expect(await syncOnce()).toMatchObject({ state: 'success' })
      expect(await recordIds()).toEqual(allIds)
      expect((await project.plumb.act('look', {})).status).toBe(200)
      await project.plumb.ask('POST /sync/pause', { body: theSync })
    },
  )
})

const disk = await mountSmallDisk()
afterAll(() => disk?.remove())
if (disk === null) console.warn('Skipped: without mount(8) as root no disk can be filled here.')

test.skipIf(disk === null)(
  'a full disk is told, and work goes on when there is space',
  { timeout: 600_000 },
  async () => {
    if (disk === null) return
    const small = await project.beside(join(disk.path, 'home'))
    try {
      const order = (text: string) =>
        small.plumb.act('order', { text }, { headers: { 'idempotency-key': text.slice(0, 20) } })
      expect((await order('before')).status).toBe(200)
      await disk.fill()
      // Space that tables have already lasts for a while.
      const refusals: Answer[] = []
      for (let n = 0; n < 2000 && refusals.length === 0; n += 1) {
        const answer = await order(`${n} ${'so that tables grow '.repeat(200)}`)
        if (answer.status !== 200) refusals.push(answer)
      }
      expect(refusals[0]).toMatchObject({ status: 507, body: { error: told('disk-full') } })
      await disk.free()
      await expect.poll(async () => (await order('after')).status, patience).toBe(200)
      expect(await order('before')).toEqual({ status: 200, body: { taken: 'before' } })
      expect(ordersOf('before')).toBe(1)
      expect(ordersOf('after')).toBe(1)
      const logs = async () => (await small.plumb.ask('GET /logs?name=order&limit=1')).body
      await expect
        .poll(logs, patience)
        .toMatchObject({ operations: [{ state: 'success', name: 'order' }] })
    } finally {
      await disk.free()
      expect(await small.stop()).toBe(0)
    }
  },
)

test('a server whose lines nobody reads any more stops as it should', async () => {
  expect(await serveUnread(project.folder)).toBe(0)
  // The last thing a server does: it takes back the note of where it listens.
  await expect(access(`${home()}/server/running.json`)).rejects.toThrow('ENOENT')
})
