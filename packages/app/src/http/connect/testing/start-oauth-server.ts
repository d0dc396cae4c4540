import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import Provider from 'oidc-provider'
import type { Configuration } from 'oidc-provider'

export type OAuthServer = {
  readonly url: string
  /** Requests to the token endpoint, by their grant. */
  readonly grants: string[]
  readonly revoked: string[]
  /** How long its token endpoint takes, in milliseconds. */
  delayMs: number
  /** What the person at the provider answers. */
  decision: 'allow' | 'deny'
  /** Goes to `url` as a person's browser does, up to where the provider sends it back. */
  visit(url: string): Promise<URL>
  close(): Promise<void>
}

export const testClient = { clientId: 'plumb-client', clientSecret: 'plumb-client-secret-4711' }

/** A real OpenID provider on loopback: PKCE, rotating refresh tokens, revocation, dynamic registration. */
export async function startOAuthServer(redirectUri: string): Promise<OAuthServer> {
  const http = createServer((request, response) => void handler.handle(request, response))
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`
  const provider = new Provider(url, configuration(redirectUri))
  const callback = provider.callback()
  const grants: string[] = []
  const revoked: string[] = []
  const state = { delayMs: 0, decision: 'allow' as OAuthServer['decision'] }
  provider.on('grant.success', ({ oidc }) => grants.push(String(oidc.params?.['grant_type'])))
  provider.on('grant.error', ({ oidc }) =>
    grants.push(`refused ${String(oidc.params?.['grant_type'])}`),
  )
  provider.on('grant.revoked', (_, id) => revoked.push(id))
  const handler = {
    async handle(request: IncomingMessage, response: ServerResponse) {
      const path = request.url ?? ''
      if (path.startsWith('/token')) await sleep(state.delayMs)
      if (path.startsWith('/me-too')) return describeResource(url, response)
      if (path.startsWith('/.well-known/oauth-protected-resource')) {
        return answer(response, { resource: `${url}/mcp`, authorization_servers: [url] })
      }
      if (path.startsWith('/.well-known/oauth-authorization-server')) {
        request.url = '/.well-known/openid-configuration'
      }
      if (!path.startsWith('/interaction/')) return callback(request, response)
      return decide(provider, { request, response, decision: state.decision })
    },
  }
  return {
    ...{ url, grants, revoked, visit },
    get delayMs() {
      return state.delayMs
    },
    set delayMs(ms) {
      state.delayMs = ms
    },
    get decision() {
      return state.decision
    },
    set decision(value) {
      state.decision = value
    },
    close: () =>
      new Promise((resolve) => {
        http.close(() => resolve())
        http.closeAllConnections()
      }),
  }
}

function configuration(redirectUri: string): Configuration {
  return {
    clients: [
      {
        client_id: testClient.clientId,
        client_secret: testClient.clientSecret,
        redirect_uris: [redirectUri],
        grant_types: ['authorization_code', 'refresh_token'],
        token_endpoint_auth_method: 'client_secret_post',
      },
    ],
    features: {
      devInteractions: { enabled: false },
      revocation: { enabled: true },
      registration: { enabled: true },
      resourceIndicators: {
        enabled: true,
        useGrantedResource: () => true,
        getResourceServerInfo: (_, audience) => ({
          ...{ scope: 'openid offline_access', audience, accessTokenTTL: 3600 },
        }),
      },
    },
    pkce: { required: () => true },
    rotateRefreshToken: true,
    issueRefreshToken: async () => true,
    interactions: { url: (_, { uid }) => `/interaction/${uid}` },
    cookies: { keys: ['a key of a test'] },
    findAccount: (_, accountId) => ({ accountId, claims: () => ({ sub: accountId }) }),
    ttl: {
      AccessToken: 3600,
      RefreshToken: 86_400,
      Grant: 86_400,
      Session: 3600,
      Interaction: 600,
    },
    renderError: (context, out) => {
      context.body = JSON.stringify(out)
    },
  }
}

async function decide(
  provider: Provider,
  o: {
    readonly request: IncomingMessage
    readonly response: ServerResponse
    readonly decision: OAuthServer['decision']
  },
): Promise<void> {
  const { request, response } = o
  const details = await provider.interactionDetails(request, response)
  const client = textOf(details.params['client_id'])
  if (o.decision === 'deny') {
    const error = { error: 'access_denied', error_description: 'Not <b>this</b> time' }
    return provider.interactionFinished(request, response, error)
  }
  const accountId = 'person-1'
  const grant = new provider.Grant({ accountId, clientId: client })
  const scope = textOf(details.params['scope']) || 'openid'
  grant.addOIDCScope(scope)
  const resource = details.params['resource']
  if (typeof resource === 'string') grant.addResourceScope(resource, scope)
  const consent = { grantId: await grant.save() }
  return provider.interactionFinished(request, response, { login: { accountId }, consent })
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

function describeResource(url: string, response: ServerResponse): void {
  answer(response, { url })
}

function answer(response: ServerResponse, body: unknown): void {
  response.writeHead(200, { 'content-type': 'application/json' })
  response.end(JSON.stringify(body))
}

/** Follows redirects with cookies until they lead to another server. */
async function visit(start: string): Promise<URL> {
  const jar = new Map<string, string>()
  let at = new URL(start)
  const home = at.origin
  for (let hops = 0; hops < 10; hops++) {
    const cookie = [...jar].map((pair) => pair.join('=')).join('; ')
    const answered = await fetch(at, { redirect: 'manual', headers: { cookie } })
    for (const line of answered.headers.getSetCookie()) {
      const [name = '', value = ''] = line.split(';')[0]?.split('=') ?? []
      jar.set(name, value)
    }
    const location = answered.headers.get('location')
    if (location === null)
      throw new Error(`${at.href}: ${answered.status} ${await answered.text()}`)
    at = new URL(location, at)
    if (at.origin !== home) return at
  }
  throw new Error('the provider redirects without end')
}
