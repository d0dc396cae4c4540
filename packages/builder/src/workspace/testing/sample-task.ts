import { briefSchema, providerSchema } from '@plumb/protocol'
import type { ApiDescription, Operation } from '@plumb/protocol'
import type { BoxActions } from '../box-actions.js'
import type { Task } from '../task.js'

const operation: Operation = {
  id: 'notes.create',
  method: 'POST',
  path: '/notes',
  summary: 'Creates a note',
  description: 'Creates a note',
  tags: [],
  deprecated: false,
  scopes: [],
  parameters: [],
  requestBody: {
    contentType: 'application/json',
    required: true,
    schema: { type: 'object', properties: { text: { type: 'string' } } },
  },
  responses: [],
  pagination: null,
  incrementalParameter: null,
  docs: null,
}

const description: ApiDescription = {
  title: 'Notes',
  version: '1',
  baseUrl: 'https://notes.example/v1',
  operations: [operation],
  schemas: {},
}

/** A small task that names nothing real. */
export function sampleTask(): Omit<Task, 'namespace'> {
  const brief = briefSchema.parse({
    provider: 'notes',
    connection: { integration: 'notes', id: 'test' },
    notes: 'The account is empty.',
    docs: ['https://notes.example/docs'],
    interactions: [
      {
        id: 'create-note',
        description: 'Create a note with a text',
        input: { text: 'string' },
        output: { id: 'string' },
        writes: true,
        expectedStatuses: [409],
      },
    ],
  })
  const provider = providerSchema.parse({
    name: 'notes',
    displayName: 'Notes',
    auth: { mode: 'bearer' },
    proxy: { baseUrl: 'https://notes.example/v1' },
  })
  const [interaction] = brief.interactions
  if (interaction === undefined) throw new Error('The sample brief has no interaction.')
  const draft = {
    kind: 'action' as const,
    operation,
    alternatives: [],
    source: 'export default null\n',
    openQuestions: ['Is text required?'],
  }
  return { brief, interaction, provider, description, draft }
}

/** Actions that answer with what they were asked; a test replaces the one that it is about. */
export function sampleActions(replaced: Partial<BoxActions> = {}): BoxActions {
  return {
    searchDocs: async ({ words }) => ({
      operations: [{ id: words.join('+'), method: 'GET', path: '/', summary: '' }],
      total: 1,
    }),
    showDoc: async (operationId) => ({ id: operationId }),
    request: async ({ method, endpoint, query, headers, body }) => ({
      kind: 'answered',
      status: 200,
      headers: {},
      body: {
        method,
        endpoint,
        query: query.map((pair) => [...pair]),
        headers,
        body: body ?? null,
      },
      receiptId: 'rcp_1',
    }),
    draft: async ({ operationId, kind }) => ({
      kind: kind ?? 'action',
      operation: operationId,
      alternatives: [],
      confidence: 1,
      openQuestions: [],
      source: '',
    }),
    dryrun: async ({ input }) => ({
      executionId: 'exe_1',
      ok: input !== undefined,
      outcome: { kind: 'returned', output: input ?? null },
      calls: [],
      records: {},
      endCheckpoint: null,
      logs: [],
      validation: null,
    }),
    check: async () => ({ ok: true, findings: [] }),
    submit: async (operations) =>
      operations.includes('notes.create')
        ? { kind: 'submitted', hash: 'abc' }
        : { kind: 'refused', reason: 'Not checked.', remedy: 'Run plumb check.' },
    blocked: async () => {},
    ...replaced,
  }
}
