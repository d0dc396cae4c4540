import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { fixtureSchema, providerSchema } from '@plumb/protocol'
import type { Connection, Provider, ProviderRequest } from '@plumb/protocol'
import type { ConnectionGateway } from './connection-gateway.js'
import { openReplayGateway } from './open-replay-gateway.js'
import { recordingsFromFixture, recordingsFromReceipts } from './recordings.js'
import { jsonBody, openTestGateway, requestOf } from './testing/open-test-gateway.js'
import type { TestGateway } from './testing/open-test-gateway.js'

let t: TestGateway

beforeAll(async () => {
  t = await openTestGateway()
})
afterAll(() => t.close())
beforeEach(() => {
  t.server.reset()
  t.waits.length = 0
})

async function replayOf(live: ConnectionGateway) {
  const { provider, connection } = live
  const recordings = recordingsFromReceipts(await t.receipts(live))
  return openReplayGateway({ provider, connection, recordings, baseUrl: t.server.url })
}

/** What the function sees of an answer. */
async function outcomes(gateway: ConnectionGateway, requests: readonly ProviderRequest[]) {
  const seen = []
  for (const request of requests) {
    const answer = await gateway.request(request)
    if (answer.kind === 'answered') seen.push(answer.response)
    else seen.push(answer.kind === 'unreachable' ? [answer.code, answer.message] : answer)
  }
  return seen
}

test('a replay gives what the live gateway gave: retries, redirects, failures, secrets, binary bodies', async () => {
  const live = await t.connect()
  t.server.on(
    'GET /limited',
    { status: 429, headers: { 'retry-after': '3' } },
    { body: '{"n":  1}' },
  )
  t.server.on('GET /moved', { status: 302, headers: { location: '/limited' } })
  t.server.on('GET /raw', (_, response) => response.end(Buffer.from([0xff, 0, 0xfe])))
  t.server.on('POST /echo', { status: 422, body: { token: 'tok-secret-4711' } })
  t.server.on('POST /broken', (_, response) => response.destroy())
  const requests = [
    requestOf('GET', 'limited', { retries: 2 }),
    requestOf('GET', `${t.server.url}/moved?b=2&a=1`),
    requestOf('GET', 'raw'),
    requestOf('POST', 'echo', { body: jsonBody({ b: 1, a: '[secret]' }) }),
    requestOf('POST', 'broken', { retries: 2 }),
  ]
  const recorded = await outcomes(live, requests)
  const replay = await replayOf(live)
  expect(await outcomes(replay, requests)).toEqual(recorded)
  expect(replay.unused()).toEqual([])
  expect(replay.unknown()).toEqual([])
  const receipts = await t.receipts(live)
  expect(replay.calls.map(({ receiptId }) => receiptId)).toEqual(receipts.map(({ id }) => id))
  expect(replay.receipts().map(({ response }) => response)).toEqual(
    receipts.map(({ response }) => response),
  )
})

test('answers to one request are served in order, each once, and the next one is unknown', async () => {
  const live = await t.connect()
  t.server.on('GET /n', { body: { n: 1 } }, { body: { n: 2 } })
  await outcomes(live, [requestOf('GET', 'n'), requestOf('GET', 'n')])
  const replay = await replayOf(live)
  const bodies = await outcomes(replay, [requestOf('GET', 'n'), requestOf('GET', 'n')])
  expect(bodies).toMatchObject([{ body: { text: '{"n":1}' } }, { body: { text: '{"n":2}' } }])
  const third = await replay.request(requestOf('GET', 'n'))
  expect(third).toMatchObject({ kind: 'refused', error: { code: 'replay-unknown-request' } })
  expect(replay.unknown()[0]?.message).toContain('it was served already')
})

test('an unknown request is told with the nearest recording and the difference', async () => {
  const live = await t.connect()
  await live.request(requestOf('GET', 'repos/plumb/issues?state=open'))
  await live.request(requestOf('POST', 'other', { body: jsonBody({ a: 1 }) }))
  const replay = await replayOf(live)
  const near = await replay.request(requestOf('GET', 'repos/plumb/issues?state=all'))
  if (near.kind !== 'refused') throw new Error(near.kind)
  expect(near.error.message).toContain(
    `Nearest recording: GET ${t.server.url}/repos/plumb/issues?state=open`,
  )
  expect(near.error.message).toContain('query recorded as "state=open", asked as "state=all"')
  const body = await replay.request(requestOf('POST', 'other', { body: jsonBody({ a: 2 }) }))
  if (body.kind !== 'refused') throw new Error(body.kind)
  expect(body.error.message).toContain('body recorded as "{\\"a\\":1}", asked as "{\\"a\\":2}"')
  expect(replay.unused()).toHaveLength(2)
})

test('probes, refreshes and the answer before a refresh are no part of a replay', async () => {
  const live = await t.connect({
    provider: { auth: { mode: 'oauth2', authorizationUrl: '', tokenUrl: '' } as never },
    credential: {
      kind: 'oauth2',
      accessToken: 'old-access-1',
      refreshToken: 'refresh-1',
      scopes: [],
    },
    integration: { tokenUrl: `${t.server.url}/token` },
  })
  t.server.on('GET /x', { status: 401 }, { body: { ok: true } })
  t.server.on('POST /token', { body: { access_token: 'new-access-1' } })
  const requests = [requestOf('GET', 'x')]
  const recorded = await outcomes(live, requests)
  expect((await t.receipts(live)).map(({ purpose }) => purpose)).toEqual([
    'dryrun',
    'refresh',
    'dryrun',
  ])
  const replay = await replayOf(live)
  expect(await outcomes(replay, requests)).toEqual(recorded)
  expect(replay.unused()).toEqual([])
})

