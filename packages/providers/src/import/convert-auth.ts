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
}

/** The `auth` of one of our entries, or why there is none. */
export function convertAuth(foreign: ForeignEntry): ConvertedAuth {
  const { auth_mode: mode = 'missing' } = foreign
  const convert = modes[mode]
  if (convert !== undefined) return convert(foreign)
  return { kind: 'skipped', reason: `its "auth_mode" is ${mode}, which is not imported.` }
}

function plain(auth: Readonly<Record<string, unknown>>, used: string[] = []): ConvertedAuth {
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
    ...(foreign.token_request_auth_method === 'basic' && { tokenAuth: 'basic' }),
    ...(foreign.disable_pkce === true && { pkce: false }),
    ...(foreign.default_scopes !== undefined && { scopes: [...new Set(foreign.default_scopes)] }),
    ...(foreign.scope_separator !== undefined && { scopeSeparator: foreign.scope_separator }),
    ...(params.length > 0 && { authorizationParams: Object.fromEntries(params) }),
  }
  return plain(auth, ['headers authorization', 'headers Authorization'])
}

function apiKey({ proxy }: ForeignEntry): ConvertedAuth {
  for (const [name, value] of Object.entries(proxy?.headers ?? {})) {
    const [prefix, after] = String(value).split('${apiKey}')
    if (after === '') {
      const auth = { mode: 'api-key', header: name, ...(prefix !== '' && { prefix }) }
      return plain(auth, [`headers ${name}`])
    }
  }
  for (const [name, value] of Object.entries(proxy?.query ?? {})) {
    if (value === '${apiKey}') return plain({ mode: 'api-key', query: name }, [`query ${name}`])
  }
  return {
    kind: 'skipped',
    reason: 'no header and no query parameter is its key and nothing else.',
  }
}
