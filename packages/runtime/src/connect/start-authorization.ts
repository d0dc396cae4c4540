import { createHash } from 'node:crypto'
import { PlumbError } from '@plumb/protocol'
import type { AuthOf, Connection, OwnClient, Provider } from '@plumb/protocol'
import { getConnection } from '@plumb/store'
import { ownerOf } from '../connections/connections.js'
import { fillText, fillUrl } from '../connections/templates.js'
import type { TokenOwner } from '../connections/token-client.js'
import { keepAuthorization } from './authorization-body.js'
import type { AuthorizationBody } from './authorization-body.js'
import { configOf } from './connection-config.js'
import { redirectUriOf } from './connect-parts.js'
import type { ConnectParts } from './connect-parts.js'
import { connectionIdFor, refuseOtherIntegration } from './connect-session.js'
import type { ConnectSession, SessionInput } from './connect-session.js'
import { discoverAuthorization } from './discover-authorization.js'
import { requestTemporaryToken } from './oauth1-tokens.js'

export type StartOrder = {
  readonly session: ConnectSession
  readonly integrationKey: string
  /** What the person typed in, by the names of the provider's `connectionConfig`. */
  readonly params?: Readonly<Record<string, string>>
  readonly authorizationParams?: Readonly<Record<string, string>>
  readonly userScopes?: string
  /** The customer's own OAuth client. */
  readonly client?: OwnClient
}

export type Started = {
  /** Address at the provider. */
  readonly redirectTo: string
  readonly state: string
  /** What the browser that begins has to bring back. */
  readonly browser: string
}

type Begun = Omit<StartOrder, 'params'> & {
  readonly owner: TokenOwner
  readonly state: string
  readonly connectionConfig: Readonly<Record<string, string>>
}

type Way = {
  readonly redirectTo: URL
  readonly body: Partial<AuthorizationBody>
}

/**
 * Begins an authorisation of a session at a provider. Throws PlumbErrors `integration-not-allowed`,
 * `connection-invalid`, `connection-unknown` and `authorization-failed`.
 */
export async function startAuthorization(parts: ConnectParts, order: StartOrder): Promise<Started> {
  const { session, integrationKey } = order
  const here = { ...parts, environment: session.environment }
  refuseOtherIntegration(session, integrationKey)
  const { integration, provider } = await ownerOf(here, integrationKey)
  const connectionId = connectionIdFor(session)
  const name = { environment: session.environment, integrationKey, connectionId }
  const before = session.reconnect === null ? null : await getConnection(parts.db, name)
  const connectionConfig = {
    ...before?.connectionConfig,
    ...configOf(
      provider,
      order.params ?? {},
      session.body.integrations_config_defaults?.[integrationKey],
    ),
  }
  const connection = draftOf(name, provider, connectionConfig)
  const state = parts.connect.newSecret()
  const browser = parts.connect.newSecret()
  const begun = { ...order, owner: { integration, provider, connection }, state, connectionConfig }
  const way = await wayTo(here, begun)
  const body = { connectionId, connectionConfig, ...way.body }
  await keepAuthorization(here, { session, integrationKey, state, browser, body })
  return { redirectTo: way.redirectTo.href, state, browser }
}

/** A connection that is not stored yet. */
export function draftOf(
  name: Pick<Connection, 'environment' | 'integrationKey' | 'connectionId'>,
  provider: Provider,
  connectionConfig: Connection['connectionConfig'],
): Connection {
  const times = { createdAt: '', updatedAt: '' }
  return { ...name, provider: provider.name, state: 'ok', connectionConfig, metadata: {}, ...times }
}

function wayTo(parts: ConnectParts, begun: Begun): Promise<Way> | Way {
  const { provider } = begun.owner
  switch (provider.auth.mode) {
    case 'oauth2':
      return oauth2Way(parts, begun, provider.auth)
    case 'mcp-oauth2':
      return mcpWay(parts, begun, provider.auth)
    case 'oauth1':
      return oauth1Way(parts, begun, provider.auth)
    case 'app':
      return appWay(begun, provider.auth)
    default:
      throw new PlumbError({
        code: 'connection-invalid',
        message: `${provider.displayName} authorises by "${provider.auth.mode}", which needs no visit there.`,
        remedy:
          'Send the credential to the address for that kind, such as POST /api-auth/api-key/:integrationKey.',
      })
  }
}

function oauth2Way(parts: ConnectParts, begun: Begun, auth: AuthOf<'oauth2'>): Way {
  const client = begun.client ?? begun.owner.integration.oauthClient
  if (client === undefined) throw noClient(begun.owner)
  const url = new URL(fillUrl(auth.authorizationUrl, begun))
  return codeWay(parts, begun, {
    url,
    clientId: client.clientId,
    pkce: auth.pkce,
    scopes: begun.owner.integration.scopes ?? auth.scopes,
    separator: auth.scopeSeparator,
    params: auth.authorizationParams,
    body: begun.client === undefined ? {} : { client: begun.client },
  })
}

