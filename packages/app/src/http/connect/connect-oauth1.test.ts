import { createHmac } from 'node:crypto'
import { createServer } from 'node:http'
import type { IncomingMessage, Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { providerSchema } from '@plumb/protocol'
import { addIntegration } from '@plumb/runtime'
import { openTestPlumb } from '../../server/testing/open-test-plumb.js'
import type { TestPlumb } from '../../server/testing/open-test-plumb.js'
import { connectRoutes } from './connect-routes.js'
import { openVisitor } from './testing/open-visitor.js'

let server: TestPlumb
let provider: Server
let url = ''
let callback = ''
const seen: string[] = []

/** Of RFC 5849: every leg has to be signed with the secrets that belong to it. */
function answerOf(request: IncomingMessage): [number, string] {
  const path = request.url ?? ''
  const members = Object.fromEntries(
    [...(request.headers.authorization ?? '').matchAll(/(\w+)="([^"]*)"/g)].map((found) => [
      found[1] ?? '',
      decodeURIComponent(found[2] ?? ''),
    ]),
  )
  const { oauth_signature: signature, ...signed } = members
  const encode = encodeURIComponent
  const pairs = Object.entries(signed).map(([name, value]) => `${encode(name)}=${encode(value)}`)
  const base = [request.method ?? '', url + path, pairs.sort().join('&')].map(encode).join('&')
  const secret = path === '/access' ? 'temporary-secret' : ''
  const expected = createHmac('sha1', `consumer-secret&${secret}`).update(base).digest('base64')
  seen.push(path)
  if (signature !== expected) return [401, 'wrong signature']
  if (path === '/request') {
    callback = members['oauth_callback'] ?? ''
    return [200, 'oauth_token=temporary&oauth_token_secret=temporary-secret']
  }
  const right = members['oauth_verifier'] === 'verified' && members['oauth_token'] === 'temporary'
  return right ? [200, 'oauth_token=kept&oauth_token_secret=kept-secret'] : [401, 'no']
}

beforeAll(async () => {
  provider = createServer((request, response) => {
    const [status, body] = answerOf(request)
    response.writeHead(status).end(body)
  })
  await new Promise<void>((resolve) => provider.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(provider.address() as AddressInfo).port}`
  server = await openTestPlumb({ routes: [connectRoutes] })
  const entry = providerSchema.parse({
    ...{ name: 'old', displayName: 'Old', proxy: { baseUrl: url } },
    auth: {
      ...{ mode: 'oauth1', requestTokenUrl: `${url}/request`, accessTokenUrl: `${url}/access` },
      ...{ authorizationUrl: `${url}/authorize`, signatureMethod: 'HMAC-SHA1' },
    },
  })
  const providers = server.plumb.providers as Map<string, unknown>
  providers.set('old', { provider: entry, path: '', apiDescription: null })
  const oauthClient = { clientId: 'consumer', clientSecret: 'consumer-secret' }
  await addIntegration(server.plumb, { integrationKey: 'old', provider: 'old', oauthClient })
})
afterAll(async () => {
  await server.close()
  provider.close()
  provider.closeAllConnections()
})

test.each([
  ['what it was sent', '&oauth_token=temporary&oauth_verifier=verified', 200, 'is connected'],
  ['a wrong verifier', '&oauth_token=temporary&oauth_verifier=x', 400, 'status 401'],
  ['the token of another way', '&oauth_token=other&oauth_verifier=verified', 400, 'another'],
  ['a denial', '&denied=temporary', 400, 'access was denied'],
])(
  'three legs of OAuth 1, when the person comes back with %s',
  async (...[, more, status, words]) => {
    seen.length = 0
    const key = await server.keyOf()
    const visitor = openVisitor(server, key)
    const { location } = await visitor.begin((await visitor.sessionOf()).token, 'old')
    expect(location).toBe(`${url}/authorize?oauth_token=temporary`)
    const page = await visitor.comeBack(new URL(`${callback}${more}`))
    expect([page.status, page.text]).toEqual([status, expect.stringContaining(words)])
    expect(seen).toEqual(more.includes('=temporary&') ? ['/request', '/access'] : ['/request'])
    for (const secret of ['temporary-secret', 'kept-secret'])
      expect(page.text).not.toContain(secret)
  },
)
