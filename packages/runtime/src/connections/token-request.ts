import { jsonObjectSchema, PlumbError } from '@plumb/protocol'
import type { Credential, CredentialOf, JsonObject, ProviderAuth } from '@plumb/protocol'
import { secretsOf } from '../gateway/attach-credential.js'
import { createRedaction } from '../gateway/redaction.js'
import type { Redaction } from '../gateway/redaction.js'
import type { PreparedRequest, TransportAnswer } from '../gateway/transport.js'
import { fillUrl } from './templates.js'
import { endAfter, lifetimeUntil, secondsIn, timeIn } from './token-lifetime.js'
import type { Lifetime } from './token-lifetime.js'
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

type Issued = Lifetime & { readonly accessToken: string; readonly fields: JsonObject }

type IssuedAnswer =
  { readonly kind: 'issued'; readonly issued: Issued } | Exclude<TokenAnswer, { kind: 'tokens' }>

/** Reads the answer of any token endpoint. `now` is in milliseconds since 1970. */
export function readIssued(answer: TransportAnswer, now: number): IssuedAnswer {
  if (answer.kind === 'failure') return unreachable(answer)
  const fields = withUserToken(readFields(answer.body.toString('utf8')))
  const accessToken = textOf(fields['access_token'])
  if (accessToken !== null && answer.status < 400) {
    const seconds = secondsIn(fields['expires_in'])
    const expiresAt =
      seconds === null ? (timeIn(fields['expires_at']) ?? undefined) : endAfter(now, seconds)
    return { kind: 'issued', issued: { accessToken, fields, ...lifetimeUntil(expiresAt, now) } }
  }
  return refusalOf(answer.status, fields)
}

/** A provider that can answer with tokens for a user and for an app puts the user's inside. */
function withUserToken(fields: JsonObject): JsonObject {
  if (textOf(fields['access_token']) !== null) return fields
  const inside = jsonObjectSchema.safeParse(fields['authed_user']).data ?? {}
  const members = Object.entries(inside).filter(([name]) => standard.has(name))
  return { ...fields, ...Object.fromEntries(members) }
}

function refusalOf(status: number, fields: JsonObject): Exclude<IssuedAnswer, { kind: 'issued' }> {
  const { code, description } = wordsOf(fields)
  const error = code ?? `status ${status} without an access token`
  // Whatever an outage or a limit says about a token, it did not look at it.
  if (isPassing(status)) return { kind: 'failed', error, remedy: 'Try again later.' }
  if (rejections.has(error.toLowerCase()) || tokenIsGone.test(description ?? '')) {
    return { kind: 'rejected', error, ...(description !== null && { description }) }
  }
  const remedy = /client/.test(error)
    ? 'Check client id and client secret of the integration.'
    : 'Try again later.'
  return { kind: 'failed', error, remedy }
}

/** What a refusal says, wherever a provider puts it. */
function wordsOf(fields: JsonObject) {
  const inside = jsonObjectSchema.safeParse(fields['error']).data ?? {}
  const codes = [fields['error'], inside['type'], inside['code'], fields['error_code']]
  return {
    code: firstText([...codes, fields['code'], fields['status']]),
    description: firstText([fields['error_description'], inside['message'], fields['message']]),
  }
}

function firstText(values: readonly unknown[]): string | null {
  return values.map(textOf).find((text) => text !== null) ?? null
}

/** Whether a status tells of the server or of a limit, and nothing about what was sent. */
export function isPassing(status: number): boolean {
  return status >= 500 || status === 408 || status === 425 || status === 429
}

/** What providers with codes of their own say in words. */
const tokenIsGone =
  /refresh[ _-]?token.*\b(invalid|expired|revoked|unknown|not valid|not found|already (been )?used)\b|\b(invalid|expired|revoked|unknown)\b.*refresh[ _-]?token/i

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
  { accessToken, fields, ...lifetime }: Issued,
  before: Pick<OAuthCredential, 'refreshToken' | 'scopes' | 'client' | 'raw'>,
): OAuthCredential {
  const refreshToken = textOf(fields['refresh_token']) ?? before.refreshToken
  return {
    kind: 'oauth2',
    accessToken,
    ...(refreshToken !== undefined && { refreshToken }),
    ...lifetime,
    scopes: scopesIn(fields['scope']) ?? before.scopes,
    ...(before.client !== undefined && { client: before.client }),
    ...rawOf(fields, before.raw),
  }
}

/** The scopes that were granted, as text or as a list; null where the answer does not say. */
function scopesIn(value: unknown): string[] | null {
  const texts = Array.isArray(value) ? value.map(textOf) : (textOf(value)?.split(/[\s,]+/) ?? [])
  const scopes = texts.filter((text) => text !== null && text !== '')
  return scopes.length === 0 ? null : (scopes as string[])
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
  'expired_token',
  // Zoho's word for a refresh token that was revoked.
  'invalid_code',
])

/** JSON, or the form encoding that some token endpoints prefer. */
export function readFields(body: string): JsonObject {
  // Some servers begin with a byte order mark, which is no JSON.
  const text = body.replace(/^\uFEFF/, '')
  try {
    return jsonObjectSchema.safeParse(JSON.parse(text)).data ?? {}
  } catch {
    // A page of an outage or a login holds "=" too.
    const isForm = text.includes('=') && !text.trimStart().startsWith('<')
    return isForm ? Object.fromEntries(new URLSearchParams(text)) : {}
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
