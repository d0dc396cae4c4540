import { PlumbError } from '@plumb/protocol'
import type { Connection, Credential, Integration, Provider } from '@plumb/protocol'
import { interpolate, isLocal } from '../gateway/base-address.js'
import { createRedaction } from '../gateway/redaction.js'
import type { Redaction } from '../gateway/redaction.js'
import type { PreparedRequest, TransportAnswer } from '../gateway/transport.js'

type OAuthCredential = Extract<Credential, { kind: 'oauth2' }>
export type RefreshableCredential = OAuthCredential & { readonly refreshToken: string }

export type TokenAnswer =
  | { readonly kind: 'tokens'; readonly credential: OAuthCredential }
  /** The refresh token is worth nothing any more. */
  | { readonly kind: 'rejected'; readonly error: string }
  /** Passing trouble, or a wrong client. */
  | { readonly kind: 'failed'; readonly error: string; readonly remedy: string }

type Owner = {
  readonly provider: Provider
  readonly integration: Integration
  readonly connection: Connection
}

/** Token endpoints are slow and must not be asked twice, so patience is cheaper than a timeout. */
const timeoutMs = 180_000

/** The call that exchanges a refresh token. Throws PlumbError `credential-refresh-failed` without an OAuth client. */
export function tokenRequest(owner: Owner, credential: RefreshableCredential): PreparedRequest {
  const { provider, integration, connection } = owner
  const { auth } = provider
  if (auth.mode !== 'oauth2') throw cannotRefresh(owner, `${provider.displayName} has no OAuth 2`)
  const client = integration.oauthClient
  const form = new URLSearchParams({
    grant_type: 'refresh_token',
    refresh_token: credential.refreshToken,
  })
  const headers: Record<string, string> = {
    accept: 'application/json',
    'content-type': 'application/x-www-form-urlencoded',
    'user-agent': 'plumb',
  }
  if (client !== undefined && auth.tokenAuth === 'basic') {
    const pair = [client.clientId, client.clientSecret].map(encodeURIComponent).join(':')
    headers['authorization'] = `Basic ${Buffer.from(pair).toString('base64')}`
  } else if (client !== undefined) {
    form.set('client_id', client.clientId)
    form.set('client_secret', client.clientSecret)
  }
  const template = integration.tokenUrl ?? auth.refreshUrl ?? auth.tokenUrl
  const url = interpolate(template, connection.connectionConfig)
  const meant = integration.tokenUrl !== undefined || isLocal(url)
  return {
    method: 'POST',
    url,
    headers,
    body: Buffer.from(form.toString(), 'utf8'),
    allowPrivateAddress: meant && !template.includes('${'),
    timeoutMs,
  }
}

/** Hides the tokens that were sent and those that came back. */
export function tokenRedaction(
  owner: Pick<Owner, 'integration'>,
  credential: RefreshableCredential,
): (answer: TransportAnswer) => Redaction {
  const client = owner.integration.oauthClient
  const sent = [credential.accessToken, credential.refreshToken, client?.clientSecret ?? '']
  return (answer) => {
    const received =
      answer.kind === 'response' ? secretMembers(readFields(answer.body.toString('utf8'))) : []
    return createRedaction([...sent, ...received], { headers: {}, query: {} })
  }
}

/** Reads the answer of a token endpoint. `now` is in milliseconds since 1970. */
export function readTokens(
  answer: TransportAnswer,
  credential: RefreshableCredential,
  now: number,
): TokenAnswer {
  if (answer.kind === 'failure') {
    return {
      kind: 'failed',
      error: `${answer.code} (${answer.message})`,
      remedy: 'Try again later.',
    }
  }
  const fields = readFields(answer.body.toString('utf8'))
  const accessToken = textOf(fields['access_token'])
  if (accessToken !== null && answer.status < 400) {
    return { kind: 'tokens', credential: nextCredential({ fields, accessToken, credential, now }) }
  }
  const error = textOf(fields['error']) ?? `status ${answer.status} without an access token`
  if (rejections.has(error)) return { kind: 'rejected', error }
  const wrongClient = /client/.test(error)
  const remedy = wrongClient
    ? 'Check client id and client secret of the integration.'
    : 'Try again later.'
  return { kind: 'failed', error, remedy }
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

type Fields = Readonly<Record<string, unknown>>

function nextCredential(o: {
  readonly fields: Fields
  readonly accessToken: string
  readonly credential: RefreshableCredential
  readonly now: number
}): OAuthCredential {
  const { fields, credential } = o
  const seconds = Number(fields['expires_in'])
  const scope = textOf(fields['scope'])
  const lives = Number.isFinite(seconds) && seconds > 0
  return {
    kind: 'oauth2',
    accessToken: o.accessToken,
    // A provider that rotates sends a new one; one that does not means the old one to be kept.
    refreshToken: textOf(fields['refresh_token']) ?? credential.refreshToken,
    ...(lives ? { expiresAt: new Date(o.now + seconds * 1000).toISOString() } : {}),
    scopes: scope === null ? credential.scopes : scope.split(/[ ,]+/),
  }
}

/** JSON, or the form encoding that some token endpoints prefer. */
function readFields(text: string): Fields {
  try {
    const json: unknown = JSON.parse(text)
    return typeof json === 'object' && json !== null ? (json as Fields) : {}
  } catch {
    return text.includes('=') ? Object.fromEntries(new URLSearchParams(text)) : {}
  }
}

function secretMembers(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, member]) =>
    typeof member === 'string' && /token$|secret|^code$/.test(name) && !/_type$/.test(name)
      ? [member]
      : secretMembers(member),
  )
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null
}

export function cannotRefresh(
  { connection }: Pick<Owner, 'connection'>,
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