test('a link to where the recording was made is followed, another host is refused as in a live run', async () => {
  const live = await t.connect()
  await live.request(requestOf('GET', 'a'))
  const { provider, connection } = live
  const recordings = recordingsFromReceipts(await t.receipts(live))
  const replay = openReplayGateway({ provider, connection, recordings })
  expect((await replay.request(requestOf('GET', `${t.server.url}/a`))).kind).toBe('answered')
  expect(await replay.request(requestOf('GET', 'https://evil.example/a'))).toMatchObject({
    kind: 'refused',
    error: { code: 'host-not-allowed' },
  })
})

test('writes are guarded in a replay too', async () => {
  const { provider, connection } = await t.connect()
  const context = { allowWrites: false }
  const replay = openReplayGateway({ provider, connection, recordings: [], context })
  expect(await replay.request(requestOf('DELETE', 'x'))).toMatchObject({
    kind: 'refused',
    error: { code: 'request-invalid' },
  })
})

const slack: Provider = providerSchema.parse({
  name: 'slack',
  displayName: 'Slack',
  auth: { mode: 'api-key', query: 'key' },
  proxy: { baseUrl: 'https://slack.example/api', headers: { 'X-Version': '1' } },
})
const connection: Connection = {
  environment: 'dev',
  integrationKey: 'slack',
  connectionId: 'c',
  provider: 'slack',
  state: 'ok',
  connectionConfig: {},
  metadata: {},
  createdAt: '',
  updatedAt: '',
}

function replayFixture(api: object) {
  const recordings = recordingsFromFixture(fixtureSchema.parse({ api }), slack)
  return openReplayGateway({ provider: slack, connection, recordings })
}

test('a fixture is matched by method, endpoint, parameters, headers and body', async () => {
  const request = {
    params: { limit: 2, ids: ['a', 'b'], none: undefined },
    headers: { 'X-Team': 't' },
    data: { z: 1, a: [true] },
  }
  const replay = replayFixture({
    post: { '/chat.list': { response: { ok: true }, status: 201, request, receipt: 'r1' } },
  })
  const answer = await replay.request(
    requestOf('POST', 'https://slack.example/api/chat.list?ids=a', {
      query: [
        ['ids', 'b'],
        ['limit', '2'],
        ['key', 'mine'],
      ],
      headers: { 'x-team': 't', 'Content-Type': 'application/json; charset=utf-8', Accept: '*/*' },
      body: { encoding: 'utf8', text: '{ "a": [true], "z": 1 }' },
    }),
  )
  expect(answer).toMatchObject({
    kind: 'answered',
    response: {
      status: 201,
      headers: { 'content-type': 'application/json' },
      body: { text: '{"ok":true}' },
    },
    call: { receiptId: 'r1' },
  })
  expect(replay.unused()).toEqual([])
})

test('a header that matters makes another request', async () => {
  const entry = { response: {}, request: { headers: { 'x-team': 't' } } }
  const replay = replayFixture({ get: { x: entry } })
  const answer = await replay.request(requestOf('GET', 'x', { headers: { 'x-team': 'u' } }))
  if (answer.kind !== 'refused') throw new Error(answer.kind)
  expect(answer.error.message).toContain('headers recorded as "x-team: t", asked as "x-team: u"')
})

test('a form body equals the object it was made from', async () => {
  const replay = replayFixture({
    post: { x: { response: {}, request: { data: { a: '1', b: 'x y' } } } },
  })
  const headers = { 'content-type': 'application/x-www-form-urlencoded' }
  const body = { encoding: 'utf8', text: 'b=x+y&a=1' } as const
  expect((await replay.request(requestOf('POST', 'x', { headers, body }))).kind).toBe('answered')
})

test('the boundary of a multipart body does not matter, its parts do', async () => {
  const part = (boundary: string, value: string) =>
    `--${boundary}\r\ncontent-disposition: form-data; name="a"\r\n\r\n${value}\r\n--${boundary}--`
  const send = (boundary: string, value: string) =>
    requestOf('POST', 'upload', {
      headers: { 'content-type': `multipart/form-data; boundary=${boundary}` },
      body: { encoding: 'utf8', text: part(boundary, value) },
    })
  const live = await t.connect()
  await live.request(send('one', 'v'))
  const replay = await replayOf(live)
  expect((await replay.request(send('two', 'w'))).kind).toBe('refused')
  expect((await replay.request(send('two', 'v'))).kind).toBe('answered')
})

test('an entry of a fixture without a request answers anything at its endpoint', async () => {
  const replay = replayFixture({
    get: {
      '/x': [
        { response: 'text', headers: { 'Content-Type': 'text/plain' } },
        { response: 'json', headers: { 'content-type': 'application/json' } },
        { response: { $base64: 'AP8=' } },
      ],
    },
  })
  const requests = [1, 2, 3].map((n) => requestOf('GET', 'x', { headers: { 'x-n': String(n) } }))
  expect(await outcomes(replay, requests)).toMatchObject([
    { body: { text: 'text' } },
    { body: { text: '"json"' } },
    { body: { encoding: 'base64', text: 'AP8=' } },
  ])
})

test('time stands still in a replay but for waits', async () => {
  const date = 'Thu, 01 Jan 1970 00:00:20 GMT'
  const entries = [
    { response: {}, status: 429, headers: { 'retry-after': date } },
    { response: {} },
  ]
  const replay = replayFixture({ get: { x: entries } })
  await replay.request(requestOf('GET', 'x', { retries: 1 }))
  expect(replay.receipts().map(({ startedAt }) => startedAt)).toEqual([
    '1970-01-01T00:00:00.000Z',
    '1970-01-01T00:00:20.000Z',
  ])
})
