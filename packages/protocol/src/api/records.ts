import { z } from 'zod'
import { defineContract, inBody, inHeader, inQuery } from './contract.js'

const owner = {
  integrationKey: inHeader(
    'Provider-Config-Key',
    z.string().min(1).describe('key of the integration'),
  ),
  connectionId: inHeader('Connection-Id', z.string().min(1).describe('id of the connection')),
}

const model = z.string().min(1).max(200).describe('name of the model, as the sync declares it')
const variant = z
  .string()
  .min(1)
  .max(200)
  .default('base')
  .describe('variant of the sync (default: base)')

const actions = ['added', 'updated', 'deleted', 'ADDED', 'UPDATED', 'DELETED'] as const

const metadata = z.object({
  first_seen_at: z.string(),
  last_modified_at: z.string(),
  last_action: z.enum(['ADDED', 'UPDATED', 'DELETED']),
  deleted_at: z.string().nullable(),
  pruned_at: z.string().nullable(),
  cursor: z.string(),
})

/** A payload with what is known about it, under our name and under the one that existing clients read. */
const record = z.looseObject({
  id: z.string(),
  _metadata: metadata,
  _nango_metadata: metadata,
})

/** What syncs have stored. */
export const recordContracts = {
  list: defineContract({
    name: 'records list',
    summary: 'List the records of a model in the order of their last change, deleted ones too',
    method: 'GET',
    path: '/records',
    scope: 'records:read',
    input: {
      ...owner,
      model: inQuery('model', model),
      variant: inQuery('variant', variant),
      cursor: inQuery(
        'cursor',
        z
          .string()
          .max(200)
          .optional()
          .describe('continues after it: `next_cursor`, or the `cursor` of the last record seen'),
      ),
      modifiedAfter: inQuery(
        'modified_after',
        z
          .string()
          .refine((text) => !Number.isNaN(Date.parse(text)), 'not a time')
          .optional()
          .describe('only what changed later than this time (ISO 8601)'),
      ),
      filter: inQuery(
        'filter',
        z
          .array(z.enum(actions))
          .min(1)
          .optional()
          .describe('only what was last added, updated or deleted; several of them combine'),
      ),
      ids: inQuery(
        'ids',
        z.array(z.string().min(1)).max(1000).optional().describe('only the records of these ids'),
      ),
      limit: inQuery(
        'limit',
        z.number().int().min(1).max(10_000).default(100).describe('most records to answer with'),
      ),
    },
    output: z.object({ records: z.array(record), next_cursor: z.string().nullable() }),
    failures: ['connection-unknown', 'request-invalid'],
  }),
  models: defineContract({
    name: 'records models',
    summary: 'List the models that a connection has records of, with their number',
    method: 'GET',
    path: '/records/models',
    scope: 'records:read',
    input: owner,
    output: z.object({
      models: z.array(
        z.object({
          model: z.string(),
          variant: z.string(),
          count: z.number(),
          updated_at: z.string().nullable(),
        }),
      ),
    }),
    failures: ['connection-unknown'],
  }),
  prune: defineContract({
    name: 'records prune',
    summary: 'Forget the payloads of records up to a cursor; later changes are still told',
    method: 'PATCH',
    path: '/records/prune',
    scope: 'records:write',
    input: {
      ...owner,
      model: inBody('model', model),
      variant: inBody('variant', variant),
      untilCursor: inBody(
        'until_cursor',
        z.string().max(200).describe('`cursor` of the last record whose payload is not needed'),
      ),
      limit: inBody(
        'limit',
        z.number().int().min(1).max(10_000).default(1000).describe('most records to prune'),
      ),
    },
    output: z.object({ count: z.number(), has_more: z.boolean() }),
    failures: ['connection-unknown', 'request-invalid'],
  }),
  configure: defineContract({
    name: 'records configure',
    summary: 'Choose whether payloads of the environment are stored encrypted or plain',
    method: 'PUT',
    path: '/records/settings',
    scope: 'environments:write',
    input: {
      payloads: inBody(
        'payloads',
        z
          .enum(['encrypted', 'plain'])
          .describe(
            'plain can be queried with SQL; stored records follow when they are saved again',
          ),
      ),
    },
    output: z.object({ payloads: z.enum(['encrypted', 'plain']) }),
    failures: [],
  }),
}
