import { createHmac, generateKeyPairSync, verify } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Credential } from '@plumb/protocol'
import { answered, openTestGateway, requestOf } from '../gateway/testing/open-test-gateway.js'
import type { TestGateway } from '../gateway/testing/open-test-gateway.js'

let t: TestGateway
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
const pem = rsa.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()

beforeAll(async () => {
  t = await openTestGateway()
})
afterAll(() => t.close())
beforeEach(() => {
  t.server.reset()
  t.server.on('GET /x', { body: { ok: true } })
})

const open = (auth: object, credential: Credential) =>
  t.connect({ provider: { auth: auth as never }, credential })

const call = async (client: Awaited<ReturnType<typeof open>>) =>
  answered(await client.request(requestOf('GET', 'x'))).status

const seenAt = (path: string) => t.server.seen.filter(({ url }) => url === path)

const jwtFields = {
  key: { title: 'Key', secret: true },
  issuer: { title: 'Issuer', secret: false },
}
const jwtAuth = {
  ...{ mode: 'jwt', credentials: jwtFields, key: '${credentials.key}', ttlSeconds: 120 },
  claims: { iss: '${credentials.issuer}' },
}

test('a JWT of ES256 is signed with the key on its curve, and a key of another kind is none', async () => {
  const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const key = ec.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  const auth = { ...jwtAuth, algorithm: 'ES256' }
  const client = await open(auth, { kind: 'jwt', values: { key, issuer: 'me' } })
  expect(await call(client)).toBe(200)
  const token = seenAt('/x')[0]?.headers.authorization?.slice('Bearer '.length) ?? ''
  const [signed = '', signature = ''] = token.split(/\.(?=[^.]*$)/)
  const bytes = Buffer.from(signature, 'base64url')
  // JOSE wants the two numbers side by side, not the DER that OpenSSL makes.
  expect(bytes).toHaveLength(64)
  const proof = { key: ec.publicKey, dsaEncoding: 'ieee-p1363' } as const
  expect(verify('sha256', Buffer.from(signed), proof, bytes)).toBe(true)
  const wrong = await open(auth, { kind: 'jwt', values: { key: pem, issuer: 'me' } })
  const answer = await wrong.request(requestOf('GET', 'x'))
  expect(answer.kind === 'refused' && answer.error.message).toContain('"rsa" instead of "ec"')
})

test.each(['utf8', 'hex', 'base64'] as const)(
  'a JWT of HS256 is signed with the bytes of a secret written as %s',
  async (keyEncoding) => {
    const secret = Buffer.from('a secret of the customer')
    const auth = { ...jwtAuth, algorithm: 'HS256', keyEncoding }
    const values = { key: secret.toString(keyEncoding), issuer: 'me' }
    expect(await call(await open(auth, { kind: 'jwt', values }))).toBe(200)
    const token = seenAt('/x')[0]?.headers.authorization?.slice('Bearer '.length) ?? ''
    const [signed = '', signature] = token.split(/\.(?=[^.]*$)/)
    expect(signature).toBe(createHmac('sha256', secret).update(signed).digest('base64url'))
  },
)

test('a JWT is exchanged for a token where the provider wants that, and neither is told', async () => {
  const exchange = {
    ...{ method: 'POST', url: `${t.server.url}/exchange`, bodyFormat: 'form' },
    body: { grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion: '${jwt}' },
    ...{ tokenPath: 'access_token', expiresInPath: 'expires_in' },
  }
  const auth = { ...jwtAuth, algorithm: 'RS256', exchange }
  const client = await open(auth, { kind: 'jwt', values: { key: pem, issuer: 'me' } })
  t.server.on('POST /exchange', { body: { access_token: 'exchanged-4711', expires_in: 3600 } })
  expect([await call(client), await call(client)]).toEqual([200, 200])
  const asked = seenAt('/exchange')
  expect(asked).toHaveLength(1)
  const assertion = new URLSearchParams(asked[0]?.body).get('assertion') ?? ''
  const claims: unknown = JSON.parse(
    Buffer.from(assertion.split('.')[1] ?? '', 'base64url').toString(),
  )
  expect(claims).toMatchObject({ iss: 'me' })
  expect(seenAt('/x').map(({ headers }) => headers.authorization)).toEqual(
    Array(2).fill('Bearer exchanged-4711'),
  )
  const receipts = JSON.stringify(await t.receipts(client))
  for (const secret of [assertion, 'exchanged-4711']) expect(receipts).not.toContain(secret)
})
