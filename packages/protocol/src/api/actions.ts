import { z } from 'zod'
import { defineContract, inBody, inHeader, inPath } from './contract.js'

const yes = z.enum(['true', 'false', '1', '0'])

/** Actions: run now, or later. */
export const actionContracts = {
  trigger: defineContract({
    name: 'actions trigger',
    summary: 'Run an action of a connection; its output is the answer',
    method: 'POST',
    path: '/action/trigger',
    scope: 'actions:run',
    input: {
      connectionId: inHeader('Connection-Id', z.string().min(1).describe('whose account')),
      integrationKey: inHeader('Provider-Config-Key', z.string().min(1).describe('integration')),
      action: inBody('action_name', z.string().min(1).describe('name of the action')),
      input: inBody('input', z.unknown().optional().describe('what the action takes')),
      idempotencyKey: inHeader(
        'Idempotency-Key',
        z
          .string()
          .min(1)
          .max(255)
          .optional()
          .describe('requests with the same key are answered once'),
      ),
      later: inHeader(
        'X-Async',
        yes.optional().describe('`true` answers at once with an id, and runs it later'),
      ),
      maxRetries: inHeader(
        'X-Max-Retries',
        z.coerce.number().int().min(0).max(10).optional().describe('of an action that runs later'),
      ),
    },
    output: z.unknown(),
    failures: [
      'connection-unknown',
      'function-not-found',
      'action-failed',
      'action-provider-failed',
      'action-timed-out',
      'action-crashed',
      'action-interrupted',
      'output-invalid',
      'access-lost',
      'idempotency-conflict',
      'idempotency-in-progress',
    ],
  }),
  result: defineContract({
    name: 'actions result',
    summary: 'The output of an action that was triggered with X-Async',
    method: 'GET',
    path: '/action/:id',
    scope: 'actions:run',
    input: { id: inPath('id', z.string().describe('id that the trigger answered')) },
    output: z.unknown(),
    failures: ['action-unknown', 'action-pending', 'action-failed', 'action-interrupted'],
  }),
}
