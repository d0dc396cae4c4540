import { z } from 'zod'
import { connectionStateSchema, endUserSchema } from '../connection.js'
import { defineContract, inBody, inPath, inQuery } from './contract.js'

const connectionId = inPath('connectionId', z.string().describe('your name for the account'))
const integrationKey = inQuery('provider_config_key', z.string().describe('key of the integration'))
const tags = z.record(z.string(), z.string())
const metadata = z.record(z.string(), z.json())
const config = z.record(z.string(), z.unknown())

const endUserShown = z.object({
  id: z.string(),
  display_name: z.string().nullable(),
  email: z.string().nullable(),
  tags: tags.nullable(),
  organization: z.object({ id: z.string(), display_name: z.string().nullable() }).nullable(),
})

const connectionShown = z.object({
  id: z.number().int(),
  connection_id: z.string(),
  provider_config_key: z.string(),
  provider: z.string(),
  created: z.string(),
  metadata: config.nullable(),
  errors: z.array(
    z.object({ type: z.string(), log_id: z.string(), code: z.string(), message: z.string() }),
  ),
  end_user: endUserShown.nullable(),
  tags,
  state: connectionStateSchema,
})

const connectionFull = connectionShown.omit({ created: true }).extend({
  created_at: z.string(),
  updated_at: z.string(),
  last_fetched_at: z.string().nullable(),
  connection_config: z.record(z.string(), z.string()),
  /** Only for keys with the scope `connections:credentials`. */
  credentials: config.optional(),
  /** Where it was asked for, of a connection that does not work any more, for keys that may open connect sessions. */
  reconnect_link: z.string().optional(),
})

const check = z.object({
  kind: z.string(),
  message: z.string().nullable(),
})

const metadataInput = {
  connectionId: inBody(
    'connection_id',
    z.union([z.string(), z.array(z.string()).min(1).max(1000)]).describe('one account, or several'),
  ),
  integrationKey: inBody('provider_config_key', z.string().describe('key of the integration')),
  metadata: inBody('metadata', metadata.describe('members to be stored')),
}
const metadataOutput = z.object({
  connection_id: z.union([z.string(), z.array(z.string())]),
  provider_config_key: z.string(),
  metadata,
})

/** Customers' accounts. */
export const connectionContracts = {
  list: defineContract({
    name: 'connections list',
    summary: 'List connections, newest first, without credentials',
    method: 'GET',
    path: '/connections',
    scope: 'connections:read',
    input: {
      integrationKeys: inQuery(
        'integrationId',
        z.array(z.string()).optional().describe('only those of these integrations'),
      ),
      connectionId: inQuery('connectionId', z.string().optional().describe('only of this id')),
      search: inQuery(
        'search',
        z.string().max(300).optional().describe("part of an id, or of an end user's name"),
      ),
      endUserId: inQuery('endUserId', z.string().optional().describe('only of this end user')),
      organizationId: inQuery(
        'endUserOrganizationId',
        z.string().optional().describe("only of this organisation's end users"),
      ),
      tags: inQuery('tags', tags.optional().describe('only those with all of these tags')),
      limit: inQuery(
        'limit',
        z.number().int().min(1).max(10_000).default(1000).describe('how many at most'),
      ),
      page: inQuery('page', z.number().int().min(0).max(1_000_000).optional().describe('from 0')),
      cursor: inQuery('cursor', z.string().optional().describe('`next_cursor` of the page before')),
    },
    output: z.object({
      connections: z.array(connectionShown),
      next_cursor: z.string().nullable(),
    }),
    failures: [],
  }),
  get: defineContract({
    name: 'connections get',
    summary: 'Show a connection, with its credential when the key may read it',
    method: 'GET',
    path: '/connections/:connectionId',
    scope: 'connections:read',
    input: {
      connectionId,
      integrationKey,
      forceRefresh: inQuery(
        'force_refresh',
        z.boolean().default(false).describe('renew its token first'),
      ),
      refreshToken: inQuery(
        'refresh_token',
        z.boolean().default(false).describe('show the refresh token too'),
      ),
      forceAppToken: inQuery(
        'refresh_github_app_jwt_token',
        z.boolean().default(false).describe('renew the token of an app installation first'),
      ),
      credentials: inQuery(
        'credentials',
        z.boolean().default(true).describe('whether the credential is shown'),
      ),
      reconnectLink: inQuery(
        'reconnect_link',
        z
          .boolean()
          .default(false)
          .describe('open a connect session when it has to be reconnected, without credentials'),
      ),
    },
    output: connectionFull,
    failures: ['connection-unknown', 'credential-refresh-failed', 'access-lost'],
  }),
  import: defineContract({
    name: 'connections import',
    summary: 'Store an account whose credential you have already',
    method: 'POST',
    path: '/connections',
    scope: 'connections:write',
    input: {
      connectionId: inBody(
        'connection_id',
        z.string().optional().describe('your name for the account (default: a new one)'),
      ),
      integrationKey: inBody('provider_config_key', z.string().describe('key of the integration')),
      credentials: inBody('credentials', config.describe('with its "type"')),
      connectionConfig: inBody(
        'connection_config',
        config.optional().describe('values that the provider entry asks for'),
      ),
      metadata: inBody('metadata', metadata.optional().describe('yours, for functions to read')),
      endUser: inBody('end_user', endUserSchema.optional().describe('whose account it is')),
      tags: inBody('tags', tags.optional().describe('yours, to find it by')),
    },
    output: connectionFull,
    status: 201,
    failures: ['connection-invalid', 'connection-unknown', 'account-refused'],
  }),
  update: defineContract({
    name: 'connections update',
    summary: 'Change whose a connection is, or its tags',
    method: 'PATCH',
    path: '/connections/:connectionId',
    scope: 'connections:write',
    input: {
      connectionId,
      integrationKey,
      endUser: inBody('end_user', endUserSchema.optional().describe('whose account it is')),
      tags: inBody('tags', tags.optional().describe('instead of those it has')),
    },
    output: z.object({ success: z.literal(true) }),
    failures: ['connection-unknown'],
  }),
  delete: defineContract({
    name: 'connections delete',
    summary: 'Delete a connection, and give its tokens back to the provider',
    method: 'DELETE',
    path: '/connections/:connectionId',
    scope: 'connections:write',
    input: { connectionId, integrationKey },
    output: z.object({
      success: z.literal(true),
      /** `revoked`, `not-offered` by the provider, or `failed` there. */
      revocation: z.enum(['revoked', 'not-offered', 'failed']),
    }),
    failures: ['connection-unknown'],
  }),
  check: defineContract({
    name: 'connections check',
    summary: 'Ask the provider whether a connection still works',
    method: 'POST',
    path: '/connections/:connectionId/check',
    scope: 'connections:read',
    input: { connectionId, integrationKey },
    output: check,
    failures: ['connection-unknown'],
  }),
  setMetadata: defineContract({
    name: 'connections set-metadata',
    summary: 'Replace the metadata of connections',
    method: 'POST',
    path: '/connections/metadata',
    scope: 'connections:write',
    input: metadataInput,
    output: metadataOutput,
    status: 201,
    failures: ['connection-unknown'],
  }),
  updateMetadata: defineContract({
    name: 'connections update-metadata',
    summary: 'Merge members into the metadata of connections',
    method: 'PATCH',
    path: '/connections/metadata',
    scope: 'connections:write',
    input: metadataInput,
    output: metadataOutput,
    failures: ['connection-unknown'],
  }),
} as const
