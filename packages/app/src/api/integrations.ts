import { integrationContracts, PlumbError, providerContracts } from '@plumb/protocol'
import type { Integration, Provider } from '@plumb/protocol'
import { addIntegration, providerOf, readIntegration, wireModeOf } from '@plumb/runtime'
import { deleteIntegration, findConnections, listDatedIntegrations } from '@plumb/store'
import type { DatedIntegration } from '@plumb/store'
import { allows } from '../http/authorize.js'
import { handle } from './handler.js'
import type { ApiCall, Handler } from './handler.js'

type Settings = {
  readonly displayName?: string | undefined
  readonly credentials?:
    | {
        readonly client_id?: string | undefined
        readonly client_secret?: string | undefined
        readonly scopes?: string | undefined
        readonly app_id?: string | undefined
        readonly app_link?: string | undefined
        readonly private_key?: string | undefined
      }
    | undefined
  readonly forwardWebhooks?: boolean | undefined
  readonly baseUrl?: string | undefined
  readonly tokenUrl?: string | undefined
}

export const integrationHandlers: readonly Handler[] = [
  handle(integrationContracts.list, async (_, { plumb, environment }) => ({
    data: (await listDatedIntegrations(plumb.db, environment)).map((one) => shown(one, plumb)),
  })),
  handle(integrationContracts.get, async ({ integrationKey, include }, call) => {
    const { plumb, environment } = call
    const data = shown(await readDated(call, integrationKey), plumb)
    const webhook = include.includes('webhook') && {
      webhook_url: `${plumb.publicUrl}/webhook/${environment}/${integrationKey}`,
    }
    if (!include.includes('credentials')) return { data: { ...data, ...webhook } }
    if (!allows(call.scopes ?? ['*'], 'connections:credentials')) throw mayNotRead()
    return { data: { ...data, ...webhook, credentials: await secretsOf(call, integrationKey) } }
  }),
  handle(integrationContracts.create, async (given, call) => {
    const { integrationKey, provider } = given
    const here = { ...call.plumb, environment: call.environment }
    if ((await readIntegration(here, integrationKey)) !== null) throw exists(integrationKey)
    await addIntegration(here, { integrationKey, provider, ...settingsOf(given, null) })
    return { data: shown(await readDated(call, integrationKey), call.plumb) }
  }),
  handle(integrationContracts.update, async (given, call) => {
    const { integrationKey, newKey = integrationKey } = given
    const here = { ...call.plumb, environment: call.environment }
    const before = await readIntegration(here, integrationKey)
    if (before === null) throw unknown(integrationKey)
    const moves = newKey !== integrationKey
    if (moves) await requireFree(here, integrationKey, newKey)
    await addIntegration(here, { ...before, ...settingsOf(given, before), integrationKey: newKey })
    if (moves) await deleteIntegration(here.db, call.environment, integrationKey)
    return { data: shown(await readDated(call, newKey), call.plumb) }
  }),
  handle(integrationContracts.delete, async ({ integrationKey }, { plumb, environment }) => {
    await refuseInUse({ ...plumb, environment }, integrationKey)
    if (await deleteIntegration(plumb.db, environment, integrationKey)) return done
    throw unknown(integrationKey)
  }),
]

const done = { success: true as const }

export const providerHandlers: readonly Handler[] = [
  handle(providerContracts.list, async ({ search }, { plumb }) => {
    const wanted = (search ?? '').toLowerCase()
    const all = [...plumb.providers.values()].map(({ provider }) => provider)
    const found = all.filter(({ name, displayName }) =>
      `${name} ${displayName}`.toLowerCase().includes(wanted),
    )
    return { data: found.map(providerShown) }
  }),
  handle(providerContracts.get, async ({ provider }, { plumb }) => ({
    data: providerShown(providerOf(plumb.providers, provider)),
  })),
]

function providerShown(provider: Provider) {
  const { name, displayName, categories, docs, auth, connectionConfig = {} } = provider
  return {
    ...{ name, display_name: displayName, categories, docs: docs ?? null, logo_url: null },
    auth_mode: wireModeOf(provider),
    connection_config: connectionConfig,
    credentials: 'credentials' in auth ? auth.credentials : {},
  }
}

type Here = Parameters<typeof readIntegration>[0]

/** A key goes with the connections under it, so only one without any may change. */
async function requireFree(here: Here, key: string, newKey: string): Promise<void> {
  await refuseInUse(here, key)
  if ((await readIntegration(here, newKey)) !== null) throw exists(newKey)
}

async function refuseInUse({ db, environment }: Here, key: string): Promise<void> {
  const filter = { environment, integrationKeys: [key], limit: 1 }
  const [connection] = await findConnections(db, filter)
  if (connection !== undefined) throw inUse(key, connection.connectionId)
}

/** Throws PlumbError `connection-unknown` when there is no integration of that key. */
export async function requireIntegration(
  { plumb, environment }: Pick<ApiCall, 'plumb' | 'environment'>,
  key: string,
): Promise<void> {
  if ((await listDatedIntegrations(plumb.db, environment, [key])).length === 0) throw unknown(key)
}