async function mcpWay(parts: ConnectParts, begun: Begun, auth: AuthOf<'mcp-oauth2'>): Promise<Way> {
  const found = await discoverAuthorization(parts, begun.owner, auth)
  return codeWay(parts, begun, {
    url: new URL(found.authorizationUrl),
    clientId: found.client.clientId,
    pkce: true,
    scopes: begun.owner.integration.scopes ?? (auth.scopes.length > 0 ? auth.scopes : found.scopes),
    separator: auth.scopeSeparator,
    params: { resource: found.client.resource ?? '' },
    body: { client: found.client, issuer: found.issuer },
  })
}

/** What a caller must not be able to change. */
const reserved =
  /^(client_id|client_secret|redirect_uri|response_type|state|scope|code_challenge.*|nonce|resource)$/

function codeWay(
  parts: ConnectParts,
  begun: Begun,
  o: {
    readonly url: URL
    readonly clientId: string
    readonly pkce: boolean
    readonly scopes: readonly string[]
    readonly separator: string
    readonly params: Readonly<Record<string, string>>
    readonly body: Way['body']
  },
): Way {
  const { integrationKey } = begun.owner.integration
  const defaults = begun.session.body.integrations_config_defaults?.[integrationKey]
  const scopes = overridden(defaults) ?? o.scopes
  const { url } = o
  const declared = Object.entries(o.params).map(
    ([name, text]) => [name, fillText(text, begun)] as const,
  )
  const asked = Object.entries({ ...begun.authorizationParams, ...defaults?.authorization_params })
  const free = asked.filter(([name]) => !reserved.test(name))
  const userScopes = defaults?.user_scopes ?? begun.userScopes
  const verifier = o.pkce ? parts.connect.newSecret() : undefined
  setAll(url, [
    ...declared,
    ...free,
    ['response_type', 'code'],
    ['client_id', o.clientId],
    ['redirect_uri', redirectUriOf(parts)],
    ['state', begun.state],
    ['scope', scopes.join(o.separator)],
    ['user_scope', userScopes ?? ''],
    ...challengeOf(verifier),
  ])
  return {
    redirectTo: url,
    body: { ...o.body, scopes: [...scopes], ...(verifier && { verifier }) },
  }
}

function challengeOf(verifier: string | undefined): [string, string][] {
  if (verifier === undefined) return []
  return [
    ['code_challenge', createHash('sha256').update(verifier).digest('base64url')],
    ['code_challenge_method', 'S256'],
  ]
}

function setAll(url: URL, pairs: readonly (readonly [string, string])[]): void {
  for (const [name, value] of pairs) if (value !== '') url.searchParams.set(name, value)
}

type Defaults = NonNullable<SessionInput['integrations_config_defaults']>[string]

/** The scopes that the opener of the session wants instead. */
function overridden(defaults: Defaults | undefined): readonly string[] | null {
  const value = defaults?.connection_config?.['oauth_scopes_override']
  if (typeof value === 'string') return value.split(/[ ,]+/).filter((scope) => scope !== '')
  return Array.isArray(value) ? value.map(String) : null
}

async function oauth1Way(parts: ConnectParts, begun: Begun, auth: AuthOf<'oauth1'>): Promise<Way> {
  const client = begun.client ?? begun.owner.integration.oauthClient
  if (client === undefined) throw noClient(begun.owner)
  const requestToken = await requestTemporaryToken(parts, begun.owner, {
    auth,
    client,
    callback: `${redirectUriOf(parts)}?state=${begun.state}`,
  })
  const url = new URL(fillUrl(auth.authorizationUrl, begun))
  for (const [name, text] of Object.entries(auth.authorizationParams)) {
    url.searchParams.set(name, fillText(text, begun))
  }
  url.searchParams.set('oauth_token', requestToken.token)
  const own = begun.client === undefined ? {} : { client: begun.client }
  return { redirectTo: url, body: { ...own, requestToken } }
}

function appWay(begun: Begun, auth: AuthOf<'app'>): Way {
  const { app } = begun.owner.integration
  if (app === undefined) throw noClient(begun.owner)
  const values = {
    connectionConfig: begun.connectionConfig,
    app: { slug: app.slug ?? '', id: app.appId },
  }
  const url = new URL(fillText(auth.installationUrl, values))
  url.searchParams.set('state', begun.state)
  return { redirectTo: url, body: {} }
}

function noClient({ integration, provider }: TokenOwner): PlumbError {
  return new PlumbError({
    code: 'connection-invalid',
    message: `Integration "${integration.integrationKey}" has no client of ${provider.displayName}.`,
    remedy: `Register an application at ${provider.displayName}, and store its client id and secret with the integration.`,
  })
}
