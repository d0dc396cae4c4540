import { PlumbError } from '@plumb/protocol'
import type { Credential, Provider } from '@plumb/protocol'

/** What a credential adds to each request, by lower-case header name and by query parameter. */
export type Attachment = {
  readonly headers: Readonly<Record<string, string>>
  readonly query: Readonly<Record<string, string>>
}

const nothing: Attachment = { headers: {}, query: {} }

/**
 * How `credential` goes into a request to `provider`. Throws PlumbError `connection-invalid` when the provider
 * takes another kind.
 */
export function attachCredential(provider: Provider, credential: Credential): Attachment {
  const { auth } = provider
  if (auth.mode === 'none' || credential.kind === 'none') return nothing
  if (credential.kind === 'basic') {
    const pair = Buffer.from(`${credential.username}:${credential.password}`).toString('base64')
    return authorization(`Basic ${pair}`)
  }
  const secret = tokenOf(credential)
  if (auth.mode === 'basic') {
    throw new PlumbError({
      code: 'connection-invalid',
      message: `The credential is of kind "${credential.kind}", but ${provider.displayName} takes "basic".`,
      remedy: 'Add the connection again with a user name and a password.',
    })
  }
  if (auth.mode !== 'api-key') return authorization(`Bearer ${secret}`)
  if (auth.query !== undefined) return { headers: {}, query: { [auth.query]: secret } }
  return { headers: { [(auth.header ?? '').toLowerCase()]: auth.prefix + secret }, query: {} }
}

function authorization(value: string): Attachment {
  return { headers: { authorization: value }, query: {} }
}

function tokenOf(credential: Exclude<Credential, { kind: 'basic' | 'none' }>): string {
  if (credential.kind === 'bearer') return credential.token
  return credential.kind === 'api-key' ? credential.apiKey : credential.accessToken
}

/** The values of a credential that nobody outside the gateway may see. */
export function secretsOf(credential: Credential): string[] {
  switch (credential.kind) {
    case 'none':
      return []
    case 'basic': {
      const pair = Buffer.from(`${credential.username}:${credential.password}`).toString('base64')
      // Some providers take the key as the user name and leave the password empty.
      return [credential.password === '' ? credential.username : credential.password, pair]
    }
    case 'oauth2':
      return [credential.accessToken, credential.refreshToken ?? '']
    default:
      return [tokenOf(credential)]
  }
}
