import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { request as httpRequest } from 'node:http'
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib'
import { providerSchema } from '@plumb/protocol'
import type { Credential } from '@plumb/protocol'
import { addConnection, addIntegration } from '@plumb/runtime'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { TestPlumb } from '../../server/testing/open-test-plumb.js'
import { openTestPlumb } from '../../server/testing/open-test-plumb.js'
import { proxyRoutes } from './proxy-routes.js'

/* What providers and clients do that is rare, allowed, or hostile. */

let plumb: TestPlumb
let key: string
/** Raw answers in order; the last one stays. */
let answers: (string | Buffer)[] = []
let hangUp = false
/** Raw requests. */
let seen: string[] = []

const provider = createServer((socket) => {
  let text = ''
  socket.on('error', () => undefined)
  socket.on('data', (chunk) => {
    text += chunk.toString('latin1')
    const whole = wholeRequest(text)
    if (whole === null) return
    text = text.slice(whole.length)
    seen.push(whole)
    const said = (answers.length > 1 ? answers.shift() : answers[0]) ?? ''
    if (hangUp) socket.end(said)
    else socket.write(said)
  })
})

/** The first request of a connection as far as it is there; null while it is not whole. */
function wholeRequest(text: string): string | null {
  const end = text.indexOf('\r\n\r\n') + 4
  if (end < 4) return null
  const head = text.slice(0, end)
  if (/transfer-encoding: chunked/i.test(head)) {
    const last = text.indexOf('0\r\n\r\n', end)
    return last < 0 ? null : text.slice(0, last + 5)
  }
  const length = Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 0)
  return text.length < end + length ? null : text.slice(0, end + length)
}

const entries: readonly { name: string; auth: object; credential: Credential; proxy?: object }[] = [
  { name: 'plain', auth: { mode: 'bearer' }, credential: { kind: 'bearer', token: 'tok-4711' } },
  {
    ...{ name: 'chatty', auth: { mode: 'bearer' } },
    credential: { kind: 'bearer', token: 'tok-4711' },
    proxy: { successPath: 'ok', retry: { inBody: { path: 'error', matches: '^ratelimited$' } } },
  },
  ...['s3', 'sqs'].map((service) => ({
    ...{ name: service, auth: { mode: 'aws-sigv4', service } },
    credential: { kind: 'aws', accessKeyId: 'AKID', secretAccessKey: 'aws-secret' } as const,
  })),
]

beforeAll(async () => {
  provider.listen(0, '127.0.0.1')
  await once(provider, 'listening')
  const baseUrl = `http://127.0.0.1:${(provider.address() as AddressInfo).port}`
  plumb = await openTestPlumb({ routes: [proxyRoutes] })
  key = await plumb.keyOf()
  for (const { name, auth, credential, proxy } of entries) {
    const entry = { name, displayName: name, auth, proxy: { baseUrl, ...proxy } }
    const loaded = { provider: providerSchema.parse(entry), path: '', apiDescription: null }
    ;(plumb.plumb.providers as Map<string, unknown>).set(name, loaded)
    await addIntegration(plumb.plumb, { integrationKey: name, provider: name, baseUrl })
    const now = new Date().toISOString()
    await addConnection(plumb.plumb, { integrationKey: name, connectionId: 'c', credential, now })
  }
})
beforeEach(() => {
  seen = []
})
afterAll(async () => {
  await plumb?.close()
  provider.close()
})

type Received = { status: number; headers: IncomingHttpHeaders; body: Buffer }
type Asked = {
  readonly to?: string
  readonly headers?: Record<string, string>
  readonly body?: Buffer | readonly string[]
}

async function send(method: string, o: Asked = {}): Promise<Received> {
  const headers = {
    ...{ authorization: `Bearer ${key}`, 'connection-id': 'c' },
    ...{ 'provider-config-key': o.to ?? 'plain', ...o.headers },
  }
  const sent = httpRequest(`${plumb.url}/proxy/x`, { method, headers, agent: false })
  if (Buffer.isBuffer(o.body) || o.body === undefined) sent.end(o.body)
  else Readable.from(o.body.map((text) => Buffer.from(text))).pipe(sent)
  const [response] = (await once(sent, 'response')) as [IncomingMessage]
  const chunks = (await response.toArray()) as Buffer[]
  const { statusCode: status = 0, headers: told } = response
  return { status, headers: told, body: Buffer.concat(chunks) }
}

