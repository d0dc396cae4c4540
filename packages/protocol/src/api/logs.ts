import { z } from 'zod'
import { defineContract, inPath, inQuery } from './contract.js'

const kinds = z.enum(['action', 'sync', 'proxy', 'auth', 'on-event', 'deploy'])
const states = z.enum(['running', 'success', 'failed', 'cancelled', 'paused'])
const levels = z.enum(['debug', 'info', 'warn', 'error'])
const time = z.iso.datetime({ offset: true })
const limit = z.coerce.number().int().min(1).max(1000)

const operation = z.object({
  id: z.string(),
  kind: z.string(),
  provider_config_key: z.string().nullable(),
  connection_id: z.string().nullable(),
  name: z.string().nullable(),
  state: z.string(),
  error: z.object({ code: z.string(), message: z.string(), remedy: z.string() }).nullable(),
  started_at: z.string(),
  finished_at: z.string().nullable(),
})
const message = z.object({
  at: z.string(),
  level: z.string(),
  text: z.string(),
  details: z.unknown(),
})

/** What was done, and what was told while doing it. */
export const logContracts = {
  list: defineContract({
    name: 'logs list',
    summary: 'List operations, newest first',
    method: 'GET',
    path: '/logs',
    scope: 'logs:read',
    input: {
      kind: inQuery('kind', kinds.optional().describe('kind of operation')),
      integrationKey: inQuery('provider_config_key', z.string().optional().describe('integration')),
      connectionId: inQuery('connection_id', z.string().optional().describe('connection')),
      name: inQuery('name', z.string().optional().describe('name of the function')),
      state: inQuery('state', states.optional().describe('how it ended, or running')),
      from: inQuery('from', time.optional().describe('started at or after this time')),
      to: inQuery('to', time.optional().describe('started before this time')),
      text: inQuery(
        'text',
        z.string().max(500).optional().describe('words that one of its messages has'),
      ),
      cursor: inQuery('cursor', z.string().optional().describe('`next_cursor` of the page before')),
      limit: inQuery('limit', limit.default(50).describe('operations of a page (default: 50)')),
    },
    output: z.object({ operations: z.array(operation), next_cursor: z.string().nullable() }),
    failures: [],
  }),
  get: defineContract({
    name: 'logs get',
    summary: 'Show an operation with its messages',
    method: 'GET',
    path: '/logs/:id',
    scope: 'logs:read',
    input: {
      id: inPath('id', z.string().describe('id of the operation')),
      levels: inQuery('level', z.array(levels).optional().describe('messages of these levels')),
      text: inQuery('text', z.string().max(500).optional().describe('words a message has')),
      cursor: inQuery('cursor', z.string().optional().describe('`next_cursor` of the page before')),
      limit: inQuery('limit', limit.default(100).describe('messages of a page (default: 100)')),
    },
    output: z.object({
      operation,
      messages: z.array(message),
      next_cursor: z.string().nullable(),
    }),
    failures: ['operation-unknown'],
  }),
}
