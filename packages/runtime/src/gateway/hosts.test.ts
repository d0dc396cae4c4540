import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import {
  answered,
  jsonBody,
  openTestGateway,
  refused,
  requestOf,
} from './testing/open-test-gateway.js'
import type { TestGateway } from './testing/open-test-gateway.js'

let t: TestGateway

beforeAll(async () => {
  t = await openTestGateway()
})
afterAll(() => t.close())
beforeEach(() => t.server.reset())

test('an endpoint that leaves the base URL is refused before anything is sent', async () => {
  const acme = await t.connect({ integration: { baseUrl: `${t.server.url}/base` } })
  const endpoints = [
    'https://evil.example/x',
    `http://user:pw@${new URL(t.server.url).host}/base/x`,
    'file:///etc/passwd',
    `${t.server.url}/elsewhere`,
    '../admin',
    'a/../../admin',
    'a/%2e%2e/%2E%2E/admin',
    'a/..%2f..%2fadmin',
    'a%252f..%252f..',
    'a\\..\\..\\admin',
    'a/\t../x',
    'items/1#/comments',
  ]
  for (const endpoint of endpoints) {
    const error = refused(await acme.request(requestOf('GET', endpoint)))
    expect(error.remedy).not.toBe('')
    expect(['host-not-allowed', 'request-invalid']).toContain(error.code)
  }
  expect(t.server.seen).toEqual([])
  expect(await t.receipts(acme)).toEqual([])
})

test('an endpoint that only looks dangerous is sent below the base path', async () => {
  const acme = await t.connect({ integration: { baseUrl: `${t.server.url}/base/` } })
  for (const endpoint of [
    '//evil.example/x',
    'a..b/c',
    'v4/x:batch',
    'calendars/a%40b.c',
    `${t.server.url}/base/y`,
    'https://api.acme.example/z?q=../..',
  ]) {
    answered(await acme.request(requestOf('GET', endpoint)))
  }
  expect(t.server.seen.map(({ url }) => url)).toEqual([
    '/base/evil.example/x',
    '/base/a..b/c',
    '/base/v4/x:batch',
    '/base/calendars/a%40b.c',
    '/base/y',
    '/base/z?q=../..',
  ])
})

test('a private address is refused unless the integration itself is there', async () => {
  const { port } = new URL(t.server.url)
  const acme = await t.connect({
    integration: { baseUrl: undefined },
    provider: {
      proxy: {
        baseUrl: 'https://api.acme.example',
        hosts: [`127.0.0.1:${port}`, `localhost:${port}`],
      },
    },
  })
  for (const host of ['127.0.0.1', 'localhost']) {
    const error = refused(await acme.request(requestOf('GET', `https://${host}:${port}/x`)))
    expect(error.code).toBe('host-not-allowed')
    expect(error.message).toContain('private address')
  }
  expect(t.server.seen).toEqual([])
})

test('redirects are followed on the same origin only, five times at most', async () => {
  const other = await t.connect()
  t.server.on('GET /a', { status: 302, headers: { location: '/b?x=1' } })
  t.server.on('GET /b', { body: { ok: true } })
  t.server.on('GET /loop', { status: 302, headers: { location: '/loop' } })
  t.server.on('GET /out', { status: 302, headers: { location: 'http://localhost:9/steal' } })
  expect(answered(await other.request(requestOf('GET', 'a'))).status).toBe(200)
  expect(other.calls.map(({ status }) => status)).toEqual([302, 200])
  expect(t.server.seen[1]?.headers.authorization).toBe('Bearer tok-secret-4711')
  expect(answered(await other.request(requestOf('GET', 'out'))).status).toBe(302)
  t.server.seen.length = 0
  expect(answered(await other.request(requestOf('GET', 'loop'))).status).toBe(302)
  expect(t.server.seen).toHaveLength(6)
})

test('a redirected POST becomes a GET on 303 and stays a POST on 307', async () => {
  const acme = await t.connect()
  t.server.on('POST /a', { status: 303, headers: { location: '/done' } })
  t.server.on('POST /b', { status: 307, headers: { location: '/again' } })
  await acme.request(requestOf('POST', 'a', { body: jsonBody({ n: 1 }) }))
  await acme.request(requestOf('POST', 'b', { body: jsonBody({ n: 2 }) }))
  expect(t.server.seen.map(({ method, url, body }) => [method, url, body])).toEqual([
    ['POST', '/a', '{"n":1}'],
    ['GET', '/done', ''],
    ['POST', '/b', '{"n":2}'],
    ['POST', '/again', '{"n":2}'],
  ])
})
