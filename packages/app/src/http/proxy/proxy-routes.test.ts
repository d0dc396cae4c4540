import { once } from 'node:events'
import { createServer, request as httpRequest } from 'node:http'
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import { addConnection, addIntegration } from '@plumb/runtime'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import type { TestPlumb } from '../../server/testing/open-test-plumb.js'
import { openTestPlumb } from '../../server/testing/open-test-plumb.js'
import { proxyRoutes } from './proxy-routes.js'

type Answer = (request: IncomingMessage, response: ServerResponse) => void

let plumb: TestPlumb
let key: string
let answer: Answer
let seen: IncomingMessage[] = []
const secret = 'tok-secret-4711'
const provider = createServer((request, response) => {
  seen.push(request)
  answer(request, response)
})
const providerUrl = () => `http://127.0.0.1:${(provider.address() as AddressInfo).port}`

beforeAll(async () => {
  await new Promise<void>((resolve) => provider.listen(0, '127.0.0.1', resolve))
  plumb = await openTestPlumb({ routes: [proxyRoutes] })
  key = await plumb.keyOf()
  const store = plumb.plumb
  const integrationKey = 'files'
  await addIntegration(store, {
    integrationKey,
    provider: 'github',
    baseUrl: `${providerUrl()}/v1`,
  })
  const credential = { kind: 'bearer', token: secret } as const
  const now = new Date().toISOString()
  await addConnection(store, { integrationKey, connectionId: 'c1', credential, now })
})
beforeEach(() => {
  seen = []
})
afterAll(async () => {
  await plumb?.close()
  provider.closeAllConnections()
  await new Promise((resolve) => provider.close(resolve))
})

const ours = () => ({
  ...{ authorization: `Bearer ${key}`, 'connection-id': 'c1', 'provider-config-key': 'files' },
})

/** A raw request, so that nothing is decoded, followed or kept by a client. */
function open(method: string, path: string, headers: Record<string, string> = {}) {
  return httpRequest(`${plumb.url}/proxy${path}`, {
    method,
    headers: { ...ours(), ...headers },
    agent: false,
  })
}

type Received = { status: number; headers: IncomingHttpHeaders; body: Buffer }

async function send(
  method: string,
  path: string,
  o: { headers?: Record<string, string>; body?: Buffer } = {},
): Promise<Received> {
  const sent = open(method, path, o.headers)
  sent.end(o.body)
  const [response] = (await once(sent, 'response')) as [IncomingMessage]
  const chunks: Buffer[] = []
  for await (const chunk of response as AsyncIterable<Buffer>) chunks.push(chunk)
  const { statusCode: status = 0, headers } = response
  return { status, headers, body: Buffer.concat(chunks) }
}

const errorOf = ({ body }: Received) =>
  (JSON.parse(body.toString()) as { error: { code: string; remedy: string } }).error

it('passes on path, query, forwarded headers and bytes as they are, with the credential', async () => {
  const bytes = Buffer.from([0, 255, 128, 10, 13])
  answer = (request, response) => {
    response.setHeader('x-answer', 'yes')
    response.setHeader('set-cookie', 'session=1')
    response.setHeader('content-type', 'application/x-odd')
    request.pipe(response.writeHead(207))
  }
  const path = '/a%2Fb/ü?q=1&q=2&empty=&x=%20+'.replace('ü', '%C3%BC')
  const headers = {
    ...{ 'nango-proxy-x-custom': 'c', 'content-type': 'application/octet-stream' },
    ...{ 'nango-proxy-authorization': 'Bearer mine', 'x-own': 'not passed on' },
  }
  const got = await send('REPORT', path, { headers, body: bytes })
  expect(got).toMatchObject({ status: 207, body: bytes, headers: { 'x-answer': 'yes' } })
  expect(got.headers['content-type']).toBe('application/x-odd')
  expect(got.headers['set-cookie']).toBeUndefined()
  const [request] = seen
  expect(`${request?.method ?? ''} ${request?.url ?? ''}`).toBe(`REPORT /v1${path}`)
  expect(request?.headers).toMatchObject({
    ...{ authorization: `Bearer ${secret}`, 'x-custom': 'c', 'content-length': '5' },
    'content-type': 'application/octet-stream',
  })
  for (const name of ['x-own', 'connection-id', 'provider-config-key']) {
    expect(request?.headers[name]).toBeUndefined()
  }
})

