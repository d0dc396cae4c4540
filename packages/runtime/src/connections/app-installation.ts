import { PlumbError } from '@plumb/protocol'
import type { AuthOf, CredentialOf } from '@plumb/protocol'
import type { PreparedRequest } from '../gateway/transport.js'
import { signJwt } from './sign-jwt.js'
import { fillHeader, fillUrl } from './templates.js'
import { mayBePrivate } from './token-client.js'
import type { TokenOwner } from './token-client.js'

type AppCredential = CredentialOf<'app'>

export type AppRequest = {
  readonly request: PreparedRequest
  /** What it is signed with, a secret. */
  readonly token: string
}

type AppCall = {
  readonly auth: AuthOf<'app'>
  readonly credential: AppCredential
  /** Milliseconds since 1970. */
  readonly now: number
}

/** Asks for a token of an installation. Throws PlumbError `connection-invalid` without the key of the app. */
export function installationTokenRequest(owner: TokenOwner, call: AppCall): AppRequest {
  const template = tokenTemplate(owner, call)
  return appRequest(owner, { ...call, method: 'POST', template })
}

/**
 * Asks the provider about an installation; null where the provider entry does not show how: then asking for a token
 * of it has to prove that there is one. Throws PlumbError `connection-invalid` without the key of the app.
 */
export function installationRequest(owner: TokenOwner, call: AppCall): AppRequest | null {
  const template = installationAddress.exec(tokenTemplate(owner, call))?.[1]
  return template === undefined ? null : appRequest(owner, { ...call, method: 'GET', template })
}

/** Where tokens of an installation are made below its own address, as at GitHub. */
const installationAddress =
  /^(.*\/installations\/\$\{connectionConfig\.installation_id\})\/access_tokens$/

function tokenTemplate({ integration }: TokenOwner, { auth }: AppCall): string {
  return integration.tokenUrl ?? auth.tokenUrl
}

function appRequest(
  owner: TokenOwner,
  o: AppCall & { readonly method: 'GET' | 'POST'; readonly template: string },
): AppRequest {
  const { integration, connection } = owner
  const { installationId } = o.credential
  const token = appToken(owner, o.credential, o.now)
  const connectionConfig = { ...connection.connectionConfig, installation_id: installationId }
  const url = fillUrl(o.template, { connectionConfig })
  const headers = Object.fromEntries(
    Object.entries(o.auth.headers ?? {}).map(([name, text]) => [
      name.toLowerCase(),
      fillHeader(text, { connectionConfig }),
    ]),
  )
  const request: PreparedRequest = {
    method: o.method,
    url,
    headers: {
      accept: 'application/json',
      'user-agent': 'plumb',
      ...headers,
      authorization: `Bearer ${token}`,
    },
    body: o.method === 'GET' ? null : Buffer.alloc(0),
    allowPrivateAddress: mayBePrivate(o.template, url, integration.tokenUrl !== undefined),
    timeoutMs: 60_000,
    freshSocket: true,
  }
  return { request, token }
}

/** A server's clock may be a little behind ours. */
const clockLeewaySeconds = 60
const appTokenSeconds = 540

/** What an app proves itself with. Throws PlumbError `connection-invalid` when nobody gave its key. */
function appToken(
  { integration }: Pick<TokenOwner, 'integration'>,
  credential: Pick<AppCredential, 'appId' | 'privateKey'>,
  now: number,
): string {
  const appId = credential.appId ?? integration.app?.appId
  const key = credential.privateKey ?? integration.app?.privateKey
  if (appId === undefined || key === undefined) {
    throw new PlumbError({
      code: 'connection-invalid',
      message: `Integration "${integration.integrationKey}" has no app id and private key.`,
      remedy: 'Store those of the app with the integration.',
    })
  }
  const seconds = Math.floor(now / 1000)
  return signJwt({
    algorithm: 'RS256',
    key,
    claims: { iat: seconds - clockLeewaySeconds, exp: seconds + appTokenSeconds, iss: appId },
  })
}
