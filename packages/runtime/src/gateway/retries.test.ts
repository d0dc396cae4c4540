import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { answered, jsonBody, openTestGateway, requestOf } from './testing/open-test-gateway.js'
import type { TestGateway } from './testing/open-test-gateway.js'

let t: TestGateway

beforeAll(async () => {
  t = await openTestGateway()
})
afterAll(() => t.close())
beforeEach(() => {
  t.server.reset()
  t.waits.length = 0
})

test('retries wait as asked, and each try leaves a receipt', async () => {
  const acme = await t.connect()
  t.server.on(
    'GET /x',
    { status: 429, headers: { 'retry-after': '7' } },
    { status: 503 },
    { body: { ok: 1 } },
  )
  expect(answered(await acme.request(requestOf('GET', 'x', { retries: 3 }))).status).toBe(200)
  expect(t.waits).toEqual([7000, 1000])
  expect((await t.receipts(acme)).map(({ response }) => response?.status)).toEqual([429, 503, 200])
})

test('without retries the first answer is the answer', async () => {
  const acme = await t.connect()
  t.server.on('GET /x', { status: 503 })
  expect(answered(await acme.request(requestOf('GET', 'x'))).status).toBe(503)
  expect(t.server.seen).toHaveLength(1)
})

test('a declared status is not retried', async () => {
  const acme = await t.connect()
  t.server.on('GET /x', { status: 503 })
  await acme.request(requestOf('GET', 'x', { retries: 3, expectedStatus: [503] }))
  expect(t.server.seen).toHaveLength(1)
})

test('a write is not repeated after 5xx or a broken connection, but after 429 and with an idempotency key', async () => {
  const acme = await t.connect()
  const reset = (_: unknown, response: { destroy(): void }) => response.destroy()
  t.server.on('POST /x', { status: 503 })
  await acme.request(requestOf('POST', 'x', { retries: 2 }))
  expect(t.server.seen).toHaveLength(1)
  t.server.reset()
  t.server.on('POST /x', reset)
  const broken = await acme.request(requestOf('POST', 'x', { retries: 2 }))
  expect(broken).toMatchObject({ kind: 'unreachable', code: 'connection-reset' })
  expect(t.server.seen).toHaveLength(1)
  t.server.reset()
  t.server.on('POST /x', { status: 429 }, { status: 201 })
  expect(answered(await acme.request(requestOf('POST', 'x', { retries: 2 }))).status).toBe(201)
  t.server.reset()
  t.server.on('POST /x', reset, { status: 503 }, { status: 201 })
  const headers = { 'Idempotency-Key': 'k1' }
  expect(answered(await acme.request(requestOf('POST', 'x', { retries: 2, headers }))).status).toBe(
    201,
  )
})

test('a POST that the provider calls a read is retried like one', async () => {
  const acme = await t.connect({ provider: { proxy: { reads: ['POST v1/*/search'] } } })
  t.server.on('POST /v1/items/search', { status: 500 }, { body: [] })
  expect(
    answered(await acme.request(requestOf('POST', 'v1/items/search', { retries: 1 }))).status,
  ).toBe(200)
  expect(acme.calls.map(({ write }) => write)).toEqual([false, false])
})

test('a GraphQL query reads, a mutation writes', async () => {
  const acme = await t.connect()
  const send = (query: string) =>
    acme.request(requestOf('POST', 'graphql', { body: jsonBody({ query }) }))
  await send('{ viewer { id } }')
  await send('mutation { x }')
  await send('query A { a } mutation B { b }')
  expect(acme.calls.map(({ write }) => write)).toEqual([false, true, true])
})

test('a refused connection is unreachable, with a receipt that says so', async () => {
  const acme = await t.connect({ integration: { baseUrl: 'http://127.0.0.1:9' } })
  const answer = await acme.request(requestOf('POST', 'x', { retries: 1 }))
  expect(answer).toMatchObject({
    kind: 'unreachable',
    code: 'connection-refused',
    call: { status: null },
  })
  expect((await t.receipts(acme)).map(({ failure }) => failure?.code)).toEqual([
    'connection-refused',
    'connection-refused',
  ])
})

test('a response that ends too early is a failure', async () => {
  const acme = await t.connect()
  t.server.on('GET /x', (_, response) => {
    response.writeHead(200, { 'content-length': '100' })
    response.write('{"half":')
    setTimeout(() => response.destroy(), 20)
  })
  expect(await acme.request(requestOf('GET', 'x'))).toMatchObject({
    kind: 'unreachable',
    code: 'truncated',
  })
})

test('a compressed response is read, also for its size', async () => {
  const acme = await t.connect()
  const send = (body: Buffer) =>
    t.server.on('GET /x', (_, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' })
      response.end(gzipSync(body))
    })
  send(Buffer.from('{"a":1}'))
  const response = answered(await acme.request(requestOf('GET', 'x')))
  expect(response.body.text).toBe('{"a":1}')
  expect(response.headers['content-encoding']).toBeUndefined()
  send(Buffer.alloc(17 * 1024 * 1024))
  expect(await acme.request(requestOf('GET', 'x'))).toMatchObject({
    kind: 'unreachable',
    code: 'too-large',
  })
})

test('a cancelled call ends with the reason of its signal, and its receipt is kept', async () => {
  const acme = await t.connect()
  const controller = new AbortController()
  t.server.on('GET /x', () => controller.abort(new Error('enough')))
  await expect(acme.request(requestOf('GET', 'x'), controller.signal)).rejects.toThrow('enough')
  expect((await t.receipts(acme)).map(({ failure }) => failure?.code)).toEqual(['aborted'])
})

test('a provider that does not answer is given up after the timeout', async () => {
  const acme = await t.connect({ gateway: { timeoutMs: 50 } })
  t.server.on('GET /x', () => undefined)
  t.server.on('GET /slow', (_, response) => {
    response.writeHead(200)
    response.write('{')
  })
  for (const path of ['x', 'slow']) {
    const answer = await acme.request(requestOf('GET', path))
    expect(answer).toMatchObject({
      kind: 'unreachable',
      code: 'timeout',
      message: 'no answer within 50 ms',
    })
  }
})

test('the stop signal of the gateway ends every call', async () => {
  const stop = new AbortController()
  const acme = await t.connect({ gateway: { signal: stop.signal } })
  t.server.on('GET /x', () => stop.abort(new Error('shutting down')))
  await expect(acme.request(requestOf('GET', 'x'))).rejects.toThrow('shutting down')
})

test('a response that is too large is given up while it still comes', async () => {
  const acme = await t.connect()
  t.server.on('GET /x', (_, response) => response.end(Buffer.alloc(17 * 1024 * 1024)))
  expect(await acme.request(requestOf('GET', 'x', { retries: 2 }))).toMatchObject({
    kind: 'unreachable',
    code: 'too-large',
    message: expect.stringContaining('larger than 16 MB'),
  })
  expect(t.server.seen).toHaveLength(1)
})
