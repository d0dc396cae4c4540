import { PlumbError } from '@plumb/protocol'
import type { Credential, CredentialOf, Provider, ProviderAuth } from '@plumb/protocol'

/** What a credential adds to each request, by lower-case header name and by query parameter. */
export type Attachment = {
  readonly headers: Readonly<Record<string, string>>
  readonly query: Readonly<Record<string, string>>
}

const nothing: Attachment = { headers: {}, query: {} }

/**
 * How `credential` goes into a request to `provider`; what signs the request itself is `signRequest`'s. Throws
 * PlumbError `connection-invalid` when the provider takes another kind.
 */
export function attachCredential(provider: Provider, credential: Credential): Attachment {
  const { auth } = provider
  if (auth.mode === 'none' || credential.kind === 'none') return nothing
  refuseMisfit(provider, credential)
  if (credential.kind === 'basic') {
    const pair = Buffer.from(`${credential.username}:${credential.password}`).toString('base64')
    return authorization(`Basic ${pair}`)
  }
  if (isSigning(credential)) return nothing
  const token = tokenOf(credential)
  refuseUnsendable(provider, token)
  return placeToken(auth, token)
}

/** A call with it would fail in a way that looks like an outage of the provider. */
function refuseUnsendable({ displayName }: Provider, token: string): void {
  if (/^[\t\x20-\x7e\x80-\xff]*$/.test(token)) return
  throw new PlumbError({
    code: 'connection-invalid',
    message: `The credential for ${displayName} holds a line break or another character that HTTP can not carry.`,
    remedy: 'Copy it again, without what stands around it, and add the connection again.',
  })
}

function placeToken(auth: ProviderAuth, secret: string): Attachment {
  if (!('header' in auth || 'query' in auth)) return authorization(`Bearer ${secret}`)
  if (auth.query !== undefined) return { headers: {}, query: { [auth.query]: secret } }
  const bearer = auth.mode !== 'api-key' && auth.header === undefined
  const prefix = auth.prefix ?? (bearer ? 'Bearer ' : '')
  return {
    headers: { [(auth.header ?? 'authorization').toLowerCase()]: prefix + secret },
    query: {},
  }
}

function authorization(value: string): Attachment {
  return { headers: { authorization: value }, query: {} }
}

/** Kinds that belong to one way of authorising; every other kind is a token that was obtained elsewhere. */
const modeOfKind: Partial<Record<Credential['kind'], ProviderAuth['mode']>> = {
  'client-credentials': 'client-credentials',
  'two-step': 'two-step',
  jwt: 'jwt',
  app: 'app',
  oauth1: 'oauth1',
  aws: 'aws-sigv4',
}
const kindOfMode: Partial<Record<ProviderAuth['mode'], Credential['kind']>> = {
  basic: 'basic',
  oauth1: 'oauth1',
  'aws-sigv4': 'aws',
}

function refuseMisfit({ auth, displayName }: Provider, { kind }: Credential): void {
  const wanted = kindOfMode[auth.mode]
  const meant = modeOfKind[kind]
  if ((wanted === undefined || wanted === kind) && (meant === undefined || meant === auth.mode)) {
    return
  }
  throw new PlumbError({
    code: 'connection-invalid',
    message: `The credential is of kind "${kind}", but ${displayName} takes "${wanted ?? auth.mode}".`,
    remedy:
      auth.mode === 'basic'
        ? 'Add the connection again with a user name and a password.'
        : 'Add the connection again with a credential of that kind.',
  })
}

type Signing = Extract<Credential, { kind: 'oauth1' | 'aws' }>
type TokenBearing = Exclude<Credential, Signing | { kind: 'basic' | 'none' }>

function isSigning(credential: Credential): credential is Signing {
  return credential.kind === 'oauth1' || credential.kind === 'aws'
}

function tokenOf(credential: TokenBearing): string {
  if (credential.kind === 'oauth2') return credential.accessToken
  return (credential.kind === 'api-key' ? credential.apiKey : credential.token) ?? ''
}

/** The values of a credential that nobody outside the gateway may see. */
export function secretsOf(credential: Credential): string[] {
  const secrets = secretsOfKind[credential.kind] as (credential: Credential) => string[]
  return secrets(credential)
}

const secretsOfKind: {
  readonly [Kind in Credential['kind']]: (credential: CredentialOf<Kind>) => string[]
} = {
  none: () => [],
  bearer: ({ token }) => [token],
  'api-key': ({ apiKey }) => [apiKey],
  basic: ({ username, password }) => {
    const pair = Buffer.from(`${username}:${password}`).toString('base64')
    // Some providers take the key as the user name and leave the password empty.
    return [password === '' ? username : password, pair]
  },
  oauth2: ({ accessToken, refreshToken = '', client, raw }) => [
    ...[accessToken, refreshToken, client?.clientSecret ?? ''],
    ...tokensWithin(raw),
  ],
  oauth1: ({ token, tokenSecret, client }) => [token, tokenSecret, client?.clientSecret ?? ''],
  aws: ({ secretAccessKey, sessionToken = '' }) => [secretAccessKey, sessionToken],
  'client-credentials': ({ clientSecret, token = '' }) => [clientSecret, token],
  'two-step': ({ values, token = '' }) => [...Object.values(values), token],
  jwt: ({ values, token = '' }) => [...Object.values(values), token],
  app: ({ privateKey = '', token = '' }) => [privateKey, token],
}

/** Of the whole answer of a token endpoint: an id token, a token of somebody else. */
function tokensWithin(value: unknown): string[] {
  const found: string[] = []
  JSON.stringify(value ?? null, (name: string, member: unknown) => {
    if (typeof member === 'string' && /token$|secret$/i.test(name)) found.push(member)
    return member
  })
  return found
}
