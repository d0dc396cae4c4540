import { request } from 'node:http'
import {
  asPayload,
  defineContract,
  inBody,
  inHeader,
  inPath,
  inQuery,
  PlumbError,
} from '@plumb/protocol'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { handle } from '../api/handler.js'
import type { TestPlumb } from '../server/testing/open-test-plumb.js'
import { openTestPlumb } from '../server/testing/open-test-plumb.js'
import { openHttpServer } from './open-http-server.js'

const echo = defineContract({
  name: 'things echo',
  summary: 'Say what was understood',
  method: 'POST',
  path: '/things/:id/echo',
  scope: 'records:read',
  input: {
    id: inPath('id', z.string()),
    limit: inQuery('limit', z.number().int().max(100).optional()),
    page: inQuery('page', z.coerce.number().int().optional()),
    deep: inQuery('deep', z.boolean().optional()),
    ids: inQuery('ids', z.array(z.string()).optional()),
    tags: inQuery('tags', z.record(z.string(), z.string()).optional()),
    connectionId: inHeader('Connection-Id', z.string().optional()),
    color: inBody('color', z.string().default('red')),
    secretToken: inBody('secret_token', z.number().optional()),
  },
  output: z.object({ input: z.record(z.string(), z.unknown()) }),
  status: 201,
  failures: [],
})
const whole = defineContract({
  name: 'things put',
  summary: 'Take a whole body',
  method: 'PUT',
  path: '/things',
  scope: null,
  input: { thing: asPayload(z.object({ size: z.number() })) },
  output: z.object({ doubled: z.number() }),
  failures: [],
})
const bad = defineContract({
  name: 'things fail',
  summary: 'Fail in the way that is asked for',
  method: 'DELETE',
  path: '/things/:how',
  scope: null,
  input: { how: inPath('how', z.string()) },
  output: z.object({ fine: z.literal(true) }),
  failures: [],
})

let server: TestPlumb
let key = ''
const waiting = { started: () => undefined as void, aborted: null as string | null }

beforeAll(async () => {
  server = await openTestPlumb({
    handlers: [
      handle(echo, async (input) => ({ input: { ...input } })),
      handle(whole, async ({ thing }) => ({ doubled: thing.size * 2 })),
      handle(bad, ({ how }, { signal }) => fail(how, signal)),
    ],
  })
  key = await server.keyOf('dev', ['records:read'])
})
afterAll(() => server.close())

async function fail(how: string, signal: AbortSignal): Promise<{ fine: true }> {
  if (how === 'known')
    throw new PlumbError({ code: 'connection-unknown', message: 'm', remedy: 'r' })
  if (how === 'lie') return { fine: 'no' } as unknown as { fine: true }
  if (how === 'wait') {
    const gone = new Promise<string>((resolve) => {
      signal.addEventListener('abort', () => resolve(String(signal.reason)))
    })
    waiting.started()
    waiting.aborted = await gone
  }
  throw new Error('the password is hunter2')
}

test('members come from path, query, header and body, by the type that is expected', async () => {
  const answer = await fetch(
    `${server.url}/things/a%2Fb/echo?limit=7&deep=false&ids=x,y&tags[team]=red&unknown=1`,
    {
      method: 'POST',
      headers: {
        authorization: `Bearer ${key}`,
        'content-type': 'application/json',
        'connection-id': 'customer-1',
      },
      body: '{"color":"blue","more":true}',
    },
  )
  expect(answer.status).toBe(201)
  expect(await answer.json()).toEqual({
    input: {
      ...{ id: 'a/b', limit: 7, deep: false, ids: ['x', 'y'], tags: { team: 'red' } },
      ...{ connectionId: 'customer-1', color: 'blue' },
    },
  })
  expect(answer.headers.get('x-request-id')).toMatch(/^req_/)
})

test('a repeated member keeps its commas, a missing body has its defaults, a slash at the end is nothing', async () => {
  const found = await server.send(key, 'POST /things/1/echo/?ids=a,b&ids=c')
  expect(found.body).toEqual({ input: { id: '1', ids: ['a,b', 'c'], color: 'red' } })
})

