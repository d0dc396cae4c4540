import { canonicalJson } from '@plumb/protocol'
import type { Provider, WireBody } from '@plumb/protocol'
import { bytesOf } from './wire-body.js'

/** What makes two requests the same one; each part in a canonical form. Null matches anything. */
export type RequestIdentity = {
  readonly method: string
  readonly path: string
  readonly query: string | null
  readonly headers: string | null
  readonly body: string | null
}

export type IdentifiableRequest = {
  readonly method: string
  /** Absolute, or relative to the base URL. */
  readonly url: string
  readonly headers: Readonly<Record<string, string>> | null
  readonly body: WireBody | HashedBody | 'any' | null
  /** The query was not recorded. */
  readonly anyQuery?: boolean
}

/** A body too long for a recording: the SHA-1 of its text in hexadecimal. */
export type HashedBody = { readonly sha1: string }

export type IdentityRules = {
  /** Base URLs whose path is no part of the identity. */
  readonly baseUrls: readonly string[]
  /** Null when it is not known what every request of the provider carries. */
  readonly provider: Provider | null
}

/** Host, base path, credentials and what every client adds by itself are left out. */
export function identify(request: IdentifiableRequest, rules: IdentityRules): RequestIdentity {
  const [address = '', query = ''] = request.url.split(/\?(.*)/s)
  const headers = request.headers === null ? null : lowerCased(request.headers)
  return {
    method: request.method.toUpperCase(),
    path: canonicalPath(address, rules.baseUrls),
    query:
      request.anyQuery === true ? null : canonicalQuery(new URLSearchParams(query), rules.provider),
    headers: headers === null ? null : canonicalHeaders(headers, rules.provider),
    body:
      request.body === 'any' ? null : canonicalBody(request.body, headers?.['content-type'] ?? ''),
  }
}

/** The identity as one text, for looking it up; null when a part of it matches anything. */
export function identityKey(identity: RequestIdentity): string | null {
  const parts = [identity.method, identity.path, identity.query, identity.headers, identity.body]
  return parts.includes(null) ? null : JSON.stringify(parts)
}

export function sameIdentity(recorded: RequestIdentity, asked: RequestIdentity): boolean {
  return identityParts.every((part) => recorded[part] === null || recorded[part] === asked[part])
}

export const identityParts = ['method', 'path', 'query', 'headers', 'body'] as const

function canonicalPath(address: string, baseUrls: readonly string[]): string {
  if (!/^https?:\/\//.test(address)) return decodedPath(address)
  const url = new URL(address)
  const basePaths = baseUrls.map((base) => new URL(base).pathname.replace(/\/+$/, ''))
  const longestFirst = basePaths.sort((a, b) => b.length - a.length)
  const base = longestFirst.find((path) => `${url.pathname}/`.startsWith(`${path}/`)) ?? ''
  return decodedPath(url.pathname.slice(base.length))
}

function decodedPath(path: string): string {
  const steps = path
    .replace(/^\/?proxy\//, '')
    .replace(/^\/+/, '')
    .split('/')
  return steps.map((step) => encodeURIComponent(decode(step))).join('/')
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

function canonicalQuery(query: URLSearchParams, provider: Provider | null): string {
  const auth = provider?.auth
  const values = new Map<string, string[]>()
  for (const [name, value] of query) {
    if (auth?.mode === 'api-key' && name === auth.query) continue
    if (provider?.proxy.query[name] === value) continue
    values.set(name, [...(values.get(name) ?? []), value])
  }
  const pairs = [...values].map(([name, list]) => `${name}=${list.join(',')}`)
  return pairs.sort().join('&')
}

const ownHeaders =
  /^(authorization|user-agent|host|content-length|connection|cookie|accept.*|retries|retry-.*|x-retry.*|connection-id|provider-config-key|base-url-override|decompress|transfer-encoding)$/
const defaultContentTypes =
  /^(application\/json|application\/x-www-form-urlencoded|text\/plain)( *;.*)?$/

function lowerCased(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]),
  )
}

function canonicalHeaders(headers: Record<string, string>, provider: Provider | null): string {
  const auth = provider?.auth
  const defaults = lowerCased(provider?.proxy.headers ?? {})
  const kept = Object.entries(headers).filter(([name, value]) => {
    if (ownHeaders.test(name) || defaults[name] === value) return false
    if (auth?.mode === 'api-key' && name === auth.header?.toLowerCase()) return false
    return name !== 'content-type' || !defaultContentTypes.test(value)
  })
  const lines = kept.map(([name, value]) => `${name}: ${withoutBoundary(name, value)}`)
  return lines.sort().join('\n')
}

function withoutBoundary(name: string, value: string): string {
  return name === 'content-type' ? value.replace(/boundary=("[^"]*"|[^;]*)/, 'boundary=*') : value
}

function canonicalBody(body: WireBody | HashedBody | null, contentType: string): string {
  if (body !== null && 'sha1' in body) return hashedBody(body.sha1)
  if (body === null || body.text === '') return ''
  if (body.encoding === 'base64') return `base64:${body.text}`
  if (/^multipart\//.test(contentType)) return multipart(body.text, contentType)
  const text = bytesOf(body).toString('utf8')
  try {
    return canonicalJson(JSON.parse(text))
  } catch {
    return isForm(text, contentType) ? canonicalForm(text) : text
  }
}

/** Recordings leave the usual content types out. */
function isForm(text: string, contentType: string): boolean {
  if (contentType !== '') return /x-www-form-urlencoded/.test(contentType)
  return /^[\w.%+~[\]-]+=[^\s{}<>]*$/.test(text)
}

/** How the identity names a body of which only the hash was recorded. */
export function hashedBody(sha1: string): string {
  return `sha1:${sha1}`
}

function canonicalForm(text: string): string {
  return canonicalJson(Object.fromEntries(new URLSearchParams(text)))
}

/** Each client invents its own boundary. */
function multipart(text: string, contentType: string): string {
  const boundary = /boundary=(?:"([^"]*)"|([^;]*))/.exec(contentType)
  const name = boundary?.[1] ?? boundary?.[2] ?? ''
  return name === '' ? text : text.replaceAll(name, '*')
}
