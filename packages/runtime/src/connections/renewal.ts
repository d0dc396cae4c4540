import { PlumbError } from '@plumb/protocol'
import type { AuthOf, Credential, CredentialOf } from '@plumb/protocol'
import type { PreparedRequest, TransportAnswer } from '../gateway/transport.js'
import { installationTokenRequest } from './app-installation.js'
import { declaredJwt, declaredRequest, readDeclared } from './machine-token.js'
import type { MachineAnswer, MachineCredential } from './machine-token.js'
import type { TemplateValues } from './templates.js'
import { credentialValues } from './token-client.js'
import type { TokenOwner } from './token-client.js'
import { isEnding, lifetimeUntil } from './token-lifetime.js'
import { grantRequest, isPassing, readIssued, readTokens, tokenRequest } from './token-request.js'
import type { RefreshableCredential, TokenAnswer } from './token-request.js'

/** How a credential gets a new token. */
export type Renewal =
  | {
      readonly kind: 'call'
      readonly request: PreparedRequest
      /** Secrets in the request that the credential does not hold. */
      readonly sent: readonly string[]
      readonly read: (answer: TransportAnswer) => TokenAnswer
    }
  /** Nobody has to be asked. */
  | { readonly kind: 'made'; readonly credential: Credential }

/** Whether a credential can be renewed without its owner. */
export function isRenewable(credential: Credential): boolean {
  return isRefreshable(credential) || isMachine(credential)
}

/** Whether it has to be renewed before it is used. `now` is in milliseconds since 1970. */
export function isDue(credential: Credential, now: number): boolean {
  if (!isRenewable(credential)) return false
  if (isMachine(credential) && credential.token === undefined) return true
  return 'expiresAt' in credential && isEnding(credential, now)
}

/** ISO 8601; null for what lives until it is refused. */
export function expiryOf(credential: Credential): string | null {
  return 'expiresAt' in credential ? (credential.expiresAt ?? null) : null
}

/** When a schedule has to renew it; null when calls do it in time, or nobody can. Signing needs no schedule. */
export function scheduledExpiry(credential: Credential): string | null {
  return isRefreshable(credential) ? expiryOf(credential) : null
}

/**
 * How `credential` is renewed; null when only its owner can. Throws PlumbError `connection-invalid` or
 * `credential-refresh-failed` for what can not be asked at all.
 */
export function renewalOf(owner: TokenOwner, credential: Credential, now: number): Renewal | null {
  if (isRefreshable(credential)) {
    const request = tokenRequest(owner, credential)
    return {
      kind: 'call',
      request,
      sent: [],
      read: (answer) => readTokens(answer, credential, now),
    }
  }
  switch (credential.kind) {
    case 'client-credentials':
      return clientCredentials(owner, credential, now)
    case 'two-step':
      return twoStep(owner, credential, now)
    case 'jwt':
      return jwt(owner, credential, now)
    case 'app':
      return installation(owner, credential, now)
    default:
      return null
  }
}

function clientCredentials(
  owner: TokenOwner,
  credential: CredentialOf<'client-credentials'>,
  now: number,
): Renewal {
  const auth = authOf(owner, 'client-credentials')
  const scopes = credential.scopes ?? owner.integration.scopes ?? auth.scopes
  const { clientId, clientSecret } = credential
  const request = grantRequest(
    owner,
    {
      grant_type: 'client_credentials',
      ...(scopes.length > 0 && { scope: scopes.join(auth.scopeSeparator) }),
    },
    { clientId, clientSecret },
  )
  const read = (answer: TransportAnswer): TokenAnswer => {
    const found = readIssued(answer, now)
    if (found.kind === 'issued') {
      const { accessToken: token, expiresAt } = found.issued
      return { kind: 'tokens', credential: obtainedBy(credential, { token, expiresAt }, now) }
    }
    // Here the client is the customer's own, so that only the customer can correct it.
    return found.kind === 'failed' && refusesClient(answer, found.error)
      ? { kind: 'rejected', error: found.error }
      : found
  }
  return { kind: 'call', request, sent: [], read }
}

