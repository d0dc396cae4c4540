import { readFile } from 'node:fs/promises'
import type { Provider } from '@plumb/protocol'
import { z } from 'zod'

/** Path of the published endpoints. */
export const oauthEndpointsFile = new URL('../oauth-endpoints.json', import.meta.url)

const endpointsSchema = z.record(
  z.string(),
  z.strictObject({
    authorizationUrl: z.string(),
    tokenUrl: z.string(),
    /** Of OAuth 1, where a temporary token is asked for first. */
    requestTokenUrl: z.string().optional(),
    scopeSeparator: z.string().optional(),
    baseUrl: z.string(),
  }),
)

export type OAuthEndpoints = z.infer<typeof endpointsSchema>

type Known = Readonly<Record<string, Readonly<Record<string, unknown>>>>

/**
 * The OAuth endpoints that the MIT-licensed package `grant` knows, in our form. `profiles` names a page of each API,
 * whose origin is taken for the API's; where there is none, that of the token endpoint.
 */
export function deriveOAuthEndpoints(oauth: Known, profiles: Known): OAuthEndpoints {
  const entries = Object.entries(oauth).map(([name, known]) => {
    const text = (value: unknown): string => placeholders(typeof value === 'string' ? value : '')
    const requestTokenUrl = text(known['request_url'])
    const scopeSeparator = known['scope_delimiter']
    const tokenUrl = text(known['access_url'])
    const profile = text(profiles[name]?.['profile_url'])
    return [
      name,
      {
        authorizationUrl: text(known['authorize_url']),
        tokenUrl,
        ...(requestTokenUrl !== '' && { requestTokenUrl }),
        ...(typeof scopeSeparator === 'string' && { scopeSeparator }),
        baseUrl: originOf(profile === '' ? tokenUrl : profile),
      },
    ] as const
  })
  return Object.fromEntries(entries)
}

function placeholders(url: string): string {
  return url.replace(/^http:/, 'https:').replaceAll('[subdomain]', '${connectionConfig.subdomain}')
}

/** Of a text that may hold placeholders, which a URL object would escape. */
function originOf(url: string): string {
  return /^https:\/\/[^/]+/.exec(url)?.[0] ?? url
}

/** Entries for APIs of which only the OAuth endpoints are known: no check, no pagination, no rules of access. */
export async function loadOAuthEndpoints(): Promise<readonly Provider[]> {
  const text = await readFile(oauthEndpointsFile, 'utf8')
  return Object.entries(endpointsSchema.parse(JSON.parse(text))).map(providerOf)
}

function providerOf([name, known]: [string, OAuthEndpoints[string]]): Provider {
  const fields = JSON.stringify(known).includes('connectionConfig.subdomain')
  return {
    name,
    displayName: name.charAt(0).toUpperCase() + name.slice(1),
    categories: [],
    auth: authOf(known),
    proxy: { baseUrl: known.baseUrl, hosts: [], headers: {}, query: {}, access: [] },
    ...(fields && { connectionConfig: { subdomain } }),
  }
}

function authOf(known: OAuthEndpoints[string]): Provider['auth'] {
  const { authorizationUrl, tokenUrl, requestTokenUrl, scopeSeparator = ' ' } = known
  if (requestTokenUrl !== undefined) {
    const urls = { requestTokenUrl, authorizationUrl, accessTokenUrl: tokenUrl }
    const params = { authorizationParams: {} }
    return { mode: 'oauth1', ...urls, signatureMethod: 'HMAC-SHA1', ...params }
  }
  const defaults = { tokenAuth: 'body', pkce: true, scopes: [], authorizationParams: {} } as const
  return { mode: 'oauth2', authorizationUrl, tokenUrl, scopeSeparator, ...defaults, scopes: [] }
}

const subdomain = {
  title: 'Subdomain',
  description: 'The part of the address of your account that is your own.',
  example: 'acme',
  pattern: '[A-Za-z0-9][A-Za-z0-9.-]*',
}
