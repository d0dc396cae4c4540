import { z } from 'zod'
import { environmentSchema } from '../connection.js'
import { manifestVersion } from '../manifest.js'
import { defineContract, inBody, inPath, inQuery } from './contract.js'

/** Functions of one deployment. */
export const mostDeployedFunctions = 20_000
/** Characters of one bundle: what a runner can be handed with room to spare. */
export const largestBundle = 4 * 1024 * 1024

const hash = z.string().regex(/^[0-9a-f]{64}$/)
const integrationKey = z.string().regex(/^[a-z0-9][a-z0-9_.-]{0,199}$/i)
const kind = z.enum(['action', 'sync', 'on-event'])

/** What a manifest says about a function and what a server believes of it: names, and hashes that it checks. */
const sentFunction = z.object({
  integration: integrationKey,
  kind,
  name: z.string().regex(/^[\w][\w.-]{0,199}$/),
  file: z
    .string()
    .min(1)
    .max(500)
    .regex(/^\P{Cc}*$/u),
  sourceHash: hash,
  bundleHash: hash,
  linkedAs: z.array(integrationKey).max(1000).default([]),
})

/** A manifest as `plumb compile` leaves it; what else it says is not looked at. */
export const sentManifestSchema = z.object({
  version: z.literal(manifestVersion),
  functions: z.array(sentFunction).max(mostDeployedFunctions),
})

export const allowanceSchema = z.strictObject({
  credentials: z.boolean().default(false),
  uncontrolledFetch: z.boolean().default(false),
})

const changeShown = z.object({
  provider_config_key: z.string(),
  kind,
  name: z.string(),
  change: z.enum(['added', 'changed', 'removed']),
  /** Products that rely on the function may break. */
  destructive: z.boolean(),
  details: z.array(z.object({ text: z.string(), destructive: z.boolean() })),
})

const deployment = z.object({
  id: z.string(),
  number: z.number().int(),
  state: z.enum(['live', 'superseded']),
  created_at: z.string(),
  created_by: z.string(),
  message: z.string().nullable(),
  restored_from: z.string().nullable(),
  superseded_at: z.string().nullable(),
})

const effect = {
  changes: z.array(changeShown),
  /** Integrations that are created from the provider of their name. */
  new_integrations: z.array(z.string()),
  warnings: z.array(z.string()),
}

const whose = environmentSchema
  .optional()
  .describe('the environment that is meant; refuses when the key opens another')
const environment = inBody('environment', whose)

const project = {
  environment,
  manifest: inBody('manifest', sentManifestSchema.describe('manifest.json of the project')),
  integrationKey: inBody(
    'provider_config_key',
    integrationKey.optional().describe('replaces the functions of this integration alone'),
  ),
  allow: inBody(
    'allow',
    allowanceSchema.prefault({}).describe('what plumb.config.ts allows the functions'),
  ),
}

const id = inPath(
  'id',
  z.string().describe('id of the deployment, as `plumb deployments list` shows it'),
)

/** What runs in an environment: its versions, and how one takes the place of another. */
export const deploymentContracts = {
  list: defineContract({
    name: 'deployments list',
    summary: 'List the deployments that are kept, the newest first',
    method: 'GET',
    path: '/deployments',
    scope: 'deployments:read',
    input: { environment: inQuery('environment', whose) },
    output: z.object({
      deployments: z.array(deployment.extend({ functions: z.number().int() })),
    }),
    failures: ['environment-unknown'],
  }),
  get: defineContract({
    name: 'deployments get',
    summary: 'Show a deployment with its functions',
    method: 'GET',
    path: '/deployments/:id',
    scope: 'deployments:read',
    input: { id },
    output: deployment.extend({
      functions: z.array(
        z.object({
          provider_config_key: z.string(),
          kind,
          name: z.string(),
          file: z.string(),
          source_hash: z.string(),
          bundle_hash: z.string(),
          allow: allowanceSchema,
          description: z.string(),
          frequency: z.string().nullable(),
          scopes: z.array(z.string()),
          models: z.array(z.string()),
        }),
      ),
    }),
    failures: ['deployment-unknown'],
  }),
  upload: defineContract({
    name: 'deployments upload',
    summary: 'Store bundles that a later deployment names by their SHA-256',
    method: 'POST',
    path: '/deployments/bundles',
    scope: 'deployments:write',
    input: {
      bundles: inBody(
        'bundles',
        z
          .array(
            z.object({ file: z.string().min(1).max(500), code: z.string().max(largestBundle) }),
          )
          .min(1)
          .max(1000)
          .describe('code, with the file it was made of for messages'),
      ),
    },
    output: z.object({ hashes: z.array(z.string()) }),
    failures: ['deployment-invalid', 'function-invalid'],
  }),
  preview: defineContract({
    name: 'deployments preview',
    summary: 'Show what a deployment would change',
    method: 'POST',
    path: '/deployments/preview',
    scope: 'deployments:write',
    input: project,
    output: z.object({
      /** Id of the live deployment, which the changes are against. */
      base: z.string().nullable(),
      /** Bundles to upload first; as long as there are any, the changes are not known. */
      missing_bundles: z.array(z.string()),
      ...effect,
    }),
    failures: ['deployment-invalid', 'environment-unknown'],
  }),
  create: defineContract({
    name: 'deployments create',
    summary: 'Deploy the functions of a project',
    method: 'POST',
    path: '/deployments',
    scope: 'deployments:write',
    input: {
      ...project,
      base: inBody(
        'base',
        z
          .string()
          .nullable()
          .optional()
          .describe('the live deployment of the preview; refuses when another is live by now'),
      ),
      message: inBody('message', z.string().max(1000).optional().describe('why it is deployed')),
      allowDestructive: inBody(
        'allow_destructive',
        z.boolean().default(false).describe('deploy although products may break'),
      ),
    },
    output: z.object({
      /** False when the live deployment has the same content: there is no new one. */
      deployed: z.boolean(),
      deployment,
      ...effect,
    }),
    failures: [
      ...(['deployment-invalid', 'deployment-refused'] as const),
      ...(['deployment-conflict', 'environment-unknown'] as const),
    ],
  }),
  rollback: defineContract({
    name: 'deployments rollback',
    summary: 'Deploy again what an earlier deployment had',
    method: 'POST',
    path: '/deployments/:id/rollback',
    scope: 'deployments:write',
    input: {
      id: inPath('id', z.string().describe('id of the deployment, or `previous`')),
      environment,
      message: inBody('message', z.string().max(1000).optional().describe('why it is rolled back')),
    },
    output: z.object({ deployed: z.boolean(), deployment, ...effect }),
    failures: ['deployment-unknown', 'deployment-conflict', 'environment-unknown'],
  }),
}
