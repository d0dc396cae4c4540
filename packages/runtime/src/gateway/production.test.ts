import { setTimeout as sleep } from 'node:timers/promises'
import { setConnectionState } from '@plumb/store'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { addConnection } from '../connections/connections.js'
import type { OperationLog } from '../logs/log-writer.js'
import type { ConnectOptions, TestGateway } from './testing/open-test-gateway.js'
import { answered, openTestGateway, requestOf } from './testing/open-test-gateway.js'

let world: TestGateway
beforeAll(async () => {
  world = await openTestGateway()
})
afterAll(() => world.close())

type Told = Parameters<OperationLog['message']>[0]

function memoryLog(): OperationLog & { told: Told[]; secrets: string[] } {
  const told: Told[] = []
  const secrets: string[] = []
  return {
    ...{ id: 'op', told, secrets },
    message: (message) => void told.push(message),
    conceal: (more) => void secrets.push(...more),
    finish: () => undefined,
  }
}

/** A gateway whose clock a test moves; its waits move it too. */
async function connect(o: ConnectOptions & { at?: number } = {}) {
  world.server.reset()
  const clock = { at: o.at ?? Date.parse('2026-03-01T00:00:00.000Z') }
  const waits: number[] = []
  const log = memoryLog()
  const gateway = await world.connect({
    ...o,
    context: { purpose: 'execution', log, ...o.context },
    gateway: {
      clock: {
        now: () => clock.at,
        wait: async (ms) => {
          waits.push(ms)
          clock.at += ms
        },
      },
      ...o.gateway,
    },
  })
  return { gateway, waits, log, clock }
}

it('tells calls to the log instead of signing receipts, and hides the credential', async () => {
  const { gateway, log } = await connect()
  world.server.on('GET /a', { body: { seen: 'tok-secret-4711' } })
  const response = answered(await gateway.request(requestOf('GET', '/a')))
  expect(response.body.text).toBe('{"seen":"[secret]"}')
  expect(await world.receipts(gateway)).toEqual([])
  expect(gateway.calls).toMatchObject([{ receiptId: null, status: 200 }])
  expect(JSON.stringify(log.told)).not.toContain('tok-secret-4711')
  expect(log.told[0]).toMatchObject({
    level: 'info',
    details: { method: 'GET', status: 200, request: { headers: { authorization: '[secret]' } } },
  })
  expect(log.secrets).toContain('tok-secret-4711')
})

it.each([
  ['x-ratelimit-*', { 'x-ratelimit-remaining': '1', 'x-ratelimit-reset': '10' }],
  ['the draft with three fields', { 'ratelimit-remaining': '1', 'ratelimit-reset': '10' }],
  ['the draft with one field', { ratelimit: '"burst";r=90;t=60, "default";r=1;t=10' }],
  ['the older draft', { ratelimit: 'limit=100, remaining=1, reset=10' }],
  [
    'epoch seconds',
    {
      'x-ratelimit-remaining': '1',
      'x-ratelimit-reset': String(Date.parse('2026-03-01T00:00:10.000Z') / 1000),
    },
  ],
])('counts down what is left: %s', async (_name, headers) => {
  const { gateway, waits, log, clock } = await connect()
  const began = clock.at
  world.server.on('GET /a', { body: {}, headers }, { body: {} })
  for (let n = 0; n < 3; n++) answered(await gateway.request(requestOf('GET', '/a')))
  expect(waits).toHaveLength(1)
  expect(clock.at - began).toBeGreaterThanOrEqual(10_000)
  expect(log.told.map(({ text }) => text)).toContainEqual(
    expect.stringMatching(/^Waited \d+ ms for the rate limit of the connection\.$/),
  )
})

it("follows the provider's own headers", async () => {
  const retry = { remaining: 'X-Left', at: 'X-Until' }
  const { gateway, clock } = await connect({ provider: { proxy: { retry } } })
  const began = clock.at
  const headers = { 'x-left': '0', 'x-until': new Date(began + 7000).toUTCString() }
  world.server.on('GET /a', { body: {}, headers }, { body: {} })
  for (let n = 0; n < 2; n++) answered(await gateway.request(requestOf('GET', '/a')))
  expect(clock.at - began).toBeGreaterThanOrEqual(7000)
})

