import type { Credential, Provider } from '@plumb/protocol'
import { expiryOf } from './renewal.js'

/** A credential with the members that existing products and functions look for. */
export type ShownCredential = { readonly type?: string } & Readonly<Record<string, unknown>>

/** They follow the provider where a credential's own kind may vary. */
export function shownCredential(credential: Credential, provider: Provider): ShownCredential {
  const expiresAt = expiryOf(credential)
  const ends = expiresAt === null ? {} : { expires_at: expiresAt }
  switch (credential.kind) {
    case 'none':
      return {}
    case 'basic':
      return { type: 'BASIC', username: credential.username, password: credential.password }
    case 'bearer':
    case 'api-key':
      return shownKey(credential.kind === 'bearer' ? credential.token : credential.apiKey, provider)
    case 'oauth2': {
      const { accessToken: access_token, refreshToken, raw } = credential
      const token = {
        access_token,
        ...(refreshToken !== undefined && { refresh_token: refreshToken }),
        ...ends,
      }
      return { type: 'OAUTH2', ...token, raw: { ...raw, ...token } }
    }
    case 'oauth1': {
      const token = { oauth_token: credential.token, oauth_token_secret: credential.tokenSecret }
      return { type: 'OAUTH1', ...token, raw: token }
    }
    default:
      return { ...shownMachine(credential), ...ends }
  }
}

type Machine = Exclude<
  Credential,
  { kind: 'none' | 'basic' | 'bearer' | 'api-key' | 'oauth2' | 'oauth1' }
>

function shownMachine(credential: Machine): ShownCredential {
  switch (credential.kind) {
    case 'client-credentials': {
      const { token, clientId: client_id, clientSecret: client_secret } = credential
      return { type: 'OAUTH2_CC', token, client_id, client_secret, raw: { access_token: token } }
    }
    case 'two-step':
      return { type: 'TWO_STEP', ...credential.values, token: credential.token, raw: {} }
    case 'jwt':
      return { type: 'JWT', ...credential.values, token: credential.token }
    case 'app':
      return { type: 'APP', access_token: credential.token, raw: { token: credential.token } }
    case 'aws': {
      const { accessKeyId, secretAccessKey, sessionToken, region } = credential
      const keys = { access_key_id: accessKeyId, secret_access_key: secretAccessKey }
      return { type: 'AWS_SIGV4', ...keys, session_token: sessionToken, region }
    }
  }
}

function shownKey(secret: string, { auth }: Provider): ShownCredential {
  if (auth.mode !== 'oauth2') return { type: 'API_KEY', apiKey: secret }
  return { type: 'OAUTH2', access_token: secret, raw: { access_token: secret } }
}
