import type { Fixture, FixtureEntry, Provider, Receipt } from '@plumb/protocol'
import type { RecordedAnswer, Recording } from './transport.js'

/**
 * What a replay of these receipts must serve, in their order. Probes and token refreshes are left out, and so is an
 * answer that was asked for again with a refreshed token: the function never saw it.
 */
export function recordingsFromReceipts(receipts: readonly Receipt[]): Recording[] {
  const seen = receipts.filter((receipt, index) => {
    if (receipt.purpose === 'probe' || receipt.purpose === 'refresh') return false
    return !wasAskedAgain(receipt, receipts.slice(index + 1))
  })
  return seen.map((receipt) => ({
    receiptId: receipt.id,
    startedAt: receipt.startedAt,
    request: {
      method: receipt.request.method,
      url: receipt.request.url,
      headers: receipt.request.headers,
      body: receipt.request.body,
    },
    answer: answerOf(receipt),
  }))
}

function wasAskedAgain(receipt: Receipt, later: readonly Receipt[]): boolean {
  if (later[0]?.purpose !== 'refresh') return false
  const next = later.find(({ purpose }) => purpose !== 'refresh' && purpose !== 'probe')
  return (
    next !== undefined &&
    next.executionId === receipt.executionId &&
    next.request.method === receipt.request.method &&
    next.request.url === receipt.request.url &&
    next.request.body?.sha256 === receipt.request.body?.sha256
  )
}

function answerOf({ response, failure }: Receipt): RecordedAnswer {
  if (response !== null) {
    const { status, headers, body } = response
    return { kind: 'response', status, headers, body: { encoding: body.encoding, text: body.text } }
  }
  return { kind: 'failure', ...(failure ?? { code: 'network', message: 'no answer was recorded' }) }
}

/** What a replay of a fixture must serve. An entry without `request` answers any request to its endpoint. */
export function recordingsFromFixture(fixture: Fixture, provider: Provider): Recording[] {
  const recordings: Recording[] = []
  for (const [method, endpoints] of Object.entries(fixture.api ?? {})) {
    for (const [endpoint, entries] of Object.entries(endpoints)) {
      for (const entry of Array.isArray(entries) ? entries : [entries]) {
        recordings.push(fromEntry({ method, endpoint, entry, provider }))
      }
    }
  }
  return recordings
}

function fromEntry(o: {
  readonly method: string
  readonly endpoint: string
  readonly entry: FixtureEntry
  readonly provider: Provider
}): Recording {
  const { entry } = o
  const { request } = entry
  return {
    receiptId: entry.receipt ?? null,
    startedAt: null,
    request: {
      method: o.method.toUpperCase(),
      url: withParams(relativeTo(o.provider, o.endpoint), request?.params ?? {}),
      headers: request === undefined ? null : (request.headers ?? {}),
      body: request === undefined ? 'any' : bodyOf(request.data),
    },
    answer: {
      kind: 'response',
      status: entry.status,
      headers: headersOf(entry),
      body: responseBody(entry),
    },
  }
}

/** Fixtures name endpoints with or without the base URL in front. */
function relativeTo(provider: Provider, endpoint: string): string {
  const { baseUrl } = provider.proxy
  return endpoint.startsWith(`${baseUrl}/`) ? endpoint.slice(baseUrl.length) : endpoint
}

function withParams(endpoint: string, params: Readonly<Record<string, unknown>>): string {
  const query = Object.entries(params)
    .filter(([, value]) => value !== undefined && value !== null)
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(paramText(value))}`)
  if (query.length === 0) return endpoint
  return `${endpoint}${endpoint.includes('?') ? '&' : '?'}${query.join('&')}`
}

function paramText(value: unknown): string {
  if (Array.isArray(value)) return value.map(paramText).join(',')
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '')
}

type RecordedBody = { readonly encoding: 'utf8' | 'base64'; readonly text: string }

function bodyOf(data: unknown): RecordedBody | null {
  if (data === undefined || data === null) return null
  return binary(data) ?? { encoding: 'utf8', text: typeof data === 'string' ? data : json(data) }
}

function headersOf(entry: FixtureEntry): Record<string, string> {
  const headers = Object.fromEntries(
    Object.entries(entry.headers).map(([name, value]) => [name.toLowerCase(), value]),
  )
  const isJson = typeof entry.response !== 'string' && binary(entry.response) === null
  if (isJson) headers['content-type'] ??= 'application/json'
  return headers
}

function responseBody(entry: FixtureEntry): RecordedBody {
  const { response } = entry
  if (response === undefined) return { encoding: 'utf8', text: '' }
  const isJson = /json/.test(headersOf(entry)['content-type'] ?? '')
  if (typeof response === 'string' && !isJson) return { encoding: 'utf8', text: response }
  return binary(response) ?? { encoding: 'utf8', text: json(response) }
}

/** Bytes that are no text are kept as `{ "$base64": "..." }`. */
function binary(value: unknown): RecordedBody | null {
  if (typeof value !== 'object' || value === null || !('$base64' in value)) return null
  const text = value.$base64
  return typeof text === 'string' ? { encoding: 'base64', text } : null
}

function json(value: unknown): string {
  return JSON.stringify(value) ?? ''
}
