import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, expect, expectTypeOf, test } from 'vitest'
import { createClient } from './index.js'
import type { PlumbClient } from './index.js'

type Seen = {
  readonly line: string
  readonly headers: IncomingMessage['headers']
  readonly body: string
}
type Answer = { status: number; body?: unknown; headers?: Record<string, string> }

let seen: Seen[] = []
let answers: (Answer | 'hang up')[] = []
let client: PlumbClient
let close: () => Promise<void>
let url = ''

beforeEach(async () => {
  seen = []
  answers = []
  const server = createServer(receive)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  client = createClient({ url: `${url}/`, secretKey: 'plumb_sk_1' })
  close = () =>
    new Promise((resolve) => {
      server.close(() => resolve())
      server.closeAllConnections()
    })
})
afterEach(() => close())

function receive(request: IncomingMessage, response: ServerResponse): void {
  const chunks: Buffer[] = []
  request.on('data', (chunk: Buffer) => chunks.push(chunk))
  request.on('end', () => {
    const { method, url: path, headers } = request
    seen.push({ line: `${method} ${path}`, headers, body: Buffer.concat(chunks).toString() })
    const answer = answers.shift() ?? { status: 200, body: {} }
    if (answer === 'hang up') return request.socket.destroy()
    response.writeHead(answer.status, { 'content-type': 'application/json', ...answer.headers })
    response.end(answer.body === undefined ? '' : JSON.stringify(answer.body))
  })
}

const failure = { error: { code: 'key-unknown', message: 'no key', remedy: 'list them' } }
const busy: Answer = {
  status: 503,
  body: { error: { code: 'server-stopping', message: 'm', remedy: 'r' } },
  headers: { 'retry-after': '0', 'plumb-error': 'server-stopping' },
}

test('methods are typed from what a server can be asked', () => {
  expectTypeOf(client.keys.create).parameter(0).toHaveProperty('name').toEqualTypeOf<string>()
  expectTypeOf(client.keys.create).returns.resolves.toHaveProperty('secret_key').toBeString()
  expectTypeOf(client.keys.revoke).parameter(0).toHaveProperty('id').toEqualTypeOf<string>()
  // What needs nothing is called with nothing.
  void (() => client.keys.list())
  // @ts-expect-error a key has a name
  void (() => client.keys.create({}))
  expectTypeOf<PlumbClient>().not.toHaveProperty('nonsense')
})

test('members go where the contract says, and the key goes with them', async () => {
  answers = [{ status: 201, body: { id: 'key_1', secret_key: 'x' } }]
  const made = await client.keys.create({ name: 'ci', scopes: ['proxy'] })
  expect(made).toMatchObject({ id: 'key_1' })
  await client.keys.revoke({ id: 'a/b?c' })
  expect(seen.map(({ line }) => line)).toEqual(['POST /keys', 'DELETE /keys/a%2Fb%3Fc'])
  expect(JSON.parse(seen[0]?.body ?? '')).toEqual({ name: 'ci', scopes: ['proxy'] })
  expect(seen[0]?.headers.authorization).toBe('Bearer plumb_sk_1')
})

test('one item with a comma is no two items, and an empty list is not everything', async () => {
  const model = { integrationKey: 'github', connectionId: 'c1', model: 'Issue' }
  answers = [{ status: 200, body: { records: [], next_cursor: null } }]
  await client.records.list({ ...model, ids: ['a,b'] })
  await client.records.list({ ...model, ids: [] })
  await client.records.list({ ...model, ids: ['a'] })
  expect(seen.map(({ line }) => line.split('&').slice(1).join('&'))).toEqual([
    'ids=a%2Cb&ids=a%2Cb',
    'ids=',
    'ids=a',
  ])
})

test('a name that no header can carry is told, and not taken for a server that is away', async () => {
  const read = client.records.models({ integrationKey: 'github', connectionId: 'c\u{1F600}' })
  await expect(read).rejects.toMatchObject({ code: 'input-invalid' })
  expect(seen).toEqual([])
})

test('lists in a query are repeated, headers are headers', async () => {
  await client.records.list({
    ...{ integrationKey: 'github', connectionId: 'c1', model: 'Issue' },
    ...{ ids: ['a,b', 'c'], limit: 5 },
  })
  expect(seen[0]?.line).toBe('GET /records?model=Issue&ids=a%2Cb&ids=c&limit=5')
  expect(seen[0]?.headers).toMatchObject({
    'connection-id': 'c1',
    'provider-config-key': 'github',
  })
})

