import { z } from 'zod'
import { endUserSchema } from '../connection.js'
import { defineContract, inBody } from './contract.js'

const texts = z.record(z.string(), z.string())
const defaults = z.record(
  z.string(),
  z.object({
    user_scopes: z.string().optional(),
    authorization_params: texts.optional(),
    connection_config: z.record(z.string(), z.unknown()).optional(),
  }),
)

const session = z.object({
  data: z.object({
    token: z.string(),
    connect_link: z.string(),
    expires_at: z.string(),
  }),
})

const members = {
  endUser: inBody('end_user', endUserSchema.optional().describe('whose accounts they will be')),
  organization: inBody(
    'organization',
    endUserSchema.shape.organization.describe('whom the end user belongs to'),
  ),
  tags: inBody('tags', texts.optional().describe('for the connections that come of it')),
  defaults: inBody(
    'integrations_config_defaults',
    defaults.optional().describe('by integration: what people are not asked for'),
  ),
  overrides: inBody(
    'overrides',
    z
      .record(z.string(), z.object({ docs_connect: z.string().optional() }))
      .optional()
      .describe('by integration: where its page leads for help'),
  ),
}

/** Permission for a person to connect accounts. */
export const connectContracts = {
  createSession: defineContract({
    name: 'connect create-session',
    summary: 'Open a session in which a person may connect accounts, for 30 minutes',
    method: 'POST',
    path: '/connect/sessions',
    scope: 'connect:write',
    input: {
      ...members,
      allowedIntegrations: inBody(
        'allowed_integrations',
        z.array(z.string()).min(1).optional().describe('only these integrations'),
      ),
    },
    output: session,
    status: 201,
    failures: ['input-invalid'],
  }),
  createReconnectSession: defineContract({
    name: 'connect create-reconnect-session',
    summary: 'Open a session in which a person authorises an existing connection again',
    method: 'POST',
    path: '/connect/sessions/reconnect',
    scope: 'connect:write',
    input: {
      ...members,
      connectionId: inBody('connection_id', z.string().describe('the connection')),
      integrationKey: inBody('integration_id', z.string().describe('key of its integration')),
    },
    output: session,
    status: 201,
    failures: ['connection-unknown'],
  }),
} as const
