import { once } from 'node:events'
import { createServer } from 'node:http'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { connect } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { endSlowBodies } from './slow-bodies.js'

const slowest = { windowMs: 100, fewestBytes: 1000 }
let server: Server | undefined
const opened: Socket[] = []

afterEach(() => {
  for (const socket of opened.splice(0)) socket.destroy()
  server?.closeAllConnections()
  server?.close()
})

async function serve(handle: (request: IncomingMessage, response: ServerResponse) => void) {
  server = createServer(handle)
  server.on('clientError', (error: Error & { code?: string }, socket) => {
    socket.end(`ended: ${error.code}`, () => socket.destroy())
  })
  endSlowBodies(server, slowest)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
}

function dial(headers: string): Socket {
  const { port } = server?.address() as AddressInfo
  const socket = connect(port, '127.0.0.1').on('error', () => undefined)
  opened.push(socket)
  socket.write(`POST / HTTP/1.1\r\nhost: x\r\n${headers}\r\n\r\n`)
  return socket
}

/** What came until the server hung up. */
async function heard(socket: Socket): Promise<string> {
  let said = ''
  socket.on('data', (chunk: Buffer) => (said += chunk.toString()))
  await new Promise<void>((resolve) => socket.once('close', () => resolve()))
  return said
}

const every = (ms: number, act: () => void, socket: Socket): void => {
  const timer = setInterval(act, ms)
  socket.once('close', () => clearInterval(timer))
}

test.each(['content-length: 100000', 'transfer-encoding: chunked'])(
  'a body (%s) that comes byte by byte, or not at all, is ended',
  async (headers) => {
    await serve((request, response) => request.resume().on('end', () => response.end('whole')))
    const silent = dial(headers)
    const dripping = dial(headers)
    every(20, () => dripping.write(headers.startsWith('c') ? 'x' : '1\r\nx\r\n'), dripping)
    for (const said of await Promise.all([heard(silent), heard(dripping)])) {
      expect(said).toBe('ended: ERR_HTTP_REQUEST_TIMEOUT')
    }
  },
)

test('a body that is still dripping after its answer was sent is ended, too', async () => {
  await serve((_, response) => response.writeHead(401, { 'content-length': '2' }).end('no'))
  const socket = dial('content-length: 100000')
  every(20, () => socket.write('x'), socket)
  expect(await heard(socket)).toMatch(/^HTTP\/1\.1 401 /)
})

test('a body that nobody reads, one that is whole and one that comes fast enough go on', async () => {
  const answers: ServerResponse[] = []
  await serve((request, response) => {
    if (request.url === '/') answers.push(response)
    if (request.headers['x-read'] === '1') request.resume()
  })
  const unread = dial('content-length: 1000000')
  unread.write(Buffer.alloc(500_000))
  const whole = dial('x-read: 1\r\ncontent-length: 1')
  whole.write('x')
  const fast = dial('x-read: 1\r\ncontent-length: 100000000000')
  const more = (): boolean => fast.write(Buffer.alloc(20_000))
  fast.on('drain', () => setImmediate(more))
  while (more());
  await expect.poll(() => answers.length, { timeout: 20_000 }).toBe(3)
  // Longer than the others were given: ten windows.
  await new Promise((resolve) => setTimeout(resolve, 10 * slowest.windowMs))
  expect([unread, whole, fast].map(({ readyState }) => readyState)).toEqual(
    Array.from({ length: 3 }, () => 'open'),
  )
  const said = heard(whole)
  for (const response of answers) response.writeHead(200, { connection: 'close' }).end('ok')
  expect(await said).toContain('\r\nok\r\n')
})
