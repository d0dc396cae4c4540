import { credentialsOf, placementOf, withoutKeys } from './credential-place.js'
import type { ForeignEntry } from './foreign-entry.js'

export type ConvertedAuth =
  | {
      readonly kind: 'auth'
      readonly auth: Readonly<Record<string, unknown>>
      /** Headers and query parameters that carry the credential: `headers authorization`. */
      readonly used: ReadonlySet<string>
      readonly left: readonly string[]
    }
  | { readonly kind: 'skipped'; readonly reason: string }

type Convert = (foreign: ForeignEntry) => ConvertedAuth

/** How the credential is obtained and sent, by the mode's name in a `providers.yaml`. */
const modes: Readonly<Record<string, Convert>> = {
  OAUTH2: oauth2,
  API_KEY: apiKey,
  BASIC: () => plain({ mode: 'basic' }, ['headers authorization']),
  NONE: () => plain({ mode: 'none' }),
  OAUTH1: oauth1,
  OAUTH2_CC: clientCredentials,
  MCP_OAUTH2: mcpOAuth2,
  TWO_STEP: twoStep,
  JWT: jwt,
}

/** The `auth` of one of our entries, or why there is none. */
export function convertAuth(foreign: ForeignEntry): ConvertedAuth {
  const { auth_mode: mode = 'missing' } = foreign
  const convert = modes[mode]
  if (convert !== undefined) return convert(foreign)
  return { kind: 'skipped', reason: `its "auth_mode" is ${mode}, which is not imported.` }
}

function plain(
  auth: Readonly<Record<string, unknown>>,
  used: string[] = [],
): Extract<ConvertedAuth, { kind: 'auth' }> {
  return { kind: 'auth', auth, used: new Set(used), left: [] }
}

function oauth2(foreign: ForeignEntry): ConvertedAuth {
  const { authorization_url: authorizationUrl, token_url: tokenUrl } = foreign
  if (authorizationUrl === undefined || typeof tokenUrl !== 'string') {
    return { kind: 'skipped', reason: 'it has no "authorization_url" and "token_url" as texts.' }
  }
  const params = Object.entries(foreign.authorization_params ?? {})
    // Every authorization request has it.
    .filter(([name]) => name !== 'response_type')
    .map(([name, value]) => [name, String(value)] as const)
  const auth = {
    mode: 'oauth2',
    authorizationUrl,
    tokenUrl,
    ...(foreign.refresh_url !== undefined && { refreshUrl: foreign.refresh_url }),
    ...tokenAuthOf(foreign),
    ...(foreign.disable_pkce === true && { pkce: false }),
    ...scopesOf(foreign),
    ...(params.length > 0 && { authorizationParams: Object.fromEntries(params) }),
    ...(foreign.body_format === 'json' && { tokenFormat: 'json' }),
    ...toldOf(foreign),
  }
  const { params: tokenParams, left } = tokenParamsOf(foreign)
  const converted = plain({ ...auth, ...tokenParams }, [
    ...['headers authorization', 'headers Authorization'],
  ])
  return { ...converted, left }
}

/** What the way back and the token answer tell about a connection. */
function toldOf(foreign: ForeignEntry): object {
  const { redirect_uri_metadata: back = [], token_response_metadata: answer = [] } = foreign
  const told = [...back, ...answer].map((path) => [path, path] as const)
  return told.length === 0 ? {} : { connectionConfigFrom: Object.fromEntries(told) }
}

/** Further members of token requests. Those that differ for a refresh, or have to be filled in, have no place. */
function tokenParamsOf(foreign: ForeignEntry) {
  const { token_params: params = {}, refresh_params: refresh = {} } = foreign
  const further = Object.entries(textsOf(withoutKeys(params, ['grant_type'])))
  const fixed = further.filter(([, text]) => !text.includes('${'))
  const open = further.filter(([, text]) => text.includes('${'))
  const others = Object.keys(withoutKeys(refresh, ['grant_type']))
  return {
    params: fixed.length === 0 ? {} : { tokenParams: Object.fromEntries(fixed) },
    left: [
      ...open.map(([name]) => `"token_params.${name}"`),
      ...others.map((name) => `"refresh_params.${name}"`),
    ],
  }
}

function scopesOf({ default_scopes: scopes, scope_separator: scopeSeparator }: ForeignEntry) {
  return {
    ...(scopes !== undefined && { scopes: [...new Set(scopes)] }),
    ...(scopeSeparator !== undefined && { scopeSeparator }),
  }
}

function tokenAuthOf({ token_request_auth_method: method }: ForeignEntry) {
  return method === 'basic' ? { tokenAuth: 'basic' } : {}
}

