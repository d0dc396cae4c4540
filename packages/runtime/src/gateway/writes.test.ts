import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { listResources } from '@plumb/store'
import type { GatewayAnswer } from './connection-gateway.js'
import { openTestGateway, refused, requestOf } from './testing/open-test-gateway.js'
import type { TestGateway } from './testing/open-test-gateway.js'

let t: TestGateway

beforeAll(async () => {
  t = await openTestGateway()
})
afterAll(() => t.close())
beforeEach(() => t.server.reset())

test('writes are counted and the one too many is refused with the count', async () => {
  const acme = await t.connect({ context: { writeLimit: 1 } })
  t.server.on('POST /items', { status: 201, body: { id: 1 } })
  const both = await Promise.all([1, 2].map(() => acme.request(requestOf('POST', 'items'))))
  expect(both.map(({ kind }) => kind)).toEqual(['answered', 'refused'])
  expect(refused(both[1] as GatewayAnswer).message).toContain(
    '"POST items" was not sent: it would be write 2',
  )
  expect((await acme.request(requestOf('GET', 'items'))).kind).toBe('answered')
  expect(t.server.seen).toHaveLength(2)
})

test('no write is sent where none is allowed', async () => {
  const acme = await t.connect({
    context: { allowWrites: false },
    provider: { proxy: { writes: ['GET chat.*'] } },
  })
  for (const [method, path] of [
    ['DELETE', 'items/1'],
    ['PUT', 'x'],
    ['GET', 'chat.post'],
  ] as const) {
    expect(refused(await acme.request(requestOf(method, path))).code).toBe('request-invalid')
  }
  expect(t.server.seen).toEqual([])
})

test('created resources are noted in the ledger, updates and failures are not', async () => {
  const acme = await t.connect({
    context: { attemptId: 'attempt-ledger' },
    provider: { proxy: { reads: ['POST search'] } },
  })
  t.server.on('POST /items', { status: 201, body: { id: 7 } })
  t.server.on('POST /wrapped', { body: { ok: true, item: { id: 'a b' } } })
  t.server.on('POST /located', { status: 201, headers: { location: '/things/9' } })
  t.server.on('POST /items/7', { body: { id: 7 } })
  t.server.on('PUT /items/8', { body: { id: 8 } })
  t.server.on('POST /bad', { status: 422, body: { id: 1 } })
  t.server.on('POST /search', { body: { id: 'q' } })
  for (const path of ['items?x=1', 'wrapped', 'located', 'items/7', 'bad', 'search']) {
    await acme.request(requestOf('POST', path))
  }
  await acme.request(requestOf('PUT', 'items/8'))
  const resources = await listResources(t.store.db, { attemptId: 'attempt-ledger' })
  expect(
    resources.map(({ url, resourceId }) => [url.slice(t.server.url.length), resourceId]),
  ).toEqual([
    ['/items/7', '7'],
    ['/wrapped/a%20b', 'a b'],
    ['/things/9', null],
  ])
})
