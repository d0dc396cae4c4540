import { once } from 'node:events'
import { createServer } from 'node:net'
import type { AddressInfo, Server, Socket } from 'node:net'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openLiveTransport } from './live-transport.js'
import { peekBody } from './peek-body.js'
import { openStreamTransport } from './stream-transport.js'

/* Providers that take their time, break off, or send more than they seem to. */

let server: Server
let act: (socket: Socket) => void
const sockets = new Set<Socket>()
const live = openLiveTransport()
const streams = openStreamTransport()

beforeAll(async () => {
  server = createServer((socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    socket.on('error', () => undefined)
    socket.once('data', () => act(socket))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
})
afterAll(async () => {
  await live.close?.()
  await streams.close()
  server.close()
})

const to = (timeoutMs = 20_000) => ({
  ...{ method: 'GET', headers: {}, body: null, allowPrivateAddress: true, timeoutMs },
  freshSocket: true,
  url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/x`,
})

/** Says something again and again for as long as somebody listens. */
const drip =
  (first: string, each: string) =>
  (socket: Socket): void => {
    socket.write(first)
    const timer = setInterval(() => socket.write(each), 30)
    socket.on('close', () => clearInterval(timer))
  }

const say = (headers: string, body: Buffer | string) => (socket: Socket) =>
  void socket.write(
    Buffer.concat([
      Buffer.from(`HTTP/1.1 200 OK\r\n${headers}content-length: ${body.length}\r\n\r\n`),
      Buffer.from(body),
    ]),
  )

const isClosed = () => expect.poll(() => sockets.size, { timeout: 20_000 }).toBe(0)

test.each([
  ['headers without end', 'HTTP/1.1 200 OK\r\n', 'x-a: b\r\n'],
  ['a header without end', 'HTTP/1.1 200 OK\r\nx-a: ', 'b'],
  ['hints without end', '', 'HTTP/1.1 103 Early Hints\r\nlink: <a>\r\n\r\n'],
])('%s are no answer in time, and leave no socket', async (_, first, each) => {
  act = drip(first, each)
  for (const transport of [live, streams]) {
    const answer = await transport.send(to(300))
    expect(answer).toMatchObject({
      ...{ kind: 'failure', code: 'timeout', message: 'no answer within 300 ms' },
    })
  }
  await isClosed()
})

const endless = 'HTTP/1.1 200 OK\r\n\r\nhalf of a bo'

test.each<[string, (socket: Socket) => void, { code: string; words: string; timeoutMs: number }]>([
  [
    'falls silent',
    (socket) => void socket.write(endless),
    { code: 'timeout', words: 'no byte for 1500 ms', timeoutMs: 1500 },
  ],
  [
    'has a chunk with too much beside it',
    (socket) =>
      void socket.write(
        `HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5;${'x'.repeat(99_999)}\r\n`,
      ),
    { code: 'bad-response', words: 'Chunk extensions', timeoutMs: 20_000 },
  ],
])('a body that %s is no whole answer', async (_, how, { code, words, timeoutMs }) => {
  act = how
  expect(await live.send(to(timeoutMs))).toMatchObject({ kind: 'failure', code })
  const streamed = await streams.send(to(timeoutMs))
  if (streamed.kind === 'failure') throw new Error(streamed.message)
  await expect(streamed.body.toArray()).rejects.toThrow(words)
  await isClosed()
})

test('a body without length whose socket is reset is no whole answer', async () => {
  act = (socket) => void socket.write(endless)
  const streamed = await streams.send(to())
  if (streamed.kind === 'failure') throw new Error(streamed.message)
  const reading = (async () => {
    // Only what was read already is sure to come before the reset.
    for await (const chunk of streamed.body) {
      if (String(chunk).length > 0) for (const socket of sockets) socket.resetAndDestroy()
    }
  })()
  await expect(reading).rejects.toThrow('ECONNRESET')
})

test('a body that ends with its socket is whole, also where the request was not read', async () => {
  act = (socket) => void socket.end('HTTP/1.0 200 OK\r\n\r\nok')
  const body = Buffer.alloc(8 * 1024 * 1024)
  for (const request of [to(), { ...to(), method: 'POST', body }]) {
    const answer = await live.send(request)
    expect(answer).toMatchObject({ kind: 'response', status: 200 })
    expect(answer.kind === 'response' && answer.body.toString()).toBe('ok')
  }
})

test.each<[string, string, Buffer]>([
  ['two members of gzip', 'gzip', Buffer.concat([gzipSync('{"a"'), gzipSync(':1}')])],
  ['gzip in gzip', 'gzip, gzip', gzipSync(gzipSync('{"a":1}'))],
  ['brotli behind a comma', ', br,', brotliCompressSync('{"a":1}')],
  ['nothing, said twice', 'identity, identity', Buffer.from('{"a":1}')],
])('%s is decoded', async (_, encoding, body) => {
  act = say(`content-encoding: ${encoding}\r\n`, body)
  const answer = await live.send(to())
  expect(answer.kind === 'response' && answer.body.toString()).toBe('{"a":1}')
  expect(answer.kind === 'response' && answer.headers['content-encoding']).toBe(undefined)
})

test('a body of many megabytes in few bytes is decoded up to the limit', async () => {
  act = say('content-encoding: gzip\r\n', gzipSync(Buffer.alloc(15 * 1024 * 1024), { level: 1 }))
  const whole = await live.send(to())
  expect(whole.kind === 'response' && whole.body.length).toBe(15 * 1024 * 1024)
  act = say('content-encoding: gzip\r\n', gzipSync(Buffer.alloc(17 * 1024 * 1024), { level: 1 }))
  expect(await live.send(to())).toMatchObject({ kind: 'failure', code: 'too-large' })
  act = say('content-encoding: gzip\r\n', Buffer.concat([gzipSync('x'), Buffer.alloc(300_000, 1)]))
  expect(await live.send(to())).toMatchObject({ kind: 'failure', code: 'truncated' })
})

test('a body in more encodings than any server needs is decoded in none', async () => {
  let body: Buffer = Buffer.from('x')
  for (let times = 0; times < 41; times++) body = gzipSync(body, { level: 0 })
  act = say(`content-encoding: ${Array.from({ length: 41 }, () => 'gzip').join(', ')}\r\n`, body)
  expect(await live.send(to())).toMatchObject({
    ...{ kind: 'failure', code: 'bad-response' },
    message: 'the response is encoded 41 times; 4 are decoded',
  })
})

test.each(['099', '600', '999'])('status %s can not be passed on', async (status) => {
  act = (socket) => void socket.write(`HTTP/1.1 ${status} X\r\ncontent-length: 9\r\n\r\nok`)
  expect(await streams.send(to())).toMatchObject({
    ...{ kind: 'failure', code: 'bad-response' },
    message: `the provider answered with status ${Number(status)}, which HTTP does not have`,
  })
  await isClosed()
})

test('rules do not wait for a body that comes byte by byte, and nothing of it is lost', async () => {
  act = (socket) => void socket.write('HTTP/1.1 500 No\r\ncontent-length: 11\r\n\r\nhal')
  const streamed = await streams.send(to())
  if (streamed.kind === 'failure') throw new Error(streamed.message)
  const { start, body } = await peekBody(streamed.body, 200)
  expect(start).toHaveLength(0)
  for (const socket of sockets) socket.end('f and ha')
  expect(Buffer.concat((await body.toArray()) as Buffer[]).toString()).toBe('half and ha')
})

test('a body that breaks while nobody reads it breaks for who does', async () => {
  act = (socket) => void socket.write('HTTP/1.1 500 No\r\ncontent-length: 11\r\n\r\nhal')
  const streamed = await streams.send(to())
  if (streamed.kind === 'failure') throw new Error(streamed.message)
  const { body } = await peekBody(streamed.body, 200)
  for (const socket of sockets) socket.destroy()
  await expect(body.toArray()).rejects.toThrow('aborted')
})
