import type { Credential, Integration, Provider } from '@plumb/protocol'
import { signAws } from './sign-aws.js'
import { signOAuth1 } from './sign-oauth1.js'
import type { PreparedRequest } from './transport.js'

/** What signing needs beside the request and the credential. */
export type SigningParts = {
  readonly provider: Provider
  readonly oauthClient?: Integration['oauthClient'] | undefined
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** A text that was never used before. */
  readonly nonce: () => string
}

type Signable = Pick<PreparedRequest, 'method' | 'url' | 'headers' | 'body'>

/** Headers that prove a request as it is, for credentials that are not sent themselves; none for all others. */
export function signRequest(
  request: Signable,
  credential: Credential,
  parts: SigningParts,
): Readonly<Record<string, string>> {
  const { auth } = parts.provider
  if (credential.kind === 'aws' && auth.mode === 'aws-sigv4') {
    const region = auth.region ?? credential.region ?? 'us-east-1'
    const at = new Date(parts.now())
    return signAws(request, { credential, service: auth.service, region, at })
  }
  if (credential.kind !== 'oauth1') return {}
  const client = credential.client ?? parts.oauthClient
  return {
    authorization: signOAuth1(request, {
      consumerKey: client?.clientId ?? '',
      consumerSecret: client?.clientSecret ?? '',
      token: credential.token,
      tokenSecret: credential.tokenSecret,
      method: auth.mode === 'oauth1' ? auth.signatureMethod : 'HMAC-SHA1',
      timestamp: Math.floor(parts.now() / 1000),
      nonce: parts.nonce(),
    }),
  }
}