function apiKey(foreign: ForeignEntry): ConvertedAuth {
  const place = placementOf(foreign, 'apiKey')
  if (place !== null) return plain({ mode: 'api-key', ...place.placement }, [place.used])
  return {
    kind: 'skipped',
    reason: 'no header and no query parameter is its key and nothing else.',
  }
}

function oauth1(foreign: ForeignEntry): ConvertedAuth {
  const { request_url: requestTokenUrl, authorization_url: authorizationUrl } = foreign
  const { token_url: accessTokenUrl, signature_method: method = 'HMAC-SHA1' } = foreign
  if (requestTokenUrl === undefined || authorizationUrl === undefined)
    return { kind: 'skipped', reason: 'it has no "request_url" and "authorization_url".' }
  if (typeof accessTokenUrl !== 'string')
    return { kind: 'skipped', reason: 'it has no "token_url" as text.' }
  if (!/^(HMAC-SHA1|HMAC-SHA256|RSA-SHA1|PLAINTEXT)$/.test(method))
    return { kind: 'skipped', reason: `its "signature_method" is ${method}.` }
  const urls = { requestTokenUrl, authorizationUrl, accessTokenUrl }
  return plain({ mode: 'oauth1', ...urls, signatureMethod: method })
}

function clientCredentials(foreign: ForeignEntry): ConvertedAuth {
  const { token_url: tokenUrl, token_params: params, body_format: format } = foreign
  if (typeof tokenUrl !== 'string')
    return { kind: 'skipped', reason: 'it has no "token_url" as text.' }
  const further = withoutKeys(params ?? {}, ['grant_type'])
  const place = placementOf(foreign, 'accessToken')
  const auth = {
    mode: 'client-credentials',
    tokenUrl,
    ...tokenAuthOf(foreign),
    ...(Object.keys(further).length > 0 && { tokenParams: further }),
    ...(format === 'json' && { tokenFormat: 'json' }),
    ...scopesOf(foreign),
    ...place?.placement,
  }
  return plain(auth, place === null ? [] : [place.used])
}

function mcpOAuth2(foreign: ForeignEntry): ConvertedAuth {
  const auth = { mode: 'mcp-oauth2', ...scopesOf(foreign) }
  return plain(auth, ['headers authorization', 'headers Authorization'])
}

function twoStep(foreign: ForeignEntry): ConvertedAuth {
  const { token_url: url, token_response: response, body_format: format = 'json' } = foreign
  if (typeof url !== 'string' || response === undefined)
    return { kind: 'skipped', reason: 'it has no "token_url" and "token_response".' }
  if (format !== 'json' && format !== 'form')
    return { kind: 'skipped', reason: `its "body_format" is ${format}.` }
  const { fields, filled } = credentialsOf(foreign)
  const place = placementOf(foreign, 'accessToken')
  const token = filled({
    ...tokenRequestOf(foreign, format),
    url,
    tokenPath: response.token,
    ...lifetimeOf(foreign),
  })
  const auth = { mode: 'two-step', credentials: fields, token, ...place?.placement }
  return plain(auth, place === null ? [] : [place.used])
}

function tokenRequestOf(foreign: ForeignEntry, bodyFormat: 'json' | 'form'): object {
  const { token_params: body, token_headers: headers, token_request_method: method } = foreign
  return {
    ...(method !== undefined && { method }),
    ...(headers && { headers: textsOf(headers) }),
    ...(body && { body, bodyFormat }),
  }
}

function lifetimeOf({ token_response: response, token_expires_in_ms: ms }: ForeignEntry): object {
  const path = response?.token_expiration
  const absolute = response?.token_expiration_strategy === 'expireAt'
  return {
    ...(path !== undefined && (absolute ? { expiresAtPath: path } : { expiresInPath: path })),
    ...(ms !== undefined && { ttlSeconds: Math.max(1, Math.floor(ms / 1000)) }),
  }
}

function jwt(foreign: ForeignEntry): ConvertedAuth {
  const { signing_key: key, expires_in_ms: ms, headers = {}, payload = {} } = foreign.token ?? {}
  if (key === undefined) return { kind: 'skipped', reason: 'it has no "token.signing_key".' }
  const { fields, filled } = credentialsOf(foreign)
  const place = placementOf(foreign, 'accessToken')
  const further = textsOf(withoutKeys(headers, ['alg', 'typ']))
  const auth = {
    mode: 'jwt',
    credentials: fields,
    algorithm: headers['alg'] ?? 'RS256',
    key: filled(key),
    ...(Object.keys(further).length > 0 && { joseHeader: filled(further) }),
    claims: filled(withoutKeys(payload, ['iat', 'exp'])),
    ...(ms !== undefined && { ttlSeconds: Math.max(1, Math.floor(ms / 1000)) }),
    ...place?.placement,
  }
  return plain(auth, place === null ? [] : [place.used])
}

function textsOf(given: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(Object.entries(given).map(([name, value]) => [name, String(value)]))
}
