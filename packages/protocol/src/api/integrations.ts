import { z } from 'zod'
import { defineContract, inBody, inPath, inQuery } from './contract.js'

const integrationKey = inPath('uniqueKey', z.string().describe('key of the integration'))

const credentialsShown = z.object({
  type: z.string(),
  client_id: z.string().nullish(),
  client_secret: z.string().nullish(),
  scopes: z.string().nullish(),
  webhook_secret: z.string().nullish(),
  app_id: z.string().nullish(),
  private_key: z.string().nullish(),
  app_link: z.string().nullish(),
})

const integrationShown = z.object({
  unique_key: z.string(),
  provider: z.string(),
  display_name: z.string(),
  logo: z.string(),
  forward_webhooks: z.boolean(),
  created_at: z.string(),
  updated_at: z.string(),
  webhook_url: z.string().nullish(),
  credentials: credentialsShown.nullish(),
})

const credentials = z.object({
  type: z.string(),
  client_id: z.string().min(1).optional(),
  client_secret: z.string().min(1).optional(),
  scopes: z.string().optional(),
  app_id: z.string().min(1).optional(),
  app_link: z.string().optional(),
  private_key: z.string().min(1).optional(),
})

const settings = {
  displayName: inBody(
    'display_name',
    z.string().min(1).max(255).optional().describe('name for people'),
  ),
  credentials: inBody(
    'credentials',
    credentials.optional().describe('the client or the app at the provider'),
  ),
  forwardWebhooks: inBody(
    'forward_webhooks',
    z.boolean().optional().describe('whether webhooks of the provider are handed on'),
  ),
  baseUrl: inBody('base_url', z.string().optional().describe("instead of the provider's")),
  tokenUrl: inBody('token_url', z.string().optional().describe("instead of the provider's")),
}

const one = z.object({ data: integrationShown })

/** Configured providers of an environment. */
export const integrationContracts = {
  list: defineContract({
    name: 'integrations list',
    summary: 'List the integrations, without secrets',
    method: 'GET',
    path: '/integrations',
    scope: 'integrations:read',
    input: {},
    output: z.object({ data: z.array(integrationShown) }),
    failures: [],
  }),
  get: defineContract({
    name: 'integrations get',
    summary: 'Show an integration',
    method: 'GET',
    path: '/integrations/:uniqueKey',
    scope: 'integrations:read',
    input: {
      integrationKey,
      include: inQuery(
        'include',
        z
          .array(z.enum(['webhook', 'credentials']))
          .default([])
          .describe('credentials needs the scope connections:credentials'),
      ),
    },
    output: one,
    failures: ['connection-unknown', 'forbidden'],
  }),
  create: defineContract({
    name: 'integrations create',
    summary: 'Configure a provider',
    method: 'POST',
    path: '/integrations',
    scope: 'integrations:write',
    input: {
      provider: inBody('provider', z.string().describe('name in the catalog')),
      integrationKey: inBody('unique_key', z.string().describe('your name for it')),
      ...settings,
    },
    output: one,
    failures: ['integration-exists', 'provider-unknown', 'connection-invalid'],
  }),
  update: defineContract({
    name: 'integrations update',
    summary: 'Change an integration',
    method: 'PATCH',
    path: '/integrations/:uniqueKey',
    scope: 'integrations:write',
    input: {
      integrationKey,
      newKey: inBody(
        'unique_key',
        z.string().optional().describe('another key for it, while it has no connections'),
      ),
      ...settings,
    },
    output: one,
    failures: [
      ...(['connection-unknown', 'connection-invalid'] as const),
      ...(['integration-in-use', 'integration-exists'] as const),
    ],
  }),
  delete: defineContract({
    name: 'integrations delete',
    summary: 'Delete an integration that has no connections',
    method: 'DELETE',
    path: '/integrations/:uniqueKey',
    scope: 'integrations:write',
    input: { integrationKey },
    output: z.object({ success: z.literal(true) }),
    failures: ['connection-unknown', 'integration-in-use'],
  }),
} as const

const providerShown = z.object({
  name: z.string(),
  display_name: z.string(),
  categories: z.array(z.string()),
  docs: z.string().nullable(),
  auth_mode: z.string(),
  logo_url: z.string().nullable(),
  connection_config: z.record(z.string(), z.unknown()),
  credentials: z.record(z.string(), z.unknown()),
})

/** The catalog. */
export const providerContracts = {
  list: defineContract({
    name: 'providers list',
    summary: 'List the providers of the catalog',
    method: 'GET',
    path: '/providers',
    scope: 'integrations:read',
    input: {
      search: inQuery('search', z.string().optional().describe('part of a name')),
    },
    output: z.object({ data: z.array(providerShown) }),
    failures: [],
  }),
  get: defineContract({
    name: 'providers get',
    summary: 'Show a provider of the catalog',
    method: 'GET',
    path: '/providers/:provider',
    scope: 'integrations:read',
    input: { provider: inPath('provider', z.string().describe('its name')) },
    output: z.object({ data: providerShown }),
    failures: ['provider-unknown'],
  }),
} as const
