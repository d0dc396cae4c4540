import { PlumbError } from '@plumb/protocol'
import { linkTarget } from '../link-header.js'
import type { CompatAnswer } from './compat-fixture.js'
import type { CompatRequest } from './compat-identity.js'
import { atPath, setAtPath } from './loose-path.js'

/** How the pages of a list hang together, with the names of the authoring interface. */
export type CompatPagination = {
  readonly type?: string
  readonly limit?: number | string
  readonly limit_name_in_request?: string
  readonly response_path?: string
  readonly in_body?: boolean
  readonly cursor_name_in_request?: string
  readonly cursor_path_in_response?: string
  readonly link_rel_in_response_header?: string
  readonly link_path_in_response_body?: string
  readonly offset_name_in_request?: string
  readonly offset_start_value?: number
  readonly offset_calculation_method?: string
  readonly on_page?: (page: { nextPageParam: unknown; response: unknown }) => unknown
}

/** A configuration that is changed while its pages are walked, as the interface always did. */
export type WalkedRequest = { -readonly [Key in keyof CompatRequest]: CompatRequest[Key] } & {
  baseUrlOverride?: string
}

export type CompatWalk = {
  readonly request: WalkedRequest
  readonly method: string
  readonly options: CompatPagination
  /** Later pages may be missing, and an empty page of links is none: in `mocks/` folders, and where the way on is a guess. */
  readonly mayEndEarly: boolean
  send(request: CompatRequest, method: string): CompatAnswer
}

/** A walk that never gets further would never end: no list has that many pages. */
const mostPages = 10_000

/** Yields the recorded pages; stops at an empty page of a cursor or offset walk. */
export async function* compatPages(walk: CompatWalk): AsyncGenerator<unknown, undefined, void> {
  const { options, request } = walk
  if (inBody(walk)) request.data ??= {}
  else request.params ??= {}
  if (options.limit !== undefined && options.limit_name_in_request !== undefined) {
    setParameter(walk, options.limit_name_in_request, options.limit)
  }
  if (options.type === 'cursor') yield* cursorPages(walk)
  else if (options.type === 'offset') yield* offsetPages(walk)
  else if (options.type === 'link') yield* linkPages(walk)
  else throw invalid(`"type" is ${JSON.stringify(options.type)}`)
  return undefined
}

async function* cursorPages(walk: CompatWalk): AsyncGenerator<unknown, void, void> {
  const { cursor_name_in_request: name, cursor_path_in_response: path } = walk.options
  if (name === undefined) throw invalid('"cursor_name_in_request" is missing')
  if (path === undefined) throw invalid('"cursor_path_in_response" is missing')
  for (let count = 0; count < mostPages; count += 1) {
    const answer = pageAt(walk, count)
    if (answer === null) return
    const page = pageOf(answer, walk)
    if (!lengthOf(page)) return
    const next = cursorOf(atPath(answer.data, path))
    await tell(walk, next, answer)
    yield page
    if (next === undefined) return
    setParameter(walk, name, next)
  }
  throw endless(walk)
}

function pageAt(walk: CompatWalk, index: number): CompatAnswer | null {
  try {
    return walk.send(walk.request, walk.method)
  } catch (error) {
    if (index > 0 && walk.mayEndEarly) return null
    throw error
  }
}

/** Text that is not blank, or a number. */
function cursorOf(value: unknown): string | number | undefined {
  if (typeof value === 'number') return value
  if (typeof value !== 'string') return undefined
  return value.trim() === '' ? undefined : value.trim()
}

async function* offsetPages(walk: CompatWalk): AsyncGenerator<unknown, void, void> {
  const { offset_name_in_request: name, offset_start_value: start = 0 } = walk.options
  const { offset_calculation_method: method, limit } = walk.options
  if (name === undefined) throw invalid('"offset_name_in_request" is missing')
  let offset = start
  for (let count = 0; count < mostPages; count += 1) {
    setParameter(walk, name, inBody(walk) ? offset : String(offset))
    const answer = pageAt(walk, count)
    if (answer === null) return
    const page = pageOf(answer, walk)
    const size = lengthOf(page)
    if (!size) return
    yield page
    if (limit !== undefined && size < Number(limit)) return
    await tell(walk, offset, answer)
    offset += method === 'per-page' ? 1 : size
  }
  throw endless(walk)
}

async function* linkPages(walk: CompatWalk): AsyncGenerator<unknown, void, void> {
  const { request, options } = walk
  const { link_rel_in_response_header: rel, link_path_in_response_body: path } = options
  if (rel === undefined && path === undefined) {
    throw invalid('"link_rel_in_response_header" or "link_path_in_response_body" is missing')
  }
  for (let count = 0; count < mostPages; count += 1) {
    const answer = pageAt(walk, count)
    if (answer === null) return
    const page = pageOf(answer, walk)
    if (walk.mayEndEarly && !lengthOf(page)) return
    const next = nextLink(answer, options)
    yield page
    await tell(walk, next, answer)
    if (next === undefined) return
    follow(request, next)
  }
  throw endless(walk)
}

function nextLink(answer: CompatAnswer, options: CompatPagination): string | undefined {
  const { link_rel_in_response_header: rel, link_path_in_response_body: path } = options
  const { link } = (answer.headers ?? {}) as { link?: unknown }
  const inHeader = rel !== undefined && typeof link === 'string' ? linkTarget(link, rel) : undefined
  const next = inHeader ?? (path === undefined ? undefined : atPath(answer.data, path))
  return typeof next === 'string' && next !== '' ? next : undefined
}

/** The link holds its query already. */
function follow(request: WalkedRequest, next: string): void {
  delete request.params
  if (!/^https?:\/\//.test(next)) {
    request.endpoint = next
    return
  }
  const url = new URL(next)
  request.endpoint = url.pathname + url.search
  request.baseUrlOverride = url.origin
}

function inBody({ method, options }: CompatWalk): boolean {
  return options.in_body ?? ['post', 'put', 'patch'].includes(method)
}

function setParameter(walk: CompatWalk, name: string, value: unknown): void {
  const { request } = walk
  if (inBody(walk)) {
    request.data = setAtPath(request.data, name, value)
    return
  }
  if (typeof request.params === 'string') {
    request.params = Object.fromEntries(new URLSearchParams(request.params))
  }
  Object.assign(request.params as object, { [name]: value })
}

function pageOf({ data }: CompatAnswer, { options }: CompatWalk): unknown {
  const { response_path: path } = options
  return path === undefined || path === '' ? data : atPath(data, path)
}

/** What is no list has no length, and ends a walk. */
function lengthOf(page: unknown): number {
  return Array.isArray(page) || typeof page === 'string' ? page.length : 0
}

async function tell(walk: CompatWalk, nextPageParam: unknown, answer: CompatAnswer) {
  const { data, status, headers } = answer
  const response = {
    data,
    status: status ?? 200,
    statusText: 'OK',
    headers: headers ?? {},
    config: {},
  }
  await walk.options.on_page?.({ nextPageParam, response })
}

function invalid(what: string): PlumbError {
  return new PlumbError({
    code: 'request-invalid',
    message: `Pagination: ${what}, and the recorded pages do not tell it.`,
    remedy: 'Set the pagination options in the call of paginate.',
  })
}

function endless({ request, method }: CompatWalk): PlumbError {
  return new PlumbError({
    code: 'request-invalid',
    message: `Pagination: ${method.toUpperCase()} ${request.endpoint} went on for ${mostPages} pages.`,
    remedy: 'Record the last page: the recorded ones lead back to themselves.',
  })
}