it.each([
  ['seconds', () => '12'],
  ['an HTTP date', (at: number) => new Date(at + 12_000).toUTCString()],
  ['epoch seconds', (at: number) => String((at + 12_000) / 1000)],
  ['epoch milliseconds', (at: number) => String(at + 12_000)],
])('holds every call of the connection back after a 429 with %s', async (_name, value) => {
  const { gateway, clock } = await connect()
  const began = clock.at
  const headers = { 'retry-after': value(began) }
  world.server.on('GET /limited', { status: 429, body: {}, headers })
  world.server.on('GET /other', { body: {} })
  expect(answered(await gateway.request(requestOf('GET', '/limited'))).status).toBe(429)
  expect(clock.at).toBe(began)
  answered(await gateway.request(requestOf('GET', '/other')))
  expect(clock.at - began).toBeGreaterThanOrEqual(12_000)
})

it('waits no longer than it may, and leaves dry runs alone', async () => {
  const headers = { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '3600' }
  for (const purpose of ['execution', 'dryrun'] as const) {
    const { gateway, waits } = await connect({ context: { purpose } })
    world.server.on('GET /a', { body: {}, headers })
    for (let n = 0; n < 2; n++) answered(await gateway.request(requestOf('GET', '/a')))
    expect(waits).toEqual([])
  }
})

it('has no more calls of a connection under way than it may', async () => {
  const { gateway } = await connect({ gateway: { callsAtOnce: 2 } })
  let active = 0
  let most = 0
  let tell = (): void => undefined
  const two = new Promise<void>((resolve) => (tell = resolve))
  world.server.on('GET /a', (_request, response) => {
    most = Math.max(most, (active += 1))
    if (active === 2) tell()
    // Whoever may come beside those two has the time to.
    void two
      .then(() => sleep(20))
      .then(() => {
        active -= 1
        response.end('{}')
      })
  })
  await Promise.all(Array.from({ length: 10 }, () => gateway.request(requestOf('GET', '/a'))))
  expect(most).toBe(2)
})

it('tells before the first write, and does not write when that is refused', async () => {
  let allowed = true
  const told: string[] = []
  const beforeWrite = async () => {
    told.push('write')
    if (!allowed) throw new Error('the claim is lost')
  }
  const { gateway } = await connect({ context: { beforeWrite } })
  world.server.on('GET /a', { body: {} })
  world.server.on('POST /a', { body: {} })
  await gateway.request(requestOf('GET', '/a'))
  expect(told).toEqual([])
  await gateway.request(requestOf('POST', '/a'))
  allowed = false
  await expect(gateway.request(requestOf('POST', '/a'))).rejects.toThrow('the claim is lost')
  expect(told).toEqual(['write', 'write'])
  expect(world.server.seen.filter(({ method }) => method === 'POST')).toHaveLength(1)
})

it('uses a credential that was replaced, at the latest after a moment', async () => {
  const { gateway, clock } = await connect()
  world.server.on('GET /a', { body: {} })
  const { integrationKey, connectionId } = gateway.connection
  const sent = async () => {
    await gateway.request(requestOf('GET', '/a'))
    return world.server.seen.at(-1)?.headers.authorization
  }
  expect(await sent()).toBe('Bearer tok-secret-4711')
  const credential = { kind: 'bearer', token: 'tok-newer-4712' } as const
  const now = '2026-03-01T00:00:00.000Z'
  await addConnection(world.store, { integrationKey, connectionId, credential, now })
  clock.at += 6000
  expect(await sent()).toBe('Bearer tok-newer-4712')
  await setConnectionState(world.store.db, { ...gateway.connection, state: 'revoked' })
  clock.at += 6000
  expect((await gateway.request(requestOf('GET', '/a'))).kind).toBe('access-lost')
})
