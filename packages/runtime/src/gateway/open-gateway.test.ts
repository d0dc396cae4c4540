import { createHash } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { listReceipts, verifyReceipts } from '@plumb/store'
import { answered, openTestGateway, refused, requestOf } from './testing/open-test-gateway.js'
import type { TestGateway } from './testing/open-test-gateway.js'

let t: TestGateway

beforeAll(async () => {
  t = await openTestGateway()
})
afterAll(() => t.close())
beforeEach(() => t.server.reset())

test('a call gets base URL and credential, and leaves a signed receipt with the raw body', async () => {
  const acme = await t.connect()
  t.server.on('GET /v1/items', { body: '{"items": [1,  2]}' })
  const response = answered(
    await acme.request(requestOf('GET', '/v1/items?a=1', { query: [['b', 'x y']] })),
  )
  expect(response).toMatchObject({
    status: 200,
    body: { encoding: 'utf8', text: '{"items": [1,  2]}' },
  })
  expect(t.server.seen[0]?.url).toBe('/v1/items?a=1&b=x%20y')
  expect(t.server.seen[0]?.headers.authorization).toBe('Bearer tok-secret-4711')
  const receipts = await t.receipts(acme)
  expect(receipts).toHaveLength(1)
  expect(receipts[0]).toMatchObject({
    sequence: 1,
    purpose: 'dryrun',
    write: false,
    request: { method: 'GET', url: `${t.server.url}/v1/items?a=1&b=x%20y`, body: null },
    response: {
      status: 200,
      body: {
        text: '{"items": [1,  2]}',
        bytes: 18,
        sha256: createHash('sha256').update('{"items": [1,  2]}').digest('hex'),
      },
    },
  })
  expect(verifyReceipts(receipts, t.store.keys.publicKeys)).toEqual([])
  expect(acme.calls).toMatchObject([{ receiptId: receipts[0]?.id, status: 200, write: false }])
})

test('an attempt has one chain for all of its calls', async () => {
  const acme = await t.connect({ context: { attemptId: 'attempt-1', executionId: 'execution-1' } })
  const receiptIds = []
  for (const path of ['a', 'b']) {
    const answer = await acme.request(requestOf('GET', path))
    receiptIds.push(answer.kind === 'answered' ? answer.call.receiptId : null)
  }
  const receipts = await listReceipts(t.store.db, { attemptId: 'attempt-1' })
  expect(receipts.map(({ id }) => id)).toEqual(receiptIds)
  expect(receipts.map(({ sequence, chain }) => [sequence, chain])).toEqual([
    [1, 'attempt-1'],
    [2, 'attempt-1'],
  ])
})

test('a function can set neither credential, host nor another method', async () => {
  const acme = await t.connect({ provider: { proxy: { headers: { 'X-Version': '7' } } } })
  const headers = {
    Authorization: 'Bearer mine',
    COOKIE: 'a=b',
    Host: 'evil.example',
    'X-HTTP-Method-Override': 'DELETE',
    'X-Custom': 'kept',
  }
  await acme.request(requestOf('GET', 'x', { headers }))
  const sent = t.server.seen[0]?.headers
  expect(sent).toMatchObject({
    authorization: 'Bearer tok-secret-4711',
    'x-custom': 'kept',
    'x-version': '7',
  })
  expect(sent?.host).toBe(new URL(t.server.url).host)
  expect(sent?.cookie).toBeUndefined()
  expect(sent?.['x-http-method-override']).toBeUndefined()
})

test('a header that would split the request is refused with its value', async () => {
  const acme = await t.connect()
  const error = refused(
    await acme.request(requestOf('GET', 'x', { headers: { 'x-a': 'b\r\nhost: evil' } })),
  )
  expect(error.message).toContain('"b\\r\\nhost: evil"')
  expect(t.server.seen).toEqual([])
})

test('another connection is refused by name', async () => {
  const acme = await t.connect()
  const connection = { integrationKey: 'other', connectionId: 'theirs' }
  expect(refused(await acme.request(requestOf('GET', 'x', { connection }))).message).toContain(
    '"theirs" of "other"',
  )
})

test('an unknown connection is named', async () => {
  await expect(t.connect({ context: { connectionId: 'nobody' } })).rejects.toThrow(
    'has no connection "nobody"',
  )
})

test('without a receipt there is no answer', async () => {
  const full = async () => Promise.reject(new Error('disk full'))
  const acme = await t.connect({ gateway: { db: { ...t.store.db, transaction: full } } })
  t.server.on('GET /x', { body: {} })
  await expect(acme.request(requestOf('GET', 'x'))).rejects.toThrow('disk full')
  expect(acme.calls).toEqual([])
})
