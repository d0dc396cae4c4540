import type { ApiDescription, Json, JsonObject, Operation, Receipt } from '@plumb/protocol'
import { createdResource } from '@plumb/runtime'
import { createOperationMatcher } from './operation-matcher.js'

/** A call that concerns the thing which an earlier call made, changed or deleted. */
export type ResourceCall = {
  readonly operation: Operation
  /** Absolute, with its query. */
  readonly url: string
  readonly body: { readonly contentType: string; readonly text: string } | null
  /** `thing`: the address is the thing's own; `about`: its answer should hold it. */
  readonly of: 'thing' | 'about'
}

/** Where operations are called. */
export type ApiPlace = {
  readonly description: ApiDescription
  readonly baseUrl: string
  readonly providerBaseUrl: string
}

const otherReads = 3

/** Calls that read back what a write has changed, the likeliest first. */
export function readingCalls(write: Receipt, place: ApiPlace): ResourceCall[] {
  const match = matcherOf(place)
  const here = addressOf(write.request.url)
  const made = createdBy(write)?.url
  const things = [made, ...(write.request.method === 'POST' ? [] : [here])]
  const own = things.flatMap((url) => calls(match('GET', url), url, 'thing'))
  const parent = here.replace(/\/[^/]*$/, '')
  const around = [here, parent].flatMap((url) => calls(match('GET', url), url, 'about'))
  const called = calledReads(write, place).slice(0, otherReads)
  return distinct([...own, ...around, ...called])
}

/** The call that deletes what a write has made; null where the API has none. */
export function deletingCall(made: Receipt, url: string, place: ApiPlace): ResourceCall | null {
  const own = matcherOf(place)('DELETE', url)
  if (own) return { operation: own, url, body: null, of: 'thing' }
  return calledDelete(made, place)
}

/** What a write has created, as its answer tells. */
export function createdBy({ request, response }: Receipt): { readonly url: string } | null {
  if (response === null) return null
  const { status, headers, body } = response
  const { method, url } = request
  const sent = request.body === null ? null : bytesOf(request.body)
  return createdResource({ method, url, body: sent }, { status, headers, body: bytesOf(body) })
}

function bytesOf({ encoding, text }: { encoding: 'utf8' | 'base64'; text: string }): Buffer {
  return Buffer.from(text, encoding)
}

function matcherOf({ description, baseUrl, providerBaseUrl }: ApiPlace) {
  const matcher = createOperationMatcher(description, [baseUrl, providerBaseUrl])
  return (method: string, url: string | undefined) =>
    url === undefined ? null : matcher.match(method, url)
}

function calls(
  operation: Operation | null,
  url: string | undefined,
  of: ResourceCall['of'],
): ResourceCall[] {
  return operation === null || url === undefined ? [] : [{ operation, url, body: null, of }]
}

function distinct(found: readonly ResourceCall[]): ResourceCall[] {
  return found.filter(({ url }, at) => found.findIndex((one) => one.url === url) === at)
}

function addressOf(url: string): string {
  const address = new URL(url)
  address.search = ''
  return address.href.replace(/\/+$/, '')
}

const readVerbs = ['info', 'get', 'replies', 'history', 'list', 'retrieve']
const pathVerb = /^(.*[/.])([^./]+)\.([^./]+)$/

/** APIs that call methods (`/chat.postMessage`) name the thing in parameters. */
function calledReads(write: Receipt, place: ApiPlace): ResourceCall[] {
  const family = familyOf(write)
  if (family === null) return []
  const known = knownValues(write)
  const found = place.description.operations.flatMap((operation) => {
    const [, , noun, verb = ''] = pathVerb.exec(operation.path) ?? []
    if (operation.method !== 'GET' || !readVerbs.includes(verb)) return []
    const query = operation.parameters.filter(({ in: where }) => where === 'query')
    const filled = query.flatMap(({ name }) => pair(name, known))
    const missing = query.some(({ name, required }) => required && !known.has(name))
    if (filled.length === 0 || missing) return []
    const url = `${family.root}${operation.path.replace(/^\//, '')}?${new URLSearchParams(filled).toString()}`
    const rank = filled.length * 10 + (noun === family.noun ? 5 : 0) - readVerbs.indexOf(verb)
    return [{ rank, call: { operation, url, body: null, of: 'about' as const } }]
  })
  return found.sort((a, b) => b.rank - a.rank).map(({ call }) => call)
}

function calledDelete(made: Receipt, place: ApiPlace): ResourceCall | null {
  const family = familyOf(made)
  if (family === null) return null
  const operation = place.description.operations.find(
    ({ method, path }) =>
      method !== 'GET' && [`/${family.noun}.delete`, `/${family.noun}.remove`].includes(path),
  )
  const properties = operation?.requestBody?.schema['properties'] as JsonObject | undefined
  if (!operation?.requestBody || properties === undefined) return null
  const known = knownValues(made)
  const filled = Object.keys(properties).flatMap((name) => pair(name, known))
  if (filled.length === 0) return null
  const { contentType } = operation.requestBody
  const text = contentType.includes('json')
    ? JSON.stringify(Object.fromEntries(filled))
    : new URLSearchParams(filled).toString()
  const url = `${family.root}${operation.path.replace(/^\//, '')}`
  return { operation, url, body: { contentType, text }, of: 'thing' }
}

function pair(name: string, known: ReadonlyMap<string, string>): [string, string][] {
  const value = known.get(name)
  return value === undefined || contentNames.test(name) ? [] : [[name, value]]
}

/** Members that are content, and no names of things. */
const contentNames = /^(token|text|name|topic|purpose|blocks|attachments|limit|cursor)$/

function familyOf({ request }: Receipt): { readonly root: string; readonly noun: string } | null {
  const address = addressOf(request.url)
  const [, root, noun] = pathVerb.exec(address) ?? []
  // The host's own dots are none of a method.
  if (root === undefined || noun === undefined || !root.endsWith('/')) return null
  return /^https?:\/\/[^/]+\//.test(root) ? { root, noun } : null
}

/** What a call sent and was answered, by name; `{ channel: { id } }` names a channel. */
function knownValues({ request, response }: Receipt): Map<string, string> {
  const sent = valueOf(request.body?.text ?? '')
  const query = Object.fromEntries(new URL(request.url).searchParams)
  const known = new Map<string, string>()
  for (const members of [query, sent, valueOf(response?.body.text ?? '')]) {
    for (const [name, value] of Object.entries(members)) {
      const id = isObject(value) ? value['id'] : value
      if (typeof id === 'string' || typeof id === 'number') known.set(name, String(id))
    }
  }
  return known
}

function valueOf(text: string): Record<string, unknown> {
  try {
    const value = JSON.parse(text) as Json
    return isObject(value) ? value : {}
  } catch {
    return Object.fromEntries(new URLSearchParams(text))
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
