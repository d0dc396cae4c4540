import { PlumbError, providerRequestSchema } from '@plumb/protocol'
import type { Json, ProviderRequest, ProviderResponse } from '@plumb/protocol'
import type { BoxHttpAnswer, BoxHttpRequest } from '../workspace/box-actions.js'
import { loseAccess } from './lose-access.js'
import type { DeskState } from './desk-state.js'
import type { DeskTools } from './desk-tools.js'

/** `plumb request`: one call of the agent's own, with its receipt. */
export async function explore(
  tools: DeskTools,
  state: DeskState,
  { request, signal }: { request: BoxHttpRequest; signal: AbortSignal },
): Promise<BoxHttpAnswer> {
  const client = await tools.gateway.forConnection({
    integrationKey: tools.brief.connection.integration,
    connectionId: tools.brief.connection.id,
    attemptId: tools.attemptId,
    purpose: 'explore',
  })
  const answer = await client.request(toProviderRequest(request), signal)
  switch (answer.kind) {
    case 'refused':
      throw answer.error
    case 'access-lost':
      await loseAccess(tools, state, answer.cause)
      return { kind: 'access-lost', message: answer.cause.message, remedy: answer.cause.remedy }
    case 'unreachable':
      return { ...answer, receiptId: answer.call.receiptId }
    case 'answered':
      return { ...readable(answer.response), kind: 'answered', receiptId: answer.call.receiptId }
  }
}

function toProviderRequest(request: BoxHttpRequest): ProviderRequest {
  const method = providerRequestSchema.shape.method.safeParse(request.method.toUpperCase())
  if (!method.success) {
    throw new PlumbError({
      code: 'usage',
      message: `"${request.method}" is not an HTTP method.`,
      remedy: 'Use GET, POST, PUT, PATCH, DELETE, HEAD or OPTIONS.',
    })
  }
  const { text, contentType } = encodeBody(request)
  const named = Object.keys(request.headers).some((name) => name.toLowerCase() === 'content-type')
  return {
    method: method.data,
    endpoint: request.endpoint,
    headers: {
      ...request.headers,
      ...(!named && text !== null && { 'content-type': contentType }),
    },
    query: request.query.map(([name, value]) => [name, value]),
    body: text === null ? null : { encoding: 'utf8', text },
    ...once,
  }
}

const once = { retries: 2, retryOn: [], retryHeader: null, expectedStatus: [], connection: null }

function encodeBody({ body, headers }: BoxHttpRequest): {
  text: string | null
  contentType: string
} {
  const given = Object.entries(headers).find(([name]) => name.toLowerCase() === 'content-type')?.[1]
  const contentType = given ?? 'application/json'
  if (body === undefined) return { text: null, contentType }
  if (contentType.includes('form-urlencoded') && isObject(body)) {
    const pairs = Object.entries(body).map(([name, value]): [string, string] => [
      name,
      asText(value),
    ])
    return { text: new URLSearchParams(pairs).toString(), contentType }
  }
  const isText = typeof body === 'string' && !contentType.includes('json')
  return { text: isText ? body : JSON.stringify(body), contentType }
}

function isObject(value: Json): value is { readonly [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function asText(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

function readable({ status, headers, body }: ProviderResponse) {
  return { status, headers, body: parse(body.text) }
}

function parse(text: string): Json {
  try {
    return JSON.parse(text) as Json
  } catch {
    return text
  }
}
