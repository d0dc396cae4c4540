import type { Connection, Provider, ProviderCall, ProviderRequest } from '@plumb/protocol'
import type { ConnectionGateway, GatewayAnswer } from '../../gateway/connection-gateway.js'

/** The account of a memory gateway. */
export const connection: Connection = {
  environment: 'dev',
  integrationKey: 'example',
  connectionId: 'c1',
  provider: 'example',
  state: 'ok',
  connectionConfig: { subdomain: 'acme' },
  metadata: { region: 'eu' },
  createdAt: '2026-01-01T00:00:00.000Z',
  updatedAt: '2026-01-01T00:00:00.000Z',
}

/** A gateway that answers from a function; what it was asked stays in `requests`. */
export function memoryGateway(
  answer: (request: ProviderRequest) => unknown,
  o: Partial<ConnectionGateway> = {},
): ConnectionGateway & { requests: ProviderRequest[] } {
  const calls: ProviderCall[] = []
  const requests: ProviderRequest[] = []
  return {
    requests,
    connection,
    provider: { name: 'example' } as Provider,
    pagination: {
      type: 'cursor',
      cursor_name_in_request: 'after',
      cursor_path_in_response: 'next',
      response_path: 'items',
    },
    calls,
    check: async () => ({ kind: 'unchecked' }),
    ...o,
    request: async (request): Promise<GatewayAnswer> => {
      requests.push(request)
      const data = answer(request)
      if (isAnswer(data)) return data
      const { method, endpoint: url } = request
      const call = { receiptId: null, method, url, status: 200, durationMs: 1, write: false }
      calls.push(call)
      const headers = { 'content-type': 'application/json' }
      const body = { encoding: 'utf8', text: JSON.stringify(data) } as const
      return { kind: 'answered', response: { status: 200, headers, body }, call }
    },
  }
}

function isAnswer(value: unknown): value is GatewayAnswer {
  return typeof value === 'object' && value !== null && 'kind' in value
}

/** An action with the given body. */
export const action = (body: string) => `
  const { createAction } = require('nango'); const z = require('zod')
  module.exports.default = createAction({ description: 'd', input: z.unknown(), output: z.unknown(),
    exec: async (ctx, input) => { ${body} } })`

/** A sync of one model with the given body, and possibly further members. */
export const sync = (body: string, more = '') => `
  const { createSync } = require('nango'); const z = require('zod')
  module.exports.default = createSync({ description: 'd', frequency: 'every hour',
    models: { Item: z.object({ id: z.string(), name: z.string() }) }, checkpoint: z.object({ at: z.string() }),
    exec: async (ctx) => { ${body} },
    ${more} })`
