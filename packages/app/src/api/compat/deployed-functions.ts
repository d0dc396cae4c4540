import { defineContract, inPath, inQuery, PlumbError } from '@plumb/protocol'
import type { FunctionDefinition, JsonSchema } from '@plumb/protocol'
import { listDatedIntegrations, listDeployedEntries, listDeployments } from '@plumb/store'
import type { DeployedEntry } from '@plumb/store'
import { z } from 'zod'
import { handle } from '../handler.js'
import type { ApiCall, Handler } from '../handler.js'

type Entry = DeployedEntry & { readonly definition: FunctionDefinition }

const kinds = z.enum(['action', 'sync', 'on-event'])
const shape = z.looseObject({ name: z.string(), type: kinds })
const configured = z.object({
  providerConfigKey: z.string(),
  provider: z.string(),
  syncs: z.array(shape),
  actions: z.array(shape),
  'on-events': z.array(shape),
})
const tool = z.object({
  name: z.string(),
  description: z.string(),
  parameters: z.record(z.string(), z.unknown()),
})
const read = { method: 'GET', scope: 'deployments:read', failures: [] } as const
const uniqueKey = inPath('uniqueKey', z.string())

const contracts = {
  config: defineContract({
    ...{ ...read, name: 'compat functions', summary: 'Describe all functions' },
    path: '/scripts/config',
    input: { format: inQuery('format', z.enum(['nango', 'openai']).default('nango')) },
    output: z.union([z.array(configured), z.object({ data: z.array(tool) })]),
  }),
  list: defineContract({
    ...{ ...read, name: 'compat list-functions', summary: 'List the functions of an integration' },
    path: '/integrations/:uniqueKey/functions',
    input: {
      uniqueKey,
      type: inQuery('type', kinds.optional()),
      search: inQuery('search', z.string().default('')),
      page: inQuery('page', z.number().int().min(0).default(0)),
      limit: inQuery('limit', z.number().int().min(1).max(1000).default(100)),
    },
    output: z.object({
      data: z.array(shape),
      pagination: z.object({ total: z.number(), page: z.number(), limit: z.number() }),
    }),
  }),
  get: defineContract({
    ...{ ...read, name: 'compat get-function', summary: 'Show a function of an integration' },
    path: '/integrations/:uniqueKey/functions/:name',
    input: {
      uniqueKey,
      name: inPath('name', z.string()),
      type: inQuery('type', kinds.optional()),
    },
    output: z.object({ data: shape }),
  }),
}

/** What is deployed, in the words of the client that products use. */
export const deployedFunctions: readonly Handler[] = [
  handle(contracts.config, async ({ format }, call) => {
    const entries = await entriesOf(call)
    return format === 'openai' ? { data: toolsOf(entries) } : configsOf(entries, call)
  }),
  handle(contracts.list, async ({ uniqueKey, type, search, page, limit }, call) => {
    const found = (await entriesOf(call, uniqueKey)).filter(
      ({ kind, name }) => (type ?? kind) === kind && name.includes(search),
    )
    const since = await deployedAt(call)
    return {
      data: found.slice(page * limit, (page + 1) * limit).map((entry) => shown(entry, since)),
      pagination: { total: found.length, page, limit },
    }
  }),
  handle(contracts.get, async ({ uniqueKey, name, type }, call) => {
    const found = (await entriesOf(call, uniqueKey)).find(
      (entry) => entry.name === name && (type ?? entry.kind) === entry.kind,
    )
    if (found === undefined) throw unknown(uniqueKey, name)
    return { data: shown(found, await deployedAt(call)) }
  }),
]

function entriesOf({ plumb, environment }: ApiCall, key?: string): Promise<readonly Entry[]> {
  const of = key === undefined ? {} : { integrationKey: key }
  return listDeployedEntries(plumb.db, { environment, ...of })
}

async function deployedAt({ plumb, environment }: ApiCall): Promise<string | null> {
  const all = await listDeployments(plumb.db, environment)
  return all.find(({ state }) => state === 'live')?.createdAt ?? null
}

async function configsOf(entries: readonly Entry[], call: ApiCall) {
  const since = await deployedAt(call)
  const integrations = await listDatedIntegrations(call.plumb.db, call.environment)
  return integrations.map(({ integrationKey, provider }) => {
    const own = entries.filter((entry) => entry.integrationKey === integrationKey)
    const of = (kind: Entry['kind']) =>
      own.filter((entry) => entry.kind === kind).map((entry) => shown(entry, since))
    return {
      ...{ providerConfigKey: integrationKey, provider },
      ...{ syncs: of('sync'), actions: of('action'), 'on-events': of('on-event') },
    }
  })
}

function shown(entry: Entry, lastDeployed: string | null): z.infer<typeof shape> {
  const { definition, name, kind } = entry
  const { description, scopes, endpoints, version, event } = definition
  const { definitions, ...models } = schemasOf(entry)
  return {
    ...{ name, type: kind, description, scopes, version, ...models },
    ...{ endpoints, metadata: { description, scopes }, enabled: true, source: 'repo' },
    ...{ last_deployed: lastDeployed, sdk_version: null, models: [] },
    features: definition.checkpointSchema === null ? [] : ['checkpoints'],
    json_schema: Object.keys(definitions).length === 0 ? null : { definitions },
    ...(event !== null && { event }),
    ...(kind === 'sync' && {
      ...{ runs: definition.frequency, auto_start: definition.autoStart },
      ...{ track_deletes: definition.trackDeletes, sync_type: definition.syncType ?? 'full' },
      webhookSubscriptions: definition.webhookSubscriptions ?? [],
    }),
  }
}

/** The schemas of a function by name, and which of them is its input and what it returns. */
function schemasOf({ definition, name }: Entry) {
  const { inputSchema, outputSchema, models, kind } = definition
  const input = inputSchema === null ? {} : { [`${name}-input`]: inputSchema }
  const output = outputSchema === null ? {} : { [`${name}-output`]: outputSchema }
  const returned = kind === 'sync' ? models : output
  const [given] = Object.keys(input)
  const definitions: Readonly<Record<string, JsonSchema>> = { ...input, ...returned }
  return {
    ...{ definitions, returns: Object.keys(returned) },
    ...(given !== undefined && { input: given }),
  }
}

/** Actions as a model is told of tools. */
function toolsOf(entries: readonly Entry[]) {
  const actions = entries.filter(({ kind }) => kind === 'action')
  return actions.map(({ name, definition }) => ({
    ...{ name, description: definition.description },
    parameters: definition.inputSchema ?? { type: 'object', properties: {}, required: [] },
  }))
}

function unknown(integrationKey: string, name: string): PlumbError {
  return new PlumbError({
    code: 'function-not-found',
    message: `Integration "${integrationKey.slice(0, 100)}" has no function "${name.slice(0, 100)}".`,
    remedy: 'GET /scripts/config lists what is deployed.',
  })
}