it('hands compressed bodies on as they are, or decoded when asked', async () => {
  const zipped = gzipSync('{"a":1}')
  answer = (_request, response) => {
    response.writeHead(200, { 'content-encoding': 'gzip', 'content-length': zipped.length })
    response.end(zipped)
  }
  const plain = await send('GET', '/z', { headers: { 'accept-encoding': 'gzip' } })
  expect(plain.body).toEqual(zipped)
  expect(plain.headers['content-encoding']).toBe('gzip')
  const decoded = await send('GET', '/z', { headers: { decompress: 'true' } })
  expect(decoded.body.toString()).toBe('{"a":1}')
  expect(decoded.headers['content-encoding']).toBeUndefined()
})

it('tries again as asked, when the body can be sent again', async () => {
  let left = 2
  answer = (request, response) => {
    request.resume()
    response.writeHead(left-- > 0 ? 503 : 200, { 'retry-after': '0' }).end('x')
  }
  expect((await send('GET', '/r', { headers: { retries: '3' } })).status).toBe(200)
  expect(seen).toHaveLength(3)
  left = 2
  expect((await send('GET', '/r')).status).toBe(503)
  left = 1
  // A write that may have happened is not repeated.
  const body = Buffer.from('{}')
  expect((await send('POST', '/r', { headers: { retries: '3' }, body })).status).toBe(503)
})

it('refuses what it must not send, with code and remedy', async () => {
  answer = (_request, response) => response.end('reached')
  const cases: [string, string, Record<string, string>][] = [
    ['input-invalid', '/x', { 'connection-id': '' }],
    ['connection-unknown', '/x', { 'connection-id': 'none' }],
    ['unauthorized', '/x', { authorization: 'Bearer wrong' }],
    ['host-not-allowed', '/x', { 'base-url-override': 'http://169.254.169.254' }],
    ['host-not-allowed', '/x', { 'base-url-override': 'http://2130706433:1' }],
    ['request-invalid', '/..%2f..%2fadmin', {}],
    ['request-invalid', '/x', { 'base-url-override': 'not a url' }],
    ['request-invalid', '/x', { 'base-url-override': 'api.example.com/v2' }],
    ['input-invalid', '/x', { retries: 'many' }],
  ]
  for (const [code, path, headers] of cases) {
    const got = await send('GET', path, { headers })
    expect(errorOf(got).code, JSON.stringify([path, headers])).toBe(code)
    expect(errorOf(got).remedy).not.toBe('')
  }
  expect(seen).toEqual([])
})

it('follows no redirect to another origin, and hands the answer on', async () => {
  const other = createServer((_request, response) => response.end('stolen'))
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
  const location = `http://127.0.0.1:${(other.address() as AddressInfo).port}/steal`
  answer = (_request, response) => response.writeHead(302, { location }).end()
  const got = await send('GET', '/go')
  expect([got.status, got.headers.location]).toEqual([302, location])
  expect(got.body.toString()).toBe('')
  await new Promise((resolve) => other.close(resolve))
})

const mb = 1024 * 1024
const large = 200 * mb
const chunk = Buffer.alloc(mb / 4, 7)

async function* chunks(bytes: number): AsyncGenerator<Buffer> {
  for (let sent = 0; sent < bytes; sent += chunk.length) yield chunk
}

/** How much the process grew at most while `work` ran. */
async function growth(work: () => Promise<void>): Promise<number> {
  const before = process.memoryUsage.rss()
  let most = before
  const watch = setInterval(() => (most = Math.max(most, process.memoryUsage.rss())), 10)
  await work().finally(() => clearInterval(watch))
  return (most - before) / mb
}