test('wrong members are told by their name on the wire, with the value, but no secret', async () => {
  const found = await server.send(key, 'POST /things/1/echo?limit=many&deep=maybe&page=abc', {
    color: 5,
    secret_token: 'hunter2',
  })
  expect(found.status).toBe(400)
  const { error } = found.body as { error: { code: string; message: string } }
  expect(error.code).toBe('input-invalid')
  expect(error.message).toContain('Query member "limit" is "many"')
  expect(error.message).toContain('Query member "deep" is "maybe"')
  expect(error.message).toContain('Query member "page" is "abc"')
  expect(error.message).toContain('Body member "color" is 5')
  expect(error.message).toContain('secret_token')
  expect(error.message).not.toContain('hunter2')
})

test.each([
  ['[1]', 'The body is an array of 1'],
  ['"text"', 'The body is "text"'],
  ['{"a":', 'The request cannot be read'],
])('a body %s is refused', async (body, message) => {
  const found = await server.send(key, 'POST /things/1/echo', body)
  expect(found.status).toBe(400)
  expect(JSON.stringify(found.body)).toContain(JSON.stringify(message).slice(1, -1))
})

test('the body can be the input as a whole, where no key is asked for', async () => {
  expect((await server.send(null, 'PUT /things', { size: 4 })).body).toEqual({ doubled: 8 })
  const wrong = await server.send(null, 'PUT /things', { size: 'x' })
  expect(JSON.stringify(wrong.body)).toContain('Body member \\"size\\" is \\"x\\"')
})

test('no key, a wrong key, a key without the scope', async () => {
  const none = await server.send(null, 'POST /things/1/echo')
  expect(none).toMatchObject({ status: 401, body: { error: { code: 'unauthorized' } } })
  const wrong = await server.send('plumb_sk_nothing', 'POST /things/1/echo')
  expect(wrong.status).toBe(401)
  expect(JSON.stringify(wrong.body)).not.toContain('plumb_sk_nothing')
  const other = await server.send(await server.keyOf('dev', ['proxy']), 'POST /things/1/echo')
  expect(other).toMatchObject({ status: 403, body: { error: { code: 'forbidden' } } })
  expect(JSON.stringify(other.body)).toContain('records:read')
  const basic = await fetch(`${server.url}/things/1/echo`, {
    method: 'POST',
    headers: { authorization: 'Basic eDp5' },
  })
  expect(basic.status).toBe(401)
})

test('an unknown route names the nearest one, a wrong method those there are', async () => {
  const near = await server.send(key, 'GET /environment')
  expect(near).toMatchObject({ status: 404, body: { error: { code: 'route-unknown' } } })
  expect(JSON.stringify(near.body)).toContain('Did you mean GET /environments?')
  const strange = await server.send(key, 'GET /')
  expect(strange).toMatchObject({
    body: { error: { remedy: '`GET /openapi.json` describes all routes.' } },
  })
  const method = await server.send(key, 'PUT /things/1/echo')
  expect(JSON.stringify(method.body)).toContain('This path has POST.')
})

test('a wrong method is answered 405 with those there are', async () => {
  for (const method of ['PUT', 'OPTIONS', 'GET']) {
    const answer = await fetch(`${server.url}/things/1/echo`, { method })
    expect(answer.status).toBe(405)
    expect(answer.headers.get('allow')).toBe('POST')
    expect(await answer.json()).toMatchObject({ error: { code: 'method-unknown' } })
  }
})

test.each(['/things/%zz?token=hunter2', '/things/%ED%A0%80', `/things/${'x'.repeat(600)}`])(
  'an address that cannot be read is a failure like any other: %s',
  async (path) => {
    const answer = await fetch(server.url + path, { method: 'DELETE' })
    expect(answer.status).toBe(400)
    expect(answer.headers.get('x-request-id')).toMatch(/^req_/)
    const body = await answer.text()
    expect(body).toContain('"code":"input-invalid"')
    expect(body).not.toContain('hunter2')
    expect(body.length).toBeLessThan(500)
  },
)

