import { once } from 'node:events'
import { createServer } from 'node:net'
import type { AddressInfo, Server, Socket } from 'node:net'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { openLiveTransport } from './live-transport.js'
import { openStreamTransport } from './stream-transport.js'

/* Both ways out, against a server that says what no well-behaved one would. */

let server: Server
let say = ''
let sockets = 0
/** Whether a socket serves one request only, and says nothing of that. */
let closes = false
const live = openLiveTransport()
const streams = openStreamTransport()

beforeAll(async () => {
  server = createServer((socket: Socket) => {
    sockets += 1
    let asked = 0
    socket.on('error', () => undefined)
    socket.on('data', () => (closes && asked++ > 0 ? socket.destroy() : socket.write(say)))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
})
beforeEach(() => {
  sockets = 0
})
afterAll(async () => {
  await live.close?.()
  await streams.close()
  server.close()
})

const to = (host: string, allowPrivateAddress: boolean) => ({
  ...{ method: 'GET', headers: {}, body: null, allowPrivateAddress, timeoutMs: 30_000 },
  url: `http://${host}:${(server.address() as AddressInfo).port}/x`,
})

const ok = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok'

async function both(host: string, allowed: boolean) {
  const streamed = await streams.send(to(host, allowed))
  if (streamed.kind === 'response') await streamed.body.toArray()
  return [await live.send(to(host, allowed)), streamed]
}

test('a socket to a private address that somebody may use serves nobody else', async () => {
  say = ok
  for (const answer of await both('localhost', true)) {
    expect(answer).toMatchObject({ kind: 'response', status: 200 })
  }
  const opened = sockets
  for (const answer of await both('localhost', false)) {
    expect(answer).toMatchObject({ kind: 'failure', code: 'private-address' })
  }
  expect(sockets).toBe(opened)
  await both('localhost', true)
  expect(sockets).toBe(opened)
})

test('a kept socket that is closed when it is used again is no failure of a read', async () => {
  say = ok
  closes = true
  await both('[::ffff:127.0.0.1]', true)
  for (const answer of await both('[::ffff:127.0.0.1]', true)) {
    expect(answer).toMatchObject({ kind: 'response', status: 200 })
  }
  closes = false
})

test.each(['2130706433', '0x7f000001', '0177.0.0.1', '127.1', '0', '[::ffff:7f00:1]', '[::]'])(
  'nobody gets to this machine as %s',
  async (host) => {
    for (const answer of await both(host, false)) {
      expect(answer).toMatchObject({ kind: 'failure', code: 'private-address' })
    }
    expect(sockets).toBe(0)
  },
)

test.each<[string, string, object]>([
  [
    'hints before the answer',
    `HTTP/1.1 103 Early Hints\r\nlink: <a>\r\n\r\n${ok}`,
    { status: 200 },
  ],
  ['a body after 204', 'HTTP/1.1 204 No Content\r\ncontent-length: 2\r\n\r\nok', { status: 204 }],
  [
    'a switch that nobody asked for',
    'HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n',
    { kind: 'failure', code: 'bad-response' },
  ],
  [
    'two lengths',
    'HTTP/1.1 200 OK\r\ncontent-length: 2\r\ncontent-length: 4\r\n\r\nokok',
    { kind: 'failure', code: 'bad-response' },
  ],
  [
    'a length and chunks',
    'HTTP/1.1 200 OK\r\ncontent-length: 2\r\ntransfer-encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n',
    { kind: 'failure', code: 'bad-response' },
  ],
  ['no HTTP at all', '\u0000\u0001 hello\r\n\r\n', { kind: 'failure', code: 'bad-response' }],
  [
    'headers without end',
    `HTTP/1.1 200 OK\r\n${'x-a: b\r\n'.repeat(5000)}\r\n`,
    { kind: 'failure', code: 'bad-response' },
  ],
])('%s', async (_, words, expected) => {
  say = words
  for (const answer of await both('127.0.0.1', true)) expect(answer).toMatchObject(expected)
  // What was left over belongs to no other answer.
  say = ok
  for (const answer of await both('127.0.0.1', true)) {
    expect(answer).toMatchObject({ kind: 'response', status: 200 })
  }
})
