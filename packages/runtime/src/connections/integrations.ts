import { defaultEnvironment, editDistance, integrationSchema, PlumbError } from '@plumb/protocol'
import type { Integration } from '@plumb/protocol'
import type { LoadedProvider } from '@plumb/providers'
import { getIntegration, listIntegrations, saveIntegration } from '@plumb/store'
import type { Database } from '@plumb/store'
import type { Keys } from '../keys/open-keys.js'
import { describeIssues } from './describe-issues.js'

export type ConnectionStore = {
  readonly db: Database
  readonly keys: Keys
  readonly providers: ReadonlyMap<string, LoadedProvider>
  /** Whose integrations and connections are meant; nothing reaches beyond it. */
  readonly environment: string
}

/**
 * Stores a configured provider, or replaces the one of that key. The client secret is kept encrypted.
 * Throws PlumbError `provider-unknown` or `connection-invalid`.
 */
export async function addIntegration(store: ConnectionStore, input: Integration): Promise<void> {
  const parsed = integrationSchema.safeParse(input)
  if (!parsed.success) {
    throw new PlumbError({
      code: 'connection-invalid',
      message: `The integration is not valid: ${describeIssues(parsed.error, input)}.`,
      remedy: 'Correct the named values.',
    })
  }
  providerOf(store.providers, parsed.data.provider)
  const { baseUrl, tokenUrl } = parsed.data
  refuseBadUrl('base URL', baseUrl, /^[^?#]*$/)
  refuseBadUrl('token URL', tokenUrl, /^[^#]*$/)
  await saveIntegration(
    store.db,
    store.environment,
    withSecret(parsed.data, (secret, name) =>
      store.keys.encrypt(secret, secretContext(store, name)),
    ),
  )
}

/** The integration with its client secret in clear; null when there is none of that key. */
export async function readIntegration(
  store: Pick<ConnectionStore, 'db' | 'keys' | 'environment'>,
  integrationKey: string,
): Promise<Integration | null> {
  const stored = await getIntegration(store.db, store.environment, integrationKey)
  if (stored === null) return null
  return withSecret(stored, (secret, name) =>
    store.keys.decrypt(secret, secretContext(store, name)),
  )
}

/** All integrations, without secrets. */
export async function readIntegrations(
  store: Pick<ConnectionStore, 'db' | 'environment'>,
): Promise<readonly Omit<Integration, 'oauthClient' | 'app'>[]> {
  const all = await listIntegrations(store.db, store.environment)
  return all.map(({ oauthClient: _, app: __, ...integration }) => integration)
}

/** Throws PlumbError `provider-unknown` that names the nearest ones. */
export function providerOf(
  providers: ConnectionStore['providers'],
  name: string,
): LoadedProvider['provider'] {
  const found = providers.get(name)
  if (found !== undefined) return found.provider
  throw new PlumbError({
    code: 'provider-unknown',
    message: `There is no provider "${name}".`,
    remedy: `${nearestTo(name, [...providers.keys()])}\`plumb providers\` lists all of them; a provider directory adds others.`,
  })
}

function nearestTo(name: string, known: readonly string[]): string {
  const distance = (one: string) =>
    // Who writes "google" means one of its products, whose names are longer.
    one.includes(name) || name.includes(one) ? 0 : editDistance(name.slice(0, 100), one)
  const ranked = known.map((one) => ({ one, away: distance(one) }))
  ranked.sort((a, b) => a.away - b.away || (a.one < b.one ? -1 : 1))
  const names = ranked.slice(0, 3).map(({ one }) => `"${one}"`)
  return names.length === 0 ? '' : `Nearest are ${names.join(', ')}. `
}

function withSecret(
  integration: Integration,
  convert: (secret: string, integrationKey: string) => string,
): Integration {
  const { oauthClient, app, integrationKey } = integration
  return {
    ...integration,
    ...(oauthClient && {
      oauthClient: {
        ...oauthClient,
        clientSecret: convert(oauthClient.clientSecret, integrationKey),
      },
    }),
    ...(app && { app: { ...app, privateKey: convert(app.privateKey, integrationKey) } }),
  }
}

/** Binds an encrypted secret of an integration to it. */
export function secretContext(
  { environment }: Pick<ConnectionStore, 'environment'>,
  key: string,
): string {
  return `client secret of ${environment === defaultEnvironment ? key : `${environment}/${key}`}`
}

function refuseBadUrl(name: string, url: string | undefined, form: RegExp): void {
  if (url === undefined || (form.test(url) && isWebAddress(url))) return
  // What stands before an "@" may be a password.
  const shown = url.includes('@') ? 'not usable' : `"${url}"`
  const without = name === 'base URL' ? 'user, password, query and "#"' : 'user, password and "#"'
  throw new PlumbError({
    code: 'connection-invalid',
    message: `The ${name} of the integration is ${shown}. It must be an http or https address without ${without}.`,
    remedy: 'Give a whole address, such as "https://api.example.com".',
  })
}

function isWebAddress(url: string): boolean {
  // A placeholder in the host is no URL yet; it is checked when it is filled.
  if (/^https:\/\/[^/]*\$\{connectionConfig\.[\w-]+\}/.test(url)) return true
  if (!URL.canParse(url)) return false
  const { protocol, username, password } = new URL(url)
  return /^https?:$/.test(protocol) && username + password === ''
}
