import type { Credential, CredentialOf, Integration, Provider } from '@plumb/protocol'
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
  return credential.kind === 'oauth1' ? oauth1Header(request, credential, parts) : {}
}

function oauth1Header(
  request: Signable,
  credential: CredentialOf<'oauth1'>,
  { provider, oauthClient, now, nonce }: SigningParts,
): Readonly<Record<string, string>> {
  const { clientId = '', clientSecret = '' } = credential.client ?? oauthClient ?? {}
  const method = provider.auth.mode === 'oauth1' ? provider.auth.signatureMethod : 'HMAC-SHA1'
  return {
    authorization: signOAuth1(request, {
      ...{ consumerKey: clientId, consumerSecret: clientSecret, method },
      ...{ token: credential.token, tokenSecret: credential.tokenSecret },
      ...{ timestamp: Math.floor(now() / 1000), nonce: nonce() },
    }),
  }
}
