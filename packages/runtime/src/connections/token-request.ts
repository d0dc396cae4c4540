import { jsonObjectSchema, PlumbError } from '@plumb/protocol'
import type { Credential, CredentialOf, JsonObject, ProviderAuth } from '@plumb/protocol'
import { secretsOf } from '../gateway/attach-credential.js'
import { createRedaction } from '../gateway/redaction.js'
import type { Redaction } from '../gateway/redaction.js'
import type { PreparedRequest, TransportAnswer } from '../gateway/transport.js'
import { fillUrl } from './templates.js'
import { clientOf, mayBePrivate, tokenCall } from './token-client.js'
import type { TokenOwner } from './token-client.js'

type OAuthCredential = CredentialOf<'oauth2'>
export type RefreshableCredential = OAuthCredential & { readonly refreshToken: string }

export type TokenAnswer<Kept extends Credential = Credential> =
  | { readonly kind: 'tokens'; readonly credential: Kept }
  /** What was sent is worth nothing any more; `error` is the provider's code. */
  | { readonly kind: 'rejected'; readonly error: string; readonly description?: string }
  /** Passing trouble, or a wrong client. */
  | { readonly kind: 'failed'; readonly error: string; readonly remedy: string }

/** A token request with a grant of its own. Throws PlumbError `connection-invalid` for an unusable address. */
export function grantRequest(
  owner: TokenOwner,
  grant: Readonly<Record<string, string>>,
  own?: OAuthCredential['client'],
): PreparedRequest {
  const { integration, connection } = owner
  const declared = declaredEndpoint(owner.provider.auth, grant)
  const template = integration.tokenUrl ?? own?.tokenUrl ?? declared.url
  const url = fillUrl(template, { connectionConfig: connection.connectionConfig })
  const resource = own?.resource === undefined ? {} : { resource: own.resource }
  return tokenCall({
    url,
    params: { ...declared.params, ...resource, ...grant },
    client: clientOf(owner, own),
    format: declared.format,
    allowPrivateAddress: mayBePrivate(template, url, integration.tokenUrl !== undefined),
  })
}

type Endpoint = {
  readonly url: string
  readonly params?: Readonly<Record<string, string>> | undefined
  readonly format?: 'form' | 'json' | undefined
}

function declaredEndpoint(auth: ProviderAuth, grant: Readonly<Record<string, string>>): Endpoint {
  if (auth.mode !== 'oauth2' && auth.mode !== 'client-credentials') return { url: '' }
  const refreshUrl = auth.mode === 'oauth2' ? auth.refreshUrl : undefined
  const refreshes = grant['grant_type'] === 'refresh_token'
  const url = refreshes ? (refreshUrl ?? auth.tokenUrl) : auth.tokenUrl
  return { url, params: auth.tokenParams, format: auth.tokenFormat }
}

/** The call that exchanges a refresh token. Throws PlumbError `credential-refresh-failed` without an OAuth provider. */
export function tokenRequest(
  owner: TokenOwner,
  credential: RefreshableCredential,
): PreparedRequest {
  const { mode } = owner.provider.auth
  if (mode !== 'oauth2' && mode !== 'mcp-oauth2') {
    throw cannotRefresh(owner, `${owner.provider.displayName} has no OAuth 2`)
  }
  const grant = { grant_type: 'refresh_token', refresh_token: credential.refreshToken }
  return grantRequest(owner, grant, credential.client)
}

/** Hides what was sent and the tokens that came back. */
export function tokenRedaction(
  owner: Pick<TokenOwner, 'integration'>,
  credential: Credential,
  more: (answer: TransportAnswer) => readonly string[] = () => [],
): (answer: TransportAnswer) => Redaction {
  const { oauthClient, app } = owner.integration
  const own = [...secretsOf(credential), oauthClient?.clientSecret ?? '', app?.privateKey ?? '']
  return (answer) => {
    const received =
      answer.kind === 'response' ? secretMembers(readFields(answer.body.toString('utf8'))) : []
    return createRedaction([...own, ...more(answer), ...received], { headers: {}, query: {} })
  }
}

type Issued = {
  readonly accessToken: string
  readonly expiresAt: string | undefined
  readonly fields: JsonObject
}

type IssuedAnswer =
  { readonly kind: 'issued'; readonly issued: Issued } | Exclude<TokenAnswer, { kind: 'tokens' }>

