import type { Fixture, FixtureEntry, Provider } from '@plumb/protocol'
import type { Recording } from './recording.js'

/** What a replay of a fixture must serve. An entry without `request` answers any request to its endpoint. */
export function recordingsFromFixture(fixture: Fixture, provider: Provider | null): Recording[] {
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
  readonly provider: Provider | null
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
function relativeTo(provider: Provider | null, endpoint: string): string {
  if (provider === null) return endpoint
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

/** The bodies of long requests are recorded as `sha1:` and their hash. */
const hashed = /^sha1:([0-9a-f]{40})$/

function bodyOf(data: unknown): RecordedBody | { readonly sha1: string } | null {
  if (data === undefined || data === null) return null
  const hash = typeof data === 'string' ? hashed.exec(data)?.[1] : undefined
  if (hash !== undefined) return { sha1: hash }
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
