import { z } from 'zod'
import { environmentSchema } from '../connection.js'
import { apiScopes, defineContract, inBody, inPath } from './contract.js'

const environment = z.object({ name: z.string(), created_at: z.string() })
const keyShown = z.object({
  id: z.string(),
  name: z.string(),
  scopes: z.array(z.enum(apiScopes)),
  created_at: z.string(),
  last_used_at: z.string().nullable(),
  revoked_at: z.string().nullable(),
})

/** Environments, and the secret keys that open them. */
export const environmentContracts = {
  list: defineContract({
    name: 'environments list',
    summary: 'List the environments',
    method: 'GET',
    path: '/environments',
    scope: 'environments:write',
    input: {},
    output: z.object({ environments: z.array(environment) }),
    failures: [],
  }),
  add: defineContract({
    name: 'environments add',
    summary: 'Add an environment; its first secret key is shown this once',
    method: 'POST',
    path: '/environments',
    scope: 'environments:write',
    input: {
      name: inBody('name', environmentSchema.describe('name of the environment, such as prod')),
    },
    output: environment.extend({ secret_key: z.string() }),
    status: 201,
    failures: ['environment-exists'],
  }),
}

export const keyContracts = {
  list: defineContract({
    name: 'keys list',
    summary: 'List the secret keys of the environment, without the keys themselves',
    method: 'GET',
    path: '/keys',
    scope: 'keys:write',
    input: {},
    output: z.object({ keys: z.array(keyShown) }),
    failures: [],
  }),
  create: defineContract({
    name: 'keys create',
    summary: 'Create a secret key; it is shown this once',
    method: 'POST',
    path: '/keys',
    scope: 'keys:write',
    input: {
      name: inBody('name', z.string().min(1).max(200).describe('what the key is for')),
      scopes: inBody(
        'scopes',
        z.array(z.enum(apiScopes)).min(1).default(['*']).describe('what it may do (default: all)'),
      ),
    },
    output: keyShown.extend({ secret_key: z.string() }),
    status: 201,
    failures: ['forbidden', 'environment-unknown'],
  }),
  revoke: defineContract({
    name: 'keys revoke',
    summary: 'Revoke a secret key',
    method: 'DELETE',
    path: '/keys/:id',
    scope: 'keys:write',
    input: {
      id: inPath('id', z.string().describe('id of the key, as `plumb keys list` shows it')),
    },
    output: z.object({ success: z.literal(true) }),
    failures: ['key-unknown'],
  }),
}