/** Reads the answer of any token endpoint. `now` is in milliseconds since 1970. */
export function readIssued(answer: TransportAnswer, now: number): IssuedAnswer {
  if (answer.kind === 'failure') return unreachable(answer)
  const fields = readFields(answer.body.toString('utf8'))
  const accessToken = textOf(fields['access_token']) ?? textOf(nested(fields)['access_token'])
  if (accessToken !== null && answer.status < 400) {
    const seconds = Number(fields['expires_in'])
    const lives = Number.isFinite(seconds) && seconds > 0
    const expiresAt = lives ? new Date(now + seconds * 1000).toISOString() : undefined
    return { kind: 'issued', issued: { accessToken, expiresAt, fields } }
  }
  return refusalOf(answer.status, fields)
}

/** A provider that answers with a token for the user and one for an app puts the user's inside. */
function nested(fields: JsonObject): JsonObject {
  return jsonObjectSchema.safeParse(fields['authed_user']).data ?? {}
}

function refusalOf(status: number, fields: JsonObject): Exclude<IssuedAnswer, { kind: 'issued' }> {
  const inside = jsonObjectSchema.safeParse(fields['error']).data
  const error =
    textOf(fields['error']) ??
    textOf(inside?.['type']) ??
    `status ${status} without an access token`
  const description = textOf(fields['error_description']) ?? textOf(inside?.['message'])
  if (rejections.has(error)) {
    return { kind: 'rejected', error, ...(description !== null && { description }) }
  }
  const remedy = /client/.test(error)
    ? 'Check client id and client secret of the integration.'
    : 'Try again later.'
  return { kind: 'failed', error, remedy }
}

/** What is said when nothing came back. */
export function unreachable(answer: Extract<TransportAnswer, { kind: 'failure' }>) {
  const error = `${answer.code} (${answer.message})`
  return { kind: 'failed', error, remedy: 'Try again later.' } as const
}

/** Reads the answer to a refresh token. `now` is in milliseconds since 1970. */
export function readTokens(
  answer: TransportAnswer,
  credential: RefreshableCredential,
  now: number,
): TokenAnswer<OAuthCredential> {
  const read = readIssued(answer, now)
  if (read.kind !== 'issued') return read
  const { refreshToken, ...before } = credential
  return { kind: 'tokens', credential: oauthCredential(read.issued, { ...before, refreshToken }) }
}

/** What is kept of tokens that were issued. A provider that sends no new refresh token means the old one to be kept. */
export function oauthCredential(
  { accessToken, expiresAt, fields }: Issued,
  before: Pick<OAuthCredential, 'refreshToken' | 'scopes' | 'client' | 'raw'>,
): OAuthCredential {
  const scope = textOf(fields['scope'])
  const refreshToken = textOf(fields['refresh_token']) ?? before.refreshToken
  return {
    kind: 'oauth2',
    accessToken,
    ...(refreshToken !== undefined && { refreshToken }),
    ...(expiresAt !== undefined && { expiresAt }),
    scopes: scope === null ? before.scopes : scope.split(/[ ,]+/),
    ...(before.client !== undefined && { client: before.client }),
    ...rawOf(fields, before.raw),
  }
}

const standard = new Set(['access_token', 'refresh_token', 'expires_in', 'token_type', 'scope'])

/** Only what a provider adds to the standard members is worth keeping twice. */
function rawOf(fields: JsonObject, before: JsonObject | undefined): { raw?: JsonObject } {
  const added = Object.entries(fields).filter(([name]) => !standard.has(name))
  const raw = { ...before, ...Object.fromEntries(added) }
  return Object.keys(raw).length === 0 ? {} : { raw }
}

const rejections = new Set([
  'invalid_grant',
  'bad_refresh_token',
  'invalid_refresh_token',
  'token_revoked',
  'token_expired',
  'access_denied',
  'refresh_token_already_used',
])

/** JSON, or the form encoding that some token endpoints prefer. */
export function readFields(text: string): JsonObject {
  try {
    return jsonObjectSchema.safeParse(JSON.parse(text)).data ?? {}
  } catch {
    return text.includes('=') ? Object.fromEntries(new URLSearchParams(text)) : {}
  }
}

/** The texts of an answer that are tokens by their names. */
export function secretMembers(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, member]) =>
    typeof member === 'string' && /token$|secret|^code$/i.test(name) && !/_type$/.test(name)
      ? [member]
      : secretMembers(member),
  )
}

export function textOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null
}

export function cannotRefresh(
  { connection }: Pick<TokenOwner, 'connection'>,
  reason: string,
  remedy?: string,
): PlumbError {
  return new PlumbError({
    code: 'credential-refresh-failed',
    message: `The access token of connection "${connection.connectionId}" of "${connection.integrationKey}" could not be refreshed: ${reason}.`,
    remedy:
      remedy ??
      `Reconnect connection "${connection.connectionId}" of "${connection.integrationKey}".`,
  })
}
