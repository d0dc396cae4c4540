import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { answered, jsonBody, openTestGateway, requestOf } from './testing/open-test-gateway.js'
import type { TestGateway } from './testing/open-test-gateway.js'

let t: TestGateway

beforeAll(async () => {
  t = await openTestGateway()
})
afterAll(() => t.close())
beforeEach(() => t.server.reset())

test.each([
  {
    auth: { mode: 'api-key', header: 'X-Key', prefix: 'Token ' },
    header: 'x-key',
    value: 'Token key-12345678',
  },
  { auth: { mode: 'bearer' }, header: 'authorization', value: 'Bearer key-12345678' },
] as const)(
  'auth: an API key with $auth.mode goes into "$header"',
  async ({ auth, header, value }) => {
    const credential = { kind: 'api-key', apiKey: 'key-12345678' } as const
    const acme = await t.connect({ provider: { auth }, credential })
    await acme.request(requestOf('GET', 'x'))
    expect(t.server.seen[0]?.headers[header]).toBe(value)
    expect(JSON.stringify(await t.receipts(acme))).not.toContain('key-12345678')
  },
)

test('auth: an API key in the query replaces what the function put there, and is no part of the receipt', async () => {
  const acme = await t.connect({
    provider: { auth: { mode: 'api-key', query: 'appid', prefix: '' } },
    credential: { kind: 'api-key', apiKey: 'key/1234+5678' },
  })
  await acme.request(requestOf('GET', 'x?q=1&appid=mine'))
  expect(t.server.seen[0]?.url).toBe('/x?q=1&appid=key%2F1234%2B5678')
  const [receipt] = await t.receipts(acme)
  expect(receipt?.request.url).toBe(`${t.server.url}/x?q=1&appid=[secret]`)
})

test('auth: basic', async () => {
  const acme = await t.connect({
    provider: { auth: { mode: 'basic' } },
    credential: { kind: 'basic', username: 'ann', password: 'pässword' },
  })
  await acme.request(requestOf('GET', 'x'))
  const pair = Buffer.from('ann:pässword').toString('base64')
  expect(t.server.seen[0]?.headers.authorization).toBe(`Basic ${pair}`)
})

test('the secret is removed wherever it turns up, for the receipt and for the function alike', async () => {
  const secret = 'sk_live/ü+"quoted"=42'
  const acme = await t.connect({ credential: { kind: 'bearer', token: secret } })
  const forms = [
    secret,
    encodeURIComponent(secret),
    new URLSearchParams({ s: secret }).toString(),
    Buffer.from(secret).toString('hex'),
    ...['', 'a', 'ab', 'abc', 'user:'].map((before) =>
      Buffer.from(`${before}${secret} and more`).toString('base64'),
    ),
    Buffer.from(`xy${secret}`).toString('base64url'),
  ]
  const cores = forms.map((form) => form.slice(8, 24))
  const inBody = { forms, nested: { [secret]: secret } }
  t.server.on('POST /echo', {
    body: inBody,
    headers: {
      'x-echo': encodeURIComponent(secret),
      'set-cookie': ['sid=1', 'b=2'],
      link: `<https://a/?t=${encodeURIComponent(secret)}>`,
    },
  })
  const response = answered(
    await acme.request(
      requestOf('POST', `echo?token=${encodeURIComponent(secret)}`, {
        headers: { 'x-token': encodeURIComponent(secret) },
        query: [['other', secret]],
        body: jsonBody(inBody),
      }),
    ),
  )
  const kept = JSON.stringify([await t.receipts(acme), response, acme.calls])
  for (const form of [secret, JSON.stringify(secret).slice(1, -1), ...cores])
    expect(kept).not.toContain(form)
  expect(response.headers['set-cookie']).toBe('[secret]')
  expect(t.server.seen[0]?.body).toBe(JSON.stringify(inBody))
})

test('the secret is removed from binary bodies, and nothing else in them changes', async () => {
  const acme = await t.connect()
  const before = Buffer.from([0xff, 0xfe, 0, 1])
  const body = Buffer.concat([before, Buffer.from('tok-secret-4711'), before])
  t.server.on('GET /bytes', (_, response) => response.end(body))
  const response = answered(await acme.request(requestOf('GET', 'bytes')))
  expect(response.body.encoding).toBe('base64')
  expect(Buffer.from(response.body.text, 'base64')).toEqual(
    Buffer.concat([before, Buffer.from('[secret]'), before]),
  )
})