const answer = (status: string, headers: readonly string[], body: Buffer | string = ''): Buffer =>
  Buffer.concat([
    Buffer.from(`HTTP/1.1 ${status}\r\n${headers.map((line) => `${line}\r\n`).join('')}\r\n`),
    Buffer.from(body),
  ])

const errorOf = ({ body }: Received) =>
  (JSON.parse(body.toString()) as { error: { code: string; message: string } }).error

test.each<[string, { said: Buffer; expected: object }]>([
  [
    'HEAD',
    {
      said: answer('200 OK', ['content-length: 1000']),
      expected: { status: 200, headers: { 'content-length': '1000' } },
    },
  ],
  ['GET', { said: answer('204 No Content', ['x-a: b']), expected: { status: 204 } }],
  [
    'GET',
    {
      said: answer('304 Not Modified', ['etag: "1"']),
      expected: { status: 304, headers: { etag: '"1"' } },
    },
  ],
  [
    'HEAD',
    {
      said: answer('200 OK', ['content-encoding: gzip', 'content-length: 50']),
      expected: { status: 200 },
    },
  ],
  [
    'GET',
    { said: answer('204 No Content', ['content-encoding: gzip']), expected: { status: 204 } },
  ],
])(
  'answers without a body leave their place to the next call: %s %#',
  async (method, { said, expected }) => {
    answers = [said]
    // A connection has 32 places.
    for (let count = 0; count < 40; count++) {
      const got = await send(method, { headers: { decompress: 'true' } })
      expect(got).toMatchObject({ ...expected, body: Buffer.alloc(0) })
    }
  },
)

test.each<[string, Buffer]>([
  ['deflate', deflateRawSync('{"a":1}')],
  ['deflate', deflateSync('{"a":1}')],
  ['br', brotliCompressSync('{"a":1}')],
  ['x-gzip', gzipSync('{"a":1}')],
])('a body in %s is decoded when asked (%#)', async (encoding, body) => {
  answers = [
    answer('200 OK', [`content-encoding: ${encoding}`, `content-length: ${body.length}`], body),
  ]
  const got = await send('GET', { headers: { decompress: 'true' } })
  expect([got.body.toString(), got.headers['content-length']]).toEqual(['{"a":1}', undefined])
})

test.each<[string, Buffer]>([
  [
    'no gzip, though it says so',
    answer(
      '200 OK',
      ['content-type: text/html', 'content-encoding: gzip', 'content-length: 4'],
      'nope',
    ),
  ],
  [
    'cut off behind its headers',
    answer('200 OK', ['content-type: text/html', 'content-length: 40']),
  ],
])('an answer that is %s is the failure of the provider', async (_, said) => {
  answers = [said]
  hangUp = true
  const got = await send('GET', { headers: { decompress: 'true' } })
  expect([got.status, errorOf(got).code]).toEqual([502, 'provider-unreachable'])
  expect(got.headers['content-type']).toContain('application/json')
  expect(plumb.reports).toEqual([])
  answers = [answer('200 OK', ['content-length: 2'], 'ok')]
  hangUp = false
  expect((await send('GET')).body.toString()).toBe('ok')
})

test('a limit that is told inside of a compressed body is waited out', async () => {
  const zipped = gzipSync('{"ok":false,"error":"ratelimited"}')
  const headers = ['content-type: application/json', 'content-encoding: gzip']
  const limited = answer('200 OK', [...headers, `content-length: ${zipped.length}`], zipped)
  answers = [limited, answer('200 OK', [`${headers[0]}`, 'content-length: 11'], '{"ok":true}')]
  const asked = { retries: '1', 'accept-encoding': 'gzip' }
  const got = await send('GET', { to: 'chatty', headers: asked })
  expect([got.body.toString(), seen.length]).toEqual(['{"ok":true}', 2])
})

test('a bomb is passed on as it came', async () => {
  const bomb = gzipSync(Buffer.alloc(50 * 1024 * 1024))
  const headers = ['content-type: application/json', 'content-encoding: gzip']
  answers = [answer('500 No', [...headers, `content-length: ${bomb.length}`], bomb)]
  const got = await send('GET', { headers: { 'accept-encoding': 'gzip' } })
  expect([got.status, got.body.equals(bomb)]).toEqual([500, true])
})

