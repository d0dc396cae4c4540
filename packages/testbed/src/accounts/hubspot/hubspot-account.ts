import { bearerToken } from '../server/account-request.js'
import type { AccountAnswer, AccountRequest } from '../server/account-request.js'
import { createFaultSwitch } from '../server/fault-switch.js'
import { routeRequests } from '../server/route-requests.js'
import type { Route } from '../server/route-requests.js'
import { startAccountServer } from '../server/start-account-server.js'
import { createTokenDesk } from '../server/token-desk.js'
import type { TokenDesk } from '../server/token-desk.js'
import type { AccountOptions, RunningAccount } from '../test-account.js'
import { contactRoutes } from './contact-routes.js'
import { createContactStore } from './contact-store.js'
import { hubspotError, notFound } from './hubspot-answers.js'
import { createRateLimits } from './rate-limits.js'

/** More than a search can be paged through, and more than twice. */
const contactCount = 25_000
const scopes = ['crm.objects.contacts.read', 'crm.objects.contacts.write', 'oauth']

/** HubSpot's contacts, with its caps: pages of 100 (200 in a search), 10,000 results and 5 searches a second. */
export async function startHubspotAccount(options: AccountOptions): Promise<RunningAccount> {
  const { seed, clock, extraScopes } = options
  const tokens = createTokenDesk({
    seed: `hubspot-${seed}`,
    clock,
    scopes: [...scopes, ...extraScopes],
    lifetimeSeconds: 1800,
  })
  let store = createContactStore(contactCount, clock)
  const limits = createRateLimits(clock)
  const faults = createFaultSwitch()
  const route = routeRequests([...contactRoutes(() => store), details])
  const handle = (request: AccountRequest): AccountAnswer => {
    if (request.method === 'POST' && request.path === '/oauth/v1/token')
      return tokens.exchange(request)
    const isSearch = request.path.endsWith('/search')
    const refused = refusal(request, tokens) ?? limits.refuse(isSearch)
    if (refused) return refused
    const answer = route(request) ?? notFound()
    return isSearch ? answer : { ...answer, headers: { ...answer.headers, ...limits.headers() } }
  }
  const server = await startAccountServer(handle, faults)
  return {
    account: {
      provider: 'hubspot',
      integrationKey: 'hubspot',
      connectionId: 'test-account',
      baseUrl: server.url,
      tokenUrl: `${server.url}/oauth/v1/token`,
      credential: { kind: 'oauth2', ...tokens.first() },
      oauthClient: tokens.client,
      note: `HubSpot with ${contactCount} contacts.`,
    },
    controls: { faults, tokens, requests: server.requests },
    async reset() {
      store = createContactStore(contactCount, clock)
      limits.reset()
      tokens.reset()
      faults.clear()
      server.forgetRequests()
    },
    close: () => server.close(),
  }
}

const details: Route = {
  method: 'GET',
  path: '/account-info/v3/details',
  handle: () => ({ status: 200, body: { portalId: 4_711_000, timeZone: 'Europe/Berlin' } }),
}

/** Why a request may not come in, or null. */
function refusal(request: AccountRequest, tokens: TokenDesk): AccountAnswer | null {
  const token = bearerToken(request)
  if (token === null) {
    const message = 'Authentication credentials not found.'
    return hubspotError(401, { message, category: 'MISSING_AUTHENTICATION' })
  }
  const grant = tokens.look(token)
  if (grant === 'expired') {
    const message = 'The OAuth token used to make this call expired.'
    return hubspotError(401, { message, category: 'EXPIRED_AUTHENTICATION' })
  }
  if (grant === 'unknown') {
    const message = 'The access token is not valid.'
    return hubspotError(401, { message, category: 'INVALID_AUTHENTICATION' })
  }
  const write = request.method !== 'GET' && !/\/(search|read)$/.test(request.path)
  const needed = write ? 'crm.objects.contacts.write' : 'crm.objects.contacts.read'
  if (!request.path.startsWith('/crm/') || grant.scopes.includes(needed)) return null
  return hubspotError(403, {
    message: 'This app has not been granted all required scopes to make this call.',
    category: 'MISSING_SCOPES',
    errors: [{ context: { requiredGranularScopes: [needed] } }],
  })
}
