import { lookup } from 'node:dns/promises'
import { once } from 'node:events'
import { connect } from 'node:net'
import type { Socket } from 'node:net'
import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { TestPlumb } from '../server/testing/open-test-plumb.js'
import { openTestPlumb } from '../server/testing/open-test-plumb.js'
import type { HttpRoutes } from './http-routes.js'
import { openHttpServer } from './open-http-server.js'
import { proxyRoutes } from './proxy/proxy-routes.js'

/* What HTTP itself can not read, or Node.js would answer alone. */

let server: TestPlumb
const endless = new PassThrough()
beforeAll(async () => {
  const slow: HttpRoutes = (scope) => void scope.get('/endless', (_, reply) => reply.send(endless))
  endless.write('begun')
  server = await openTestPlumb({ routes: [proxyRoutes, slow] })
}, 60_000)
afterAll(() => server.close())

function dial(url = server.url): Socket {
  const { hostname, port } = new URL(url)
  return connect(Number(port), hostname.replace(/[[\]]/g, '')).on('error', () => undefined)
}

/** The whole answer to these bytes, after which the server hangs up. */
async function answerTo(bytes: string, url = server.url): Promise<{ head: string; body: string }> {
  const socket = dial(url)
  socket.write(bytes)
  const [head = '', body = ''] = (await text(socket)).split('\r\n\r\n')
  return { head, body }
}

const host = 'Host: x\r\nConnection: close\r\n'
const long = 'x'.repeat(40_000)

test.each<[string, { bytes: string; status: number; code?: string }]>([
  ['no HTTP at all', { bytes: 'hunter2\r\n\r\n', status: 400 }],
  ['HTTPS', { bytes: '\u0016\u0003\u0001\u0000\u0005\u0001hunter2', status: 400 }],
  ['HTTP/2', { bytes: 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', status: 400 }],
  ['an unknown method', { bytes: `HUNTER2 /keys HTTP/1.1\r\n${host}\r\n`, status: 400 }],
  ['a space in the path', { bytes: `GET /a hunter2 HTTP/1.1\r\n${host}\r\n`, status: 400 }],
  ['a header without name', { bytes: `GET / HTTP/1.1\r\n: hunter2\r\n${host}\r\n`, status: 400 }],
  [
    'headers that are too long',
    {
      ...{ bytes: `GET / HTTP/1.1\r\nx: hunter2${long}\r\n${host}\r\n`, status: 431 },
      code: 'request-too-large',
    },
  ],
  [
    'a path that is too long',
    {
      ...{ bytes: `GET /hunter2${long} HTTP/1.1\r\n${host}\r\n`, status: 431 },
      code: 'request-too-large',
    },
  ],
  [
    'another transfer encoding',
    {
      bytes: `POST /keys HTTP/1.1\r\n${host}Transfer-Encoding: gzip\r\n\r\nhunter2`,
      status: 400,
    },
  ],
  [
    'two lengths',
    {
      bytes: `POST /keys HTTP/1.1\r\n${host}Content-Length: 7\r\nTransfer-Encoding: chunked\r\n\r\nhunter2`,
      status: 400,
    },
  ],
  [
    'a chunk without length',
    {
      bytes: `PUT /nowhere HTTP/1.1\r\n${host}Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nhunter2\r\n`,
      status: 400,
    },
  ],
  ['no Host', { bytes: 'GET /health HTTP/1.1\r\nConnection: close\r\n\r\n', status: 400 }],
  [
    'a tunnel',
    { bytes: `CONNECT hunter2:443 HTTP/1.1\r\n${host}\r\n`, status: 405, code: 'method-unknown' },
  ],
  [
    'an expectation',
    { bytes: `GET /health HTTP/1.1\r\n${host}Expect: hunter2\r\n\r\n`, status: 417 },
  ],
  ['a path of bad digits', { bytes: `GET /%zz?hunter2 HTTP/1.1\r\n${host}\r\n`, status: 400 }],
  [
    'the whole server',
    { bytes: `OPTIONS * HTTP/1.1\r\n${host}\r\n`, status: 404, code: 'route-unknown' },
  ],
  [
    'a method without routes',
    { bytes: `PURGE /health HTTP/1.1\r\n${host}\r\n`, status: 404, code: 'route-unknown' },
  ],
])('%s is a failure like any other', async (_, { bytes, status, code = 'input-invalid' }) => {
  const { head, body } = await answerTo(bytes)
  expect(head).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `))
  expect(head.toLowerCase()).toContain(`plumb-error: ${code}`)
  expect(head.toLowerCase()).toMatch(/x-request-id: req_/)
  const { error } = JSON.parse(body) as { error: Record<string, string> }
  expect(error).toEqual({
    ...{ code, docs: `docs/errors.md#${code}` },
    ...{ message: expect.stringMatching(/\.$/), remedy: expect.stringMatching(/\.$/) },
  })
  expect(head + body).not.toContain('hunter2')
  expect(server.reports).toEqual([])
})

test('HEAD has the headers of a failure and no body', async () => {
  const { head, body } = await answerTo(`HEAD /nowhere HTTP/1.1\r\n${host}\r\n`)
  expect(head).toMatch(/^HTTP\/1\.1 404 /)
  expect(head.toLowerCase()).toContain('plumb-error: route-unknown')
  expect(body).toBe('')
})

test('an answer that has begun is not followed by another one', async () => {
  const socket = dial()
  socket.write('GET /endless HTTP/1.1\r\nHost: x\r\n\r\n')
  let received = ''
  socket.on('data', (bytes) => (received += String(bytes)))
  await expect.poll(() => received, { timeout: 20_000 }).toContain('begun')
  socket.write('hunter2\r\n\r\n')
  await once(socket, 'close')
  expect(received.match(/HTTP\/1\.1/g)).toHaveLength(1)
  await expect.poll(() => endless.destroyed, { timeout: 20_000 }).toBe(true)
})

test('a name of two addresses answers alike on both', async () => {
  const { plumb } = server
  const parts = { plumb, handlers: [], routes: [], host: 'localhost', port: 0 }
  const http = await openHttpServer({ ...parts, report: () => undefined })
  const { port } = new URL(http.url)
  for (const { address } of await lookup('localhost', { all: true })) {
    const url = `http://${address.includes(':') ? `[${address}]` : address}:${port}`
    const { head } = await answerTo('hunter2\r\n\r\n', url)
    expect(head.toLowerCase(), address).toContain('plumb-error: input-invalid')
  }
  await http.close(1000)
})
