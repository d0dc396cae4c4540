import { PlumbError } from '@plumb/protocol'
import type { OwnClient } from '@plumb/protocol'

/** Query members as the published frontends send them: `params[name]=value`. */
export type ConnectQuery = {
  readonly token: string
  readonly params: Readonly<Record<string, string>>
  readonly authorizationParams: Readonly<Record<string, string>>
  readonly userScopes?: string
  readonly client?: OwnClient
}

type Raw = Readonly<Record<string, unknown>>

/** Reads the query of a connect request. Throws PlumbError `session-invalid` without a session token. */
export function readConnectQuery(raw: Raw, authorization: string | undefined): ConnectQuery {
  const token =
    textOf(raw['connect_session_token']) ?? /^Bearer +(\S+)$/i.exec(authorization ?? '')?.[1]
  if (token === undefined) {
    throw new PlumbError({
      code: 'session-invalid',
      message: 'The request carries no connect session token.',
      remedy: 'Add `connect_session_token=...`; POST /connect/sessions makes one.',
    })
  }
  const userScopes = textOf(raw['user_scope'])
  const credentials = group(raw, 'credentials')
  const clientId = credentials['oauth_client_id_override']
  const clientSecret = credentials['oauth_client_secret_override']
  return {
    token,
    params: group(raw, 'params'),
    authorizationParams: group(raw, 'authorization_params'),
    ...(userScopes !== undefined && { userScopes }),
    ...(clientId !== undefined && {
      client: { clientId, ...(clientSecret !== undefined && { clientSecret }) },
    }),
  }
}

/** The members of a query by name; of one that is repeated the first counts. */
export function textsOfQuery(raw: Raw): Record<string, string> {
  const pairs = Object.entries(raw).map(([name, value]) => [name, textOf(value)] as const)
  return Object.fromEntries(pairs.filter((pair): pair is [string, string] => pair[1] !== undefined))
}

function group(raw: Raw, name: string): Record<string, string> {
  const inside = new RegExp(`^${name}\\[([^\\]]{1,100})\\]$`)
  const found = Object.entries(textsOfQuery(raw)).flatMap(([key, value]) => {
    const member = inside.exec(key)?.[1]
    return member === undefined || value === 'undefined' ? [] : [[member, value] as const]
  })
  return Object.fromEntries(found)
}

function textOf(value: unknown): string | undefined {
  const first: unknown = Array.isArray(value) ? value[0] : value
  return typeof first === 'string' ? first : undefined
}