test.each([
  ['GET /integrations/a%00b', undefined],
  [
    'POST /connections/metadata',
    '{"provider_config_key":"a","connection_id":"b","metadata":{"x":"\\ud800"}}',
  ],
  [
    'POST /connections/metadata',
    `{"provider_config_key":"a","connection_id":"b","metadata":{"x":${'['.repeat(9e4)}${']'.repeat(9e4)}}}`,
  ],
])('what cannot be stored is a wrong input and no defect: %s', async (target, body) => {
  const all = await server.keyOf()
  const headers = { authorization: `Bearer ${all}`, 'content-type': 'application/json' }
  const [method = '', path = ''] = target.split(' ')
  const answer = await fetch(server.url + path, {
    ...{ method, headers },
    ...(body !== undefined && { body }),
  })
  expect(answer.status).toBe(400)
  expect(await answer.text()).not.toContain('internal')
})

test('a failure has its status, and a defect tells nothing but the id of the request', async () => {
  const known = await server.send(null, 'DELETE /things/known')
  expect(known).toMatchObject({
    status: 404,
    body: { error: { code: 'connection-unknown', message: 'm', remedy: 'r' } },
  })
  expect(known.headers.get('plumb-error')).toBe('connection-unknown')
  const defect = await server.send(null, 'DELETE /things/defect')
  expect(defect).toMatchObject({ status: 500, body: { error: { code: 'internal' } } })
  expect(JSON.stringify(defect.body)).not.toContain('hunter2')
  const id = defect.headers.get('x-request-id') ?? 'none'
  expect(JSON.stringify(defect.body)).toContain(id)
  expect(server.reports.some((line) => line.includes(id) && line.includes('hunter2'))).toBe(true)
})

test('an answer that breaks its contract is a defect', async () => {
  expect((await server.send(null, 'DELETE /things/lie')).status).toBe(500)
  expect(server.reports.join('\n')).toContain('The answer of "things fail" breaks its contract')
})

test('a body that is too large is refused before it is read', async () => {
  const found = await server.send(key, 'POST /things/1/echo', { color: 'x'.repeat(11_000_000) })
  expect(found).toMatchObject({ status: 413, body: { error: { code: 'request-too-large' } } })
})

test('who goes away stops what was asked for', async () => {
  const begun = new Promise<void>((resolve) => (waiting.started = () => resolve()))
  const call = request(`${server.url}/things/wait`, { method: 'DELETE' })
  call.on('error', () => undefined)
  call.end()
  await begun
  call.destroy()
  await expect.poll(() => waiting.aborted).toContain('The client went away.')
})

test('a port that is taken is an error that says so', async () => {
  const { port } = new URL(server.url)
  const opening = openHttpServer({
    ...{ plumb: server.plumb, handlers: [], routes: [], host: '127.0.0.1', port: Number(port) },
    report: () => undefined,
  })
  await expect(opening).rejects.toMatchObject({ code: 'port-in-use' })
})

test('an address that this machine does not have is an error that says so', async () => {
  const opening = openHttpServer({
    ...{ plumb: server.plumb, handlers: [], routes: [], host: '203.0.113.7', port: 0 },
    report: () => undefined,
  })
  await expect(opening).rejects.toMatchObject({
    code: 'usage',
    message: expect.stringContaining('203.0.113.7'),
  })
})

test('closing lets a request end, and ends one that does not', async () => {
  const begun = new Promise<void>((resolve) => (waiting.started = () => resolve()))
  const http = await openHttpServer({
    ...{ plumb: server.plumb, routes: [], host: '127.0.0.1', port: 0 },
    handlers: [handle(bad, ({ how }, { signal }) => fail(how, signal))],
    report: () => undefined,
  })
  const call = fetch(`${http.url}/things/wait`, { method: 'DELETE' }).catch(() => null)
  await begun
  await http.close(50)
  await call
  expect(waiting.aborted).toContain('The server stops.')
})
