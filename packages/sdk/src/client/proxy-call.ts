import type { FetchBody, WireCall } from './wire-call.js'

/** A call to a provider through the server's proxy. */
export type ProxyCall = {
  readonly integrationKey: string
  readonly connectionId: string
  /** Below the provider's base URL, such as `/user/repos`. */
  readonly endpoint: string
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'HEAD'
  readonly query?: Readonly<Record<string, string | number | boolean | readonly string[]>>
  /** Sent to the provider. */
  readonly headers?: Readonly<Record<string, string>>
  /** An object is sent as JSON; a text, bytes and a stream as they are. */
  readonly body?: unknown
  /** How often the server tries again when the provider is busy; it decides by itself without this. */
  readonly retries?: number
  readonly signal?: AbortSignal
}

/** Marks headers that are meant for the provider. */
const forwarded = 'nango-proxy-'
/** These mean the same to the server and to the provider. */
const plain = /^(content-type|accept|user-agent)$/

export function proxyRequest(call: ProxyCall): WireCall {
  const { integrationKey, connectionId, endpoint, method = 'GET', retries, signal } = call
  const body = bodyOf(call.body)
  const headers = {
    ...(body.json && { 'content-type': 'application/json' }),
    ...forwardedHeaders(call.headers ?? {}),
    'connection-id': connectionId,
    'provider-config-key': integrationKey,
    ...(retries !== undefined && { retries: String(retries) }),
  }
  return {
    ...{ method, headers, body: body.value, idempotent: /^(GET|HEAD)$/.test(method) },
    path: `/proxy/${endpoint.replace(/^\/+/, '')}${queryOf(call)}`,
    ...(signal && { signal }),
  }
}

function forwardedHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  const entries = Object.entries(headers).map(([name, value]) => {
    const lower = name.toLowerCase()
    return [plain.test(lower) ? lower : forwarded + lower, value]
  })
  return Object.fromEntries(entries) as Record<string, string>
}

function bodyOf(body: unknown): { readonly json: boolean; readonly value: FetchBody | null } {
  if (body === undefined || body === null) return { json: false, value: null }
  if (isSentAsItIs(body)) return { json: false, value: body }
  return { json: true, value: JSON.stringify(body) }
}

function isSentAsItIs(body: unknown): body is FetchBody {
  return (
    typeof body === 'string' ||
    body instanceof ArrayBuffer ||
    ArrayBuffer.isView(body) ||
    body instanceof ReadableStream ||
    body instanceof URLSearchParams ||
    body instanceof FormData ||
    body instanceof Blob
  )
}

function queryOf({ endpoint, query = {} }: ProxyCall): string {
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) {
    for (const one of Array.isArray(value) ? value : [value]) search.append(name, String(one))
  }
  const text = search.toString()
  if (text === '') return ''
  return (endpoint.includes('?') ? '&' : '?') + text
}