test('a WebSocket is refused in words; an offer of HTTP/2 is not meant', async () => {
  answers = [answer('200 OK', ['content-length: 2'], 'ok')]
  const upgrade = { connection: 'Upgrade', upgrade: 'WebSocket' }
  const refused = await send('GET', { headers: upgrade })
  expect([refused.status, errorOf(refused).message]).toEqual([
    ...[400, expect.stringContaining('WebSocket')],
  ])
  expect(seen).toEqual([])
  const h2c = {
    connection: 'Upgrade, HTTP2-Settings',
    upgrade: 'h2c',
    'http2-settings': 'AAMAAABk',
  }
  expect((await send('GET', { headers: h2c })).status).toBe(200)
  expect(seen[0]).not.toMatch(/upgrade|http2/i)
})

test("what belongs to the provider's own exchange is not passed back", async () => {
  const lines = ['connection: keep-alive, X-Hop', 'x-hop: 1', 'keep-alive: timeout=5', 'x-end: 1']
  answers = [answer('200 OK', [...lines, 'content-length: 2'], 'ok')]
  const { headers } = await send('GET')
  expect(headers).toMatchObject({ 'x-end': '1' })
  expect(headers['x-hop']).toBeUndefined()
})

test.each([undefined, 'nonsense', 'application/json; charset="', 'text/plain, text/html'])(
  'a body is passed on whatever its type says: %s',
  async (type) => {
    answers = [answer('200 OK', ['content-length: 2'], 'ok')]
    const headers = type === undefined ? {} : { 'content-type': type }
    const got = await send('POST', { headers, body: Buffer.from('{"a":1}') })
    expect(got.status, got.body.toString()).toBe(200)
    expect(seen[0]).toMatch(/\r\n\r\n\{"a":1\}$/)
  },
)

test.each(['nango-proxy-', 'plumb-proxy-'])(
  'headers under %s smuggle nothing that the exchange itself depends on',
  async (prefix) => {
    answers = [answer('200 OK', ['content-length: 2'], 'ok')]
    const evil = [
      'transfer-encoding',
      'content-length',
      'host',
      'connection',
      'cookie',
      'expect',
      'te',
    ]
    const names = [...evil, 'upgrade', 'trailer', 'authorization', 'proxy-authorization']
    const headers = Object.fromEntries(names.map((name) => [`${prefix}${name}`, 'chunked']))
    const body = Buffer.from('{"a":1}')
    expect((await send('POST', { headers, body })).status).toBe(200)
    expect(seen[0]).not.toContain('chunked')
    expect(seen[0]).toContain('content-length: 7')
    expect(seen[0]).toContain('authorization: Bearer tok-4711')
  },
)

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')

test.each([
  ['s3', Buffer.from('hello'), sha256('hello')],
  ['sqs', Buffer.from('hello'), sha256('hello')],
  ['sqs', ['hel', 'lo'], sha256('hello')],
  ['s3', ['hel', 'lo'], 'UNSIGNED-PAYLOAD'],
  ['sqs', undefined, sha256('')],
])('a body to AWS is signed: %s %#', async (to, body, hash) => {
  answers = [answer('200 OK', ['content-length: 2'], 'ok')]
  const got = await send('PUT', { to, ...(body !== undefined && { body }) })
  expect(got.status, got.body.toString()).toBe(200)
  expect(seen[0]).toContain(`x-amz-content-sha256: ${hash}\r\n`)
  expect(seen[0]).toMatch(body === undefined ? /\r\n\r\n$/ : /hel/)
})

test('a redirect after a write leaves the body behind, and its type', async () => {
  answers = [
    answer('303 See Other', ['location: /y', 'content-length: 0']),
    answer('200 OK', ['content-length: 2'], 'ok'),
  ]
  const headers = { 'content-type': 'application/json' }
  expect((await send('POST', { headers, body: Buffer.from('{"a":1}') })).status).toBe(200)
  expect(seen[1]).toMatch(/^GET \/y /)
  expect(seen[1]).not.toMatch(/"a"|content-length|content-type/)
})