function refusesClient(answer: TransportAnswer, error: string): boolean {
  if (answer.kind === 'failure' || isPassing(answer.status)) return false
  return answer.status === 401 || /client/.test(error)
}

function twoStep(owner: TokenOwner, credential: CredentialOf<'two-step'>, now: number): Renewal {
  const { token: rule } = authOf(owner, 'two-step')
  const request = declaredRequest(rule, valuesOf(owner, credential), owner.integration.tokenUrl)
  const read = (answer: TransportAnswer) =>
    completed(credential, readDeclared(answer, rule, now), now)
  return { kind: 'call', request, sent: [], read }
}

function jwt(owner: TokenOwner, credential: CredentialOf<'jwt'>, now: number): Renewal {
  const auth = authOf(owner, 'jwt')
  const values = valuesOf(owner, credential)
  const signed = declaredJwt(auth, values, now)
  const rule = auth.exchange
  if (rule === undefined) return { kind: 'made', credential: obtainedBy(credential, signed, now) }
  const request = declaredRequest(
    rule,
    { ...values, jwt: signed.token },
    owner.integration.tokenUrl,
  )
  const read = (answer: TransportAnswer) =>
    completed(credential, readDeclared(answer, rule, now), now)
  return { kind: 'call', request, sent: [signed.token], read }
}

function installation(owner: TokenOwner, credential: CredentialOf<'app'>, now: number): Renewal {
  const auth = authOf(owner, 'app')
  const { request, token } = installationTokenRequest(owner, { auth, credential, now })
  const rule = { tokenPath: auth.tokenPath, expiresAtPath: auth.expiresAtPath }
  const read = (answer: TransportAnswer) =>
    refusesApp(answer, credential) ??
    completed(credential, readDeclared(answer, { ...noRequest, ...rule }, now), now)
  return { kind: 'call', request, sent: [token], read }
}

/** A customer can not mend the key of the integration's app, nor this machine's clock, by connecting again. */
function refusesApp(answer: TransportAnswer, credential: CredentialOf<'app'>): TokenAnswer | null {
  if (credential.privateKey !== undefined) return null
  if (answer.kind === 'failure' || answer.status !== 401) return null
  return {
    kind: 'failed',
    error: 'the provider refuses the app of the integration (status 401)',
    remedy: 'Check app id and private key of the integration, and the clock of this machine.',
  }
}

const noRequest = { method: 'POST', url: '', bodyFormat: 'json' } as const

function completed(credential: MachineCredential, answer: MachineAnswer, now: number): TokenAnswer {
  if (answer.kind !== 'obtained') return answer
  return { kind: 'tokens', credential: obtainedBy(credential, answer, now) }
}

function obtainedBy(
  credential: MachineCredential,
  { token, expiresAt }: { readonly token: string; readonly expiresAt?: string | undefined },
  now: number,
): Credential {
  const kept: MachineCredential = { ...credential, token }
  delete kept.expiresAt
  delete kept.issuedAt
  return { ...kept, ...lifetimeUntil(expiresAt, now) }
}

function valuesOf(owner: TokenOwner, credential: Credential): TemplateValues {
  return {
    connectionConfig: owner.connection.connectionConfig,
    credentials: credentialValues(credential),
  }
}

function authOf<Mode extends MachineMode>({ provider }: TokenOwner, mode: Mode): AuthOf<Mode> {
  if (provider.auth.mode === mode) return provider.auth as AuthOf<Mode>
  throw new PlumbError({
    code: 'connection-invalid',
    message: `The credential is of kind "${mode}", but ${provider.displayName} authorises by "${provider.auth.mode}".`,
    remedy: 'Add the connection again with a credential that fits.',
  })
}

type MachineMode = 'client-credentials' | 'two-step' | 'jwt' | 'app'

export function isMachine(credential: Credential): credential is MachineCredential {
  return /^(client-credentials|two-step|jwt|app)$/.test(credential.kind)
}

export function isRefreshable(credential: Credential): credential is RefreshableCredential {
  return credential.kind === 'oauth2' && credential.refreshToken !== undefined
}