async function readDated({ plumb, environment }: ApiCall, key: string): Promise<DatedIntegration> {
  const [found] = await listDatedIntegrations(plumb.db, environment, [key])
  if (found === undefined) throw unknown(key)
  return found
}

function shown(integration: DatedIntegration, { providers }: Pick<ApiCall['plumb'], 'providers'>) {
  const displayName =
    integration.displayName ?? providers.get(integration.provider)?.provider.displayName
  return {
    ...{ unique_key: integration.integrationKey, provider: integration.provider },
    display_name: displayName ?? integration.provider,
    ...{ logo: '', forward_webhooks: integration.forwardWebhooks ?? true },
    ...{ created_at: integration.createdAt, updated_at: integration.updatedAt },
  }
}

async function secretsOf({ plumb, environment }: ApiCall, key: string) {
  const integration = await readIntegration({ ...plumb, environment }, key)
  if (integration === null) throw unknown(key)
  const { oauthClient, app, scopes } = integration
  if (app !== undefined) {
    return {
      type: 'APP',
      app_id: app.appId,
      private_key: app.privateKey,
      app_link: app.slug ?? null,
    }
  }
  if (oauthClient === undefined) return null
  const { clientId: client_id, clientSecret: client_secret } = oauthClient
  const type = wireModeOf(providerOf(plumb.providers, integration.provider))
  return { type, client_id, client_secret, scopes: scopes?.join(',') ?? null, webhook_secret: null }
}

/** What was not given stays as it was. */
function settingsOf(given: Settings, before: Integration | null): Partial<Integration> {
  const { displayName, forwardWebhooks, baseUrl, tokenUrl } = given
  return {
    ...(displayName !== undefined && { displayName }),
    ...(forwardWebhooks !== undefined && { forwardWebhooks }),
    ...(baseUrl !== undefined && { baseUrl }),
    ...(tokenUrl !== undefined && { tokenUrl }),
    ...clientOf(given.credentials, before),
    ...appOf(given.credentials, before),
  }
}

function clientOf(
  given: Settings['credentials'],
  before: Integration | null,
): Partial<Integration> {
  const scopes = given?.scopes?.split(/[ ,]+/).filter((scope) => scope !== '')
  const client = pairOf(['client_id', 'client_secret'], given, [
    before?.oauthClient?.clientId,
    before?.oauthClient?.clientSecret,
  ])
  return {
    ...(scopes !== undefined && { scopes }),
    ...(client !== null && { oauthClient: { clientId: client[0], clientSecret: client[1] } }),
  }
}

function appOf(given: Settings['credentials'], before: Integration | null): Partial<Integration> {
  const known = before?.app
  const app = pairOf(['app_id', 'private_key'], given, [known?.appId, known?.privateKey])
  if (app === null) return {}
  const slug = given?.app_link === undefined ? known?.slug : slugOf(given.app_link)
  const named = slug === undefined ? {} : { slug }
  return { app: { appId: app[0], privateKey: app[1], ...named } }
}

type Member = 'client_id' | 'client_secret' | 'app_id' | 'private_key'

/** An id with its secret: given, else as they were; null when there are none. Throws when only one is known. */
function pairOf(
  names: readonly [Member, Member],
  given: Settings['credentials'],
  before: readonly [string | undefined, string | undefined],
): readonly [string, string] | null {
  const [id, secret] = [given?.[names[0]] ?? before[0], given?.[names[1]] ?? before[1]]
  if (id !== undefined && secret !== undefined) return [id, secret]
  if (id === undefined && secret === undefined) return null
  throw incomplete(...names)
}

/** Given as an address, its last part names the app. */
function slugOf(link: string): string {
  return link.replace(/\/+$/, '').split('/').at(-1) ?? link
}

function incomplete(a: string, b: string): PlumbError {
  return new PlumbError({
    code: 'connection-invalid',
    message: `"credentials" holds only one of "${a}" and "${b}".`,
    remedy: 'Give both.',
  })
}

function mayNotRead(): PlumbError {
  return new PlumbError({
    code: 'forbidden',
    message: 'The secret key may not read the secrets of integrations.',
    remedy: 'Use a key with the scope connections:credentials, or leave `include` out.',
  })
}

function exists(key: string): PlumbError {
  return new PlumbError({
    code: 'integration-exists',
    message: `There is an integration "${key}" already.`,
    remedy: 'Change it with PATCH /integrations/:uniqueKey, or choose another key.',
  })
}

function inUse(key: string, connectionId: string): PlumbError {
  return new PlumbError({
    code: 'integration-in-use',
    message: `Integration "${key}" has connections, such as "${connectionId}".`,
    remedy: 'Delete its connections first.',
  })
}

function unknown(key: string): PlumbError {
  return new PlumbError({
    code: 'connection-unknown',
    message: `There is no integration "${key.slice(0, 100)}".`,
    remedy: 'GET /integrations lists what there is; POST /integrations adds one.',
  })
}
