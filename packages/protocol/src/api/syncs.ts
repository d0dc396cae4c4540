import { z } from 'zod'
import { jsonObjectSchema } from '../json.js'
import { defineContract, inBody, inPath, inQuery } from './contract.js'

/** A sync by name, `name::variant`, or both apart. */
const syncName = z
  .union([
    z.string().min(1).max(400),
    z.object({ name: z.string().min(1).max(200), variant: z.string().min(1).max(200) }),
  ])
  .transform((given) => (typeof given === 'string' ? parseSyncName(given) : given))

/** `issues` is the base variant, `issues::eu` another one. */
export function parseSyncName(text: string): { readonly name: string; readonly variant: string } {
  const at = text.indexOf('::')
  if (at < 0) return { name: text, variant: 'base' }
  return { name: text.slice(0, at), variant: text.slice(at + 2) }
}

const integration = z.string().min(1).describe('key of the integration')
const connection = z.string().min(1).describe('id of the connection')
const everyConnection = connection.optional().describe('only of this connection (default: of all)')
const asked = {
  integrationKey: inBody('provider_config_key', integration),
  syncs: inBody(
    'syncs',
    z.array(syncName).default([]).describe('names, `name::variant` for a variant (default: all)'),
  ),
  connectionId: inBody('connection_id', everyConnection),
}
const modes = ['incremental', 'full_refresh', 'full_refresh_and_clear_cache'] as const
const done = z.object({ success: z.literal(true) })
const counts = z.record(
  z.string(),
  z.object({ added: z.number(), updated: z.number(), deleted: z.number() }),
)
const error = z.object({ code: z.string(), message: z.string(), remedy: z.string() }).nullable()
const checkpoint = jsonObjectSchema.nullable()
const variantOf = {
  name: inPath('name', z.string().min(1).describe('name of the sync')),
  variant: inPath('variant', z.string().min(1).describe('name of the variant')),
  integrationKey: inBody('provider_config_key', integration),
  connectionId: inBody('connection_id', connection),
}

const status = z.object({
  id: z.string(),
  name: z.string(),
  variant: z.string(),
  connection_id: z.string(),
  status: z.enum(['RUNNING', 'SUCCESS', 'ERROR', 'PAUSED', 'STOPPED']),
  type: z.enum(['INITIAL', 'INCREMENTAL']),
  frequency: z.string(),
  finishedAt: z.string().nullable(),
  nextScheduledSyncAt: z.string().nullable(),
  latestResult: counts,
  recordCount: z.record(z.string(), z.number()),
  checkpoint,
  failures: z.number().describe('runs in a row that failed'),
  error: error.describe('of the last run'),
})

const run = z.object({
  id: z.string(),
  provider_config_key: z.string(),
  connection_id: z.string(),
  name: z.string(),
  variant: z.string(),
  mode: z.enum(modes),
  state: z.enum(['running', 'success', 'failed', 'paused', 'cancelled']),
  deployment_id: z.string().nullable(),
  slices: z.number(),
  counts,
  error,
  started_at: z.string(),
  finished_at: z.string().nullable(),
  duration_ms: z.number().nullable(),
})

/** When syncs run, and what their runs did. */
export const syncContracts = {
  start: defineContract({
    name: 'syncs start',
    summary: 'Start the schedules of syncs, each with a run at once',
    method: 'POST',
    path: '/sync/start',
    scope: 'syncs:write',
    input: asked,
    output: done,
    failures: ['sync-unknown', 'connection-unknown'],
  }),
  pause: defineContract({
    name: 'syncs pause',
    summary: 'Pause the schedules of syncs; what runs ends at its next checkpoint',
    method: 'POST',
    path: '/sync/pause',
    scope: 'syncs:write',
    input: asked,
    output: done,
    failures: ['sync-unknown', 'connection-unknown'],
  }),
  trigger: defineContract({
    name: 'syncs trigger',
    summary: 'Run syncs once more, from where they are or from the beginning',
    method: 'POST',
    path: '/sync/trigger',
    scope: 'syncs:write',
    input: {
      ...asked,
      mode: inBody(
        'sync_mode',
        z.enum(modes).optional().describe('whether to begin anew, and without records'),
      ),
      anew: inBody('full_resync', z.boolean().optional().describe('the same as full_refresh')),
      options: inBody(
        'opts',
        z
          .object({ reset: z.boolean().optional(), emptyCache: z.boolean().optional() })
          .optional()
          .describe('reset begins anew, emptyCache removes the records before'),
      ),
    },
    output: done,
    failures: ['sync-unknown', 'connection-unknown'],
  }),
  status: defineContract({
    name: 'syncs status',
    summary: 'Show schedules, and what the last run of each did',
    method: 'GET',
    path: '/sync/status',
    scope: 'syncs:read',
    input: {
      integrationKey: inQuery('provider_config_key', integration),
      syncs: inQuery(
        'syncs',
        z.string().default('*').describe('names with commas between them (default: all)'),
      ),
      connectionId: inQuery('connection_id', everyConnection),
    },
    output: z.object({ syncs: z.array(status) }),
    failures: ['sync-unknown', 'connection-unknown'],
  }),
  runs: defineContract({
    name: 'syncs runs',
    summary: 'List the runs of syncs, the newest first',
    method: 'GET',
    path: '/sync/runs',
    scope: 'syncs:read',
    input: {
      integrationKey: inQuery('provider_config_key', integration.optional()),
      connectionId: inQuery('connection_id', everyConnection),
      name: inQuery('sync_name', z.string().optional().describe('only of this sync')),
      variant: inQuery('sync_variant', z.string().optional().describe('only of this variant')),
      before: inQuery(
        'before',
        z.iso.datetime({ offset: true }).optional().describe('started before this time (ISO 8601)'),
      ),
      limit: inQuery(
        'limit',
        z.coerce.number().int().min(1).max(1000).default(100).describe('how many (default 100)'),
      ),
    },
    output: z.object({ runs: z.array(run) }),
    failures: [],
  }),
  setFrequency: defineContract({
    name: 'syncs set-frequency',
    summary: 'Give a connection its own frequency of a sync, or take it away',
    method: 'PUT',
    path: '/sync/update-connection-frequency',
    scope: 'syncs:write',
    input: {
      integrationKey: inBody('provider_config_key', integration),
      connectionId: inBody('connection_id', connection),
      name: inBody('sync_name', z.string().min(1).describe('name of the sync')),
      variant: inBody(
        'sync_variant',
        z.string().min(1).default('base').describe('variant of the sync (default: base)'),
      ),
      frequency: inBody(
        'frequency',
        z
          .string()
          .nullable()
          .default(null)
          .describe('such as "every 5m" (default: that of the deployed sync)'),
      ),
    },
    output: z.object({ frequency: z.string() }),
    failures: ['sync-unknown', 'sync-invalid'],
  }),
  addVariant: defineContract({
    name: 'syncs add-variant',
    summary: 'Run a sync of a connection once more beside itself, with records of its own',
    method: 'POST',
    path: '/sync/:name/variant/:variant',
    scope: 'syncs:write',
    input: variantOf,
    output: z.object({ id: z.string(), name: z.string(), variant: z.string() }),
    failures: ['sync-unknown', 'sync-invalid'],
  }),
  removeVariant: defineContract({
    name: 'syncs remove-variant',
    summary: 'Remove a variant of a sync from a connection',
    method: 'DELETE',
    path: '/sync/:name/variant/:variant',
    scope: 'syncs:write',
    input: variantOf,
    output: done,
    failures: ['sync-unknown', 'sync-invalid'],
  }),
}