/** Reads without keeping anything, now and then not at all. */
async function consume(stream: Readable): Promise<number> {
  let bytes = 0
  let chunksRead = 0
  for await (const piece of stream as AsyncIterable<Buffer>) {
    bytes += piece.length
    if (++chunksRead % 500 === 0) await sleep(5)
  }
  return bytes
}

type Transfer = (size: number) => Promise<void>

/** What is kept would be kept again, and more of it; garbage only waits until a busy machine comes to collect it. */
async function steadyGrowth(transfer: Transfer): Promise<number> {
  let least = Infinity
  for (let size = large; size <= 3 * large && least >= 40; size += large) {
    least = Math.min(least, await growth(() => transfer(size)))
  }
  return least
}

it('keeps no body in memory, neither on the way there nor back', async () => {
  const down: Transfer = async (size) => {
    answer = (_request, response) => void Readable.from(chunks(size)).pipe(response)
    const sent = open('GET', '/large')
    sent.end()
    const [response] = (await once(sent, 'response')) as [IncomingMessage]
    expect(await consume(response)).toBe(size)
  }
  const up: Transfer = async (size) => {
    let received = 0
    answer = (request, response) =>
      void consume(request).then((bytes) => {
        received = bytes
        response.end('{}')
      })
    const sent = open('PUT', '/large', { 'content-type': 'video/mp4' })
    Readable.from(chunks(size)).pipe(sent)
    const [response] = (await once(sent, 'response')) as [IncomingMessage]
    await consume(response)
    expect(received).toBe(size)
  }
  // The first transfers of a process make buffers that later ones use again.
  await down(20 * mb)
  await up(20 * mb)
  expect(await steadyGrowth(down)).toBeLessThan(40)
  expect(await steadyGrowth(up)).toBeLessThan(40)
})

it('stops the provider when the client goes away, and reads no faster than it', async () => {
  let closed: () => void = () => undefined
  const gone = new Promise<void>((resolve) => (closed = resolve))
  let written = 0
  answer = (_request, response) => {
    const endless = Readable.from(chunks(1000 * mb))
    endless.on('data', (piece: Buffer) => (written += piece.length))
    endless.pipe(response)
    response.on('close', () => {
      endless.destroy()
      closed()
    })
  }
  const sent = open('GET', '/endless')
  sent.on('error', () => undefined)
  sent.end()
  const [response] = (await once(sent, 'response')) as [IncomingMessage]
  response.on('error', () => undefined)
  await sleep(500)
  expect(written).toBeLessThan(30 * mb)
  sent.destroy()
  await gone
})

it('ends the answer as broken when the provider breaks off', async () => {
  answer = (_request, response) => {
    response.writeHead(200, { 'content-length': '1000' })
    response.write('start')
    setTimeout(() => response.destroy(), 50)
  }
  await expect(send('GET', '/broken')).rejects.toThrow(/aborted|hang up|reset/)
  expect((await send('HEAD', '/x').catch(() => null))?.status ?? 502).toBeGreaterThan(0)
})

it('logs what was passed on, without the secret', async () => {
  answer = (_request, response) => response.writeHead(404).end(`{"no":"${secret}"}`)
  const got = await send('GET', '/missing')
  expect(got.status).toBe(404)
  await plumb.plumb.logs.flush()
  const listed = (await plumb.send(key, 'GET /logs?kind=proxy&state=failed&text=missing')).body as {
    operations: { id: string; name: string }[]
  }
  expect(listed.operations).toMatchObject([{ name: 'GET missing' }])
  const shown = await plumb.send(key, `GET /logs/${listed.operations[0]?.id ?? ''}`)
  expect(JSON.stringify(shown.body)).toContain('was answered with 404')
  expect(JSON.stringify(shown.body)).not.toContain(secret)
})
