import {
  connectionContracts,
  defineContract,
  inBody,
  inPath,
  inQuery,
  integrationContracts,
} from '@plumb/protocol'
import type { Contract, OutputOf } from '@plumb/protocol'
import { z } from 'zod'
import { handle } from '../handler.js'
import type { Handler } from '../handler.js'
import { ask, handlerOf } from './ask.js'

const moved: readonly (readonly [Contract, path: string])[] = [
  [connectionContracts.list, '/connection'],
  [connectionContracts.get, '/connection/:connectionId'],
  [connectionContracts.delete, '/connection/:connectionId'],
  [connectionContracts.setMetadata, '/connection/metadata'],
  [connectionContracts.updateMetadata, '/connection/metadata'],
  [integrationContracts.delete, '/config/:uniqueKey'],
]

const shown = z.looseObject({ unique_key: z.string(), provider: z.string() })
const one = z.object({ config: shown })
const client = {
  provider: inBody('provider', z.string()),
  integrationKey: inBody('provider_config_key', z.string()),
  clientId: inBody('oauth_client_id', z.string().min(1).optional()),
  clientSecret: inBody('oauth_client_secret', z.string().min(1).optional()),
  scopes: inBody('oauth_scopes', z.string().optional()),
}
const read = { method: 'GET', scope: 'integrations:read', failures: [] } as const
const write = { path: '/config', scope: 'integrations:write', failures: [], output: one } as const

const contracts = {
  list: defineContract({
    ...{ ...read, name: 'compat configs', summary: 'List integrations', path: '/config' },
    input: {},
    output: z.object({ configs: z.array(shown) }),
  }),
  get: defineContract({
    ...{ ...read, name: 'compat config', summary: 'Show an integration' },
    path: '/config/:uniqueKey',
    input: {
      integrationKey: inPath('uniqueKey', z.string()),
      credentials: inQuery('include_creds', z.boolean().default(false)),
    },
    output: one,
  }),
  create: defineContract({
    ...{ ...write, name: 'compat config-create', summary: 'Configure a provider', method: 'POST' },
    input: client,
  }),
  update: defineContract({
    ...{ ...write, name: 'compat config-update', summary: 'Change an integration', method: 'PUT' },
    input: { ...client, provider: inBody('provider', z.string().optional()) },
  }),
}

/** What clients ask for that were published before the paths of today. */
export const olderPaths: readonly Handler[] = [
  ...moved.map(([contract, path]) => ({
    contract: { ...contract, path },
    run: handlerOf(contract).run,
  })),
  handle(contracts.list, async (_, call) => ({
    configs: (await ask(integrationContracts.list, {}, call)).data,
  })),
  handle(contracts.get, async ({ integrationKey, credentials }, call) => {
    const include = credentials ? (['credentials'] as const) : []
    const input = { integrationKey, include: [...include] }
    return { config: flat((await ask(integrationContracts.get, input, call)).data) }
  }),
  handle(contracts.create, async ({ provider, integrationKey, ...given }, call) => {
    const input = { provider, integrationKey, ...credentialsOf(given) }
    return { config: (await ask(integrationContracts.create, input, call)).data }
  }),
  handle(contracts.update, async ({ integrationKey, ...given }, call) => {
    const input = { integrationKey, ...credentialsOf(given) }
    return { config: (await ask(integrationContracts.update, input, call)).data }
  }),
]

type Client = {
  readonly clientId?: string | undefined
  readonly clientSecret?: string | undefined
  readonly scopes?: string | undefined
}

function credentialsOf({ clientId, clientSecret, scopes }: Client) {
  if (clientId === undefined && clientSecret === undefined && scopes === undefined) return {}
  return {
    credentials: {
      type: 'OAUTH2',
      ...(clientId !== undefined && { client_id: clientId }),
      ...(clientSecret !== undefined && { client_secret: clientSecret }),
      ...(scopes !== undefined && { scopes }),
    },
  }
}

/** Older clients find the secrets beside the key. */
function flat({
  credentials,
  ...integration
}: OutputOf<typeof integrationContracts.get>['data']): z.infer<typeof shown> {
  return { ...credentials, ...integration }
}
