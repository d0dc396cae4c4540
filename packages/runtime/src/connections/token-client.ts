import type { Connection, Credential, Integration, OwnClient, Provider } from '@plumb/protocol'
import { isLocal } from '../gateway/base-address.js'
import type { PreparedRequest } from '../gateway/transport.js'

/** Whose token is asked for. */
export type TokenOwner = {
  readonly provider: Provider
  readonly integration: Integration
  readonly connection: Connection
}

/** Token endpoints are slow and must not be asked twice, so patience is cheaper than a timeout. */
const timeoutMs = 180_000

/** Who the caller of a token endpoint is. */
export type TokenClient = {
  readonly clientId: string
  /** Absent for public clients. */
  readonly clientSecret?: string | undefined
  readonly auth: 'basic' | 'body'
}

/** The client of a connection: its own, or that of the integration; null without any. */
export function clientOf(
  { provider, integration }: Pick<TokenOwner, 'provider' | 'integration'>,
  own: OwnClient | undefined,
): TokenClient | null {
  const { auth } = provider
  const declared = 'tokenAuth' in auth ? auth.tokenAuth : 'body'
  const client = own ?? integration.oauthClient
  if (client === undefined) return null
  return {
    clientId: client.clientId,
    clientSecret: client.clientSecret,
    auth: own?.tokenAuth ?? declared,
  }
}

type TokenCall = {
  readonly url: string
  readonly params: Readonly<Record<string, string>>
  readonly client: TokenClient | null
  readonly format?: 'form' | 'json' | undefined
  readonly allowPrivateAddress: boolean
}

/** A POST to a token, revocation or registration endpoint, with the client's secret where it wants it. */
export function tokenCall(call: TokenCall): PreparedRequest {
  const { client } = call
  const headers: Record<string, string> = { accept: 'application/json', 'user-agent': 'plumb' }
  const params: Record<string, string> = { ...call.params }
  if (client?.auth === 'basic') {
    const pair = [client.clientId, client.clientSecret ?? ''].map(encodeURIComponent).join(':')
    headers['authorization'] = `Basic ${Buffer.from(pair).toString('base64')}`
  } else if (client !== null) {
    params['client_id'] = client.clientId
    if (client.clientSecret !== undefined) params['client_secret'] = client.clientSecret
  }
  const json = call.format === 'json'
  headers['content-type'] = json ? 'application/json' : 'application/x-www-form-urlencoded'
  const text = json ? JSON.stringify(params) : new URLSearchParams(params).toString()
  return {
    method: 'POST',
    url: call.url,
    headers,
    body: Buffer.from(text, 'utf8'),
    allowPrivateAddress: call.allowPrivateAddress,
    timeoutMs,
    freshSocket: true,
  }
}

/** Whether whoever wrote the address, and not a customer, named a private host. */
export function mayBePrivate(template: string, url: string, overridden: boolean): boolean {
  const host = /^\w+:\/\/[^/?#]*/.exec(template)?.[0] ?? '${'
  return !host.includes('${') && (overridden || isLocal(url))
}

/** The texts of a credential that templates of the provider entry may use. */
export function credentialValues(credential: Credential): Record<string, string> {
  return 'values' in credential ? credential.values : {}
}