test('a path member that is missing is told before anything is sent', async () => {
  const call = client.keys.revoke({ id: '' })
  await expect(call).rejects.toMatchObject({ code: 'input-invalid' })
  expect(seen).toEqual([])
})

test('what the server refuses is thrown with its code, message and remedy', async () => {
  answers = [{ status: 404, body: failure, headers: { 'x-request-id': 'req_1' } }]
  await expect(client.keys.revoke({ id: 'x' })).rejects.toMatchObject({
    ...failure.error,
    cause: { status: 404, requestId: 'req_1' },
  })
})

test('a busy server and a lost one get what may be repeated again', async () => {
  answers = [busy, 'hang up', { status: 200, body: { keys: [] } }]
  expect(await client.keys.list()).toEqual({ keys: [] })
  expect(seen).toHaveLength(3)
})

test('a POST is sent once, and patience ends', async () => {
  answers = [busy]
  await expect(client.keys.create({ name: 'x' })).rejects.toMatchObject({ code: 'server-stopping' })
  expect(seen).toHaveLength(1)
  answers = [busy, busy, busy, { status: 200 }]
  await expect(client.keys.list()).rejects.toMatchObject({ code: 'server-stopping' })
  expect(seen).toHaveLength(4)
  answers = ['hang up']
  await expect(client.keys.create({ name: 'x' })).rejects.toMatchObject({
    code: 'remote-unreachable',
  })
})

test('what is no Plumb is told as such', async () => {
  answers = [{ status: 404, body: 'not found' }]
  await expect(client.keys.list()).rejects.toMatchObject({ code: 'remote-unreachable' })
  answers = [{ status: 302, headers: { location: 'http://127.0.0.1:1/' } }]
  await expect(client.keys.list()).rejects.toMatchObject({ code: 'remote-unreachable' })
  expect(() => createClient({ url: 'plumb', secretKey: 'x' })).toThrow('"plumb" is not the address')
})

test('an aborted call ends, also while it waits to be sent again', async () => {
  const stop = new AbortController()
  answers = [{ ...busy, headers: { ...busy.headers, 'retry-after': '20' } }]
  const call = client.keys.list({}, { signal: stop.signal })
  await expect.poll(() => seen.length).toBe(1)
  stop.abort(new Error('enough'))
  await expect(call).rejects.toThrow('enough')
})

test('records come page by page for as long as there are any', async () => {
  const page = (ids: string[], next: string | null) => ({
    status: 200,
    body: { records: ids.map((id) => ({ id })), next_cursor: next },
  })
  answers = [page(['1', '2'], 'cur 2'), page(['3'], null)]
  const of = { integrationKey: 'github', connectionId: 'c1', model: 'Issue' }
  const ids: unknown[] = []
  for await (const record of client.records.each({ ...of, limit: 2 })) ids.push(record['id'])
  expect(ids).toEqual(['1', '2', '3'])
  expect(seen.map(({ line }) => line)).toEqual([
    'GET /records?model=Issue&limit=2',
    'GET /records?model=Issue&cursor=cur+2&limit=2',
  ])
})

test('the proxy passes on what the provider says, and throws what the server says', async () => {
  const of = { integrationKey: 'github', connectionId: 'c1' }
  answers = [{ status: 503, body: { message: 'later' } }]
  const refused = await client.proxy({ ...of, endpoint: '/user', query: { page: 2 } })
  expect(refused.status).toBe(503)
  expect(await refused.json()).toEqual({ message: 'later' })
  await client.proxy({
    ...{ ...of, endpoint: 'repos', method: 'POST', body: { name: 'x' }, retries: 3 },
    headers: { 'X-Trace': '1', Accept: 'text/plain' },
  })
  expect(seen.map(({ line }) => line)).toEqual(['GET /proxy/user?page=2', 'POST /proxy/repos'])
  expect(seen[1]).toMatchObject({
    body: '{"name":"x"}',
    headers: {
      ...{ 'nango-proxy-x-trace': '1', accept: 'text/plain', retries: '3' },
      ...{ 'content-type': 'application/json', 'connection-id': 'c1' },
    },
  })
  answers = [{ status: 404, body: failure, headers: { 'plumb-error': 'key-unknown' } }]
  const own = client.proxy({ ...of, endpoint: '/user' })
  await expect(own).rejects.toMatchObject({ code: 'key-unknown' })
})
