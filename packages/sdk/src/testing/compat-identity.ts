import { createHash } from 'node:crypto'

/** The members of a request configuration that recordings are found by. */
export type CompatRequest = {
  readonly endpoint: string
  readonly method?: string
  readonly params?: unknown
  readonly headers?: unknown
  readonly data?: unknown
}

type Pair = readonly [name: string, value: unknown]

/** What recordings of the interface are found by. The order of the members is part of the hash. */
export type CompatIdentity = {
  readonly method: string
  readonly endpoint: string
  readonly params: readonly Pair[]
  readonly headers: readonly Pair[]
  readonly data?: string
}

/** Longer bodies stand in recordings as their hash. */
const longestData = 1000

/** The name of a hashed recording. */
export function identityHash(identity: CompatIdentity): string {
  return sha1(JSON.stringify(identity))
}

/** The identity in `mocks/` folders: the endpoint as written, values as given. */
export function legacyIdentity(request: CompatRequest, method: string): CompatIdentity {
  const { endpoint } = request
  const kept = membersOf(request.headers).filter(([name]) => !ownHeaders.has(name.toLowerCase()))
  return {
    method: method.toLowerCase(),
    endpoint: endpoint.startsWith('/') ? endpoint.slice(1) : endpoint,
    params: byName(membersOf(request.params)),
    headers: byName(kept),
    ...dataOf(request.data),
  }
}

/** The identity in `tests/<name>.test.json`: query and params merged, values as text. */
export function unifiedIdentity(request: CompatRequest, method: string): CompatIdentity {
  const url = parseEndpoint(request.endpoint)
  const asked = paramsOf(request.params)
  const given = new Set(asked.map(([name]) => name))
  const inQuery = [...url.searchParams].filter(([name]) => !given.has(name))
  return {
    method: method.toLowerCase(),
    endpoint: url.pathname.replace(/^\//, '').replace(/^proxy\//, ''),
    params: byName([...inQuery, ...asked]),
    headers: byName(unifiedHeaders(request.headers)),
    ...dataOf(request.data),
  }
}

/** Parameters of a recording or a request as name and text. */
export function paramsOf(params: unknown): [string, string][] {
  if (typeof params === 'string') return [...new URLSearchParams(params)]
  return membersOf(params)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => [name, textOf(value)])
}

export function textOf(value: unknown): string {
  return Array.isArray(value) ? value.map(textOf).join(',') : String(value)
}

export function byName<T extends Pair>(pairs: readonly T[]): T[] {
  return [...pairs].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
}

export function membersOf(value: unknown): [string, unknown][] {
  return value === null || value === undefined ? [] : Object.entries(value)
}

/** The body as the text that recordings hold; undefined for none. */
export function dataText(data: unknown): string | undefined {
  if (data === undefined || data === null || data === '' || data === 0 || data === false) return
  const text = plainText(data)
  return text !== undefined && text.length > longestData ? `sha1:${sha1(text)}` : text
}

function plainText(data: unknown): string | undefined {
  if (typeof data === 'string') return data
  if (Buffer.isBuffer(data)) return data.toString('base64')
  return JSON.stringify(data)
}

function dataOf(data: unknown): { data?: string } {
  const text = dataText(data)
  return text === undefined ? {} : { data: text }
}

function parseEndpoint(endpoint: string): URL {
  const absolute = /^https?:\/\//.test(endpoint)
  const path = absolute || endpoint.startsWith('/') ? endpoint : `/${endpoint}`
  try {
    return new URL(path, 'http://replay.invalid')
  } catch {
    return new URL('http://replay.invalid')
  }
}

/** What the client adds by itself. */
const ownHeaders: ReadonlySet<string> = new Set([
  'authorization',
  'user-agent',
  'accept-encoding',
  'retries',
  'host',
  'connection-id',
  'provider-config-key',
])
const moreOwnHeaders: ReadonlySet<string> = new Set([
  'accept',
  'content-length',
  'retry-on',
  'base-url-override',
  'nango-is-sync',
  'nango-is-dry-run',
  'nango-activity-log-id',
])
const defaultContentTypes: ReadonlySet<string> = new Set([
  'application/json',
  'application/x-www-form-urlencoded',
])

function unifiedHeaders(headers: unknown): [string, string][] {
  return membersOf(headers)
    .map(([name, value]): [string, string] => [name.replace(/^nango-proxy-/i, ''), String(value)])
    .filter(([name, value]) => {
      const key = name.toLowerCase()
      if (ownHeaders.has(key) || moreOwnHeaders.has(key)) return false
      return key !== 'content-type' || !defaultContentTypes.has(value.toLowerCase())
    })
}

function sha1(text: string): string {
  return createHash('sha1').update(text).digest('hex')
}
