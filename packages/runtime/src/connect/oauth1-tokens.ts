import { PlumbError } from '@plumb/protocol'
import type { AuthOf, OwnClient } from '@plumb/protocol'
import { fillUrl } from '../connections/templates.js'
import { mayBePrivate } from '../connections/token-client.js'
import type { TokenOwner } from '../connections/token-client.js'
import { signOAuth1 } from '../gateway/sign-oauth1.js'
import type { ConnectParts } from './connect-parts.js'

type TokenPair = { readonly token: string; readonly secret: string }
type Ask = { readonly auth: AuthOf<'oauth1'>; readonly client: OwnClient }

/** The first leg: a token that a person may authorise. Throws PlumbError `authorization-failed`. */
export function requestTemporaryToken(
  parts: ConnectParts,
  owner: TokenOwner,
  { callback, ...ask }: Ask & { readonly callback: string },
): Promise<TokenPair> {
  const call = { template: ask.auth.requestTokenUrl, extra: { oauth_callback: callback } }
  return tokenPair(parts, owner, { ...ask, ...call })
}

/** The third leg: the token that stays. Throws PlumbError `authorization-failed`. */
export function exchangeTemporaryToken(
  parts: ConnectParts,
  owner: TokenOwner,
  { pair, verifier, ...ask }: Ask & { readonly pair: TokenPair; readonly verifier: string },
): Promise<TokenPair> {
  const call = { template: ask.auth.accessTokenUrl, extra: { oauth_verifier: verifier } }
  return tokenPair(parts, owner, { ...ask, ...call, pair })
}

async function tokenPair(
  parts: ConnectParts,
  owner: TokenOwner,
  o: Ask & {
    readonly template: string
    readonly extra: Readonly<Record<string, string>>
    readonly pair?: TokenPair
  },
): Promise<TokenPair> {
  const { clock, newSecret, transport } = parts.connect
  const url = fillUrl(o.template, { connectionConfig: owner.connection.connectionConfig })
  const request = {
    method: 'POST',
    url,
    headers: { accept: '*/*', 'user-agent': 'plumb' },
    body: null,
  }
  const authorization = signOAuth1(request, {
    consumerKey: o.client.clientId,
    consumerSecret: o.client.clientSecret ?? '',
    ...(o.pair && { token: o.pair.token, tokenSecret: o.pair.secret }),
    method: o.auth.signatureMethod,
    timestamp: Math.floor(clock.now() / 1000),
    nonce: newSecret(),
    extra: o.extra,
  })
  const answer = await transport.send({
    ...request,
    headers: { ...request.headers, authorization },
    body: Buffer.alloc(0),
    allowPrivateAddress: mayBePrivate(o.template, url, false),
    timeoutMs: 60_000,
    freshSocket: true,
  })
  if (answer.kind === 'failure') throw failed(owner, `${answer.code} (${answer.message})`)
  const fields = new URLSearchParams(answer.body.toString('utf8'))
  const token = fields.get('oauth_token') ?? ''
  if (answer.status >= 300 || token === '') throw failed(owner, `status ${answer.status}`)
  return { token, secret: fields.get('oauth_token_secret') ?? '' }
}

function failed({ provider, integration }: TokenOwner, reason: string): PlumbError {
  return new PlumbError({
    code: 'authorization-failed',
    message: `${provider.displayName} gave no OAuth 1 token: ${reason}.`,
    remedy: `Check the client of integration "${integration.integrationKey}" and its callback address at ${provider.displayName}.`,
  })
}
