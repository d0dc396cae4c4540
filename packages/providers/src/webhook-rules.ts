import type { Provider, ProviderAuth } from '@plumb/protocol'

type Found = readonly [path: readonly (string | number)[], message: string]

/** What a webhook rule needs and nothing gives: a time, a value to compare with, a secret. */
export function webhookProblems(provider: Provider): Found[] {
  return [...timeProblems(provider), ...routeProblems(provider), ...secretProblems(provider)]
}

/** A signature over a time that nobody reads, or a time that the signature does not cover. */
function timeProblems({ webhook }: Provider): Found[] {
  if (webhook?.verify.scheme !== 'hmac') return []
  const { signed, timestamp } = webhook.verify
  const isSigned = signed.includes('${timestamp}')
  if (isSigned === (timestamp !== undefined)) return []
  const message = isSigned
    ? `"webhook.verify.signed" is "${signed}", but "timestamp" does not say where the time stands.`
    : `"webhook.verify.timestamp" is set, but "signed" is "${signed}": anybody could change the time.`
  return [[['webhook', 'verify'], message]]
}

/** A value of `connectionConfig` that neither a person nor the provider tells: no delivery would find its connection. */
function routeProblems(provider: Provider): Found[] {
  const { webhook, connectionConfig = {} } = provider
  const matches = webhook?.route?.matches ?? ''
  const name = /^connectionConfig\.(\w+)$/.exec(matches)?.[1]
  if (name === undefined || Object.hasOwn(connectionConfig, name)) return []
  if (waysOf(provider).some((auth) => isTold(auth, name))) return []
  const message =
    `"webhook.route.matches" is "${matches}", which nothing fills. Ask for it in "connectionConfig", read it with ` +
    `"auth.connectionConfigFrom", or compare with "metadata.${name}", which a function can write.`
  return [[['webhook', 'route', 'matches'], message]]
}

function isTold(auth: ProviderAuth, name: string): boolean {
  if (auth.mode === 'app') return name === 'installation_id'
  return auth.mode === 'oauth2' && Object.hasOwn(auth.connectionConfigFrom ?? {}, name)
}

/** Ways of authorising in which an integration has a client, and so its secret. */
const withClient = /^(oauth2|oauth1|mcp-oauth2|client-credentials|app)$/

function secretProblems(provider: Provider): Found[] {
  const verify = provider.webhook?.verify
  if (verify === undefined || verify.scheme === 'none' || verify.secret === 'webhook-secret')
    return []
  if (waysOf(provider).some(({ mode }) => withClient.test(mode))) return []
  const message = `"webhook.verify.secret" is "${verify.secret}", but "auth.mode" is "${provider.auth.mode}", which has no client.`
  return [[['webhook', 'verify', 'secret'], message]]
}

/** The entry's way of authorising, and those of its variants. */
export function waysOf({ auth, variants = [] }: Provider): ProviderAuth[] {
  return [auth, ...variants.flatMap((one) => (one.auth ? [one.auth] : []))]
}
