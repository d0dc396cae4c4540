import type { CompatRecording } from './compat-fixture.js'
import { membersOf, paramsOf } from './compat-identity.js'
import type { CompatRequest } from './compat-identity.js'
import type { CompatPagination } from './compat-pages.js'
import { linkTarget } from '../link-header.js'

export type Recorded = {
  readonly request: CompatRequest
  readonly method: string
  readonly recordings: readonly CompatRecording[]
}

export type Parameters = ReadonlyMap<string, string>

/** Completes pagination options with what the recorded pages show: names of parameters, the list, the way on. */
export function inferPagination(told: CompatPagination, recorded: Recorded): CompatPagination {
  const pages = recorded.recordings.map(parametersOf)
  const walk = { ...wayOn(told, { recordings: recorded.recordings, pages }), ...told }
  return { ...limitName(told, recorded, pages), ...listPath(walk, recorded), ...walk }
}

export function parametersOf({ params, data }: CompatRecording): Parameters {
  const inBody = membersOf(bodyOf(data)).filter(([, value]) => typeof value !== 'object')
  return new Map([...params, ...inBody.map(([name, value]) => [name, String(value)] as const)])
}

function bodyOf(data: unknown): unknown {
  if (typeof data !== 'string') return data
  try {
    const parsed: unknown = JSON.parse(data)
    return typeof parsed === 'object' ? parsed : null
  } catch {
    return null
  }
}

/** The parameter that was recorded with the value of the limit and is not the caller's own. */
function limitName(
  { limit, limit_name_in_request: known }: CompatPagination,
  { request }: Recorded,
  pages: readonly Parameters[],
): CompatPagination {
  if (limit === undefined || known !== undefined) return {}
  const own = new Set(paramsOf(request.params).map(([name]) => name))
  const named = pages.flatMap((page) => [...page])
  const found = named.find(([name, value]) => value === String(limit) && !own.has(name))
  return found === undefined ? {} : { limit_name_in_request: found[0] }
}

type Found = {
  readonly recordings: readonly CompatRecording[]
  readonly pages: readonly Parameters[]
}

/** How to look for each kind of pagination, in the order of how sure a find is. */
const kinds: Readonly<Record<string, (found: Found) => CompatPagination | null>> = {
  link: ({ recordings }) =>
    recordings.some(hasNextLink) ? { link_rel_in_response_header: 'next' } : null,
  cursor: cursorOf,
  offset: offsetOf,
}

/** Without a way on there is one page; as a page of links it is handed out as it is. */
const onePage: CompatPagination = { type: 'link', link_rel_in_response_header: 'next' }

function wayOn(told: CompatPagination, found: Found): CompatPagination {
  if (told.type === 'link') return told.link_path_in_response_body === undefined ? onePage : {}
  for (const [type, look] of Object.entries(kinds)) {
    if (told.type !== undefined && told.type !== type) continue
    const way = look(found)
    if (way !== null) return { type, ...way }
  }
  return told.type === undefined ? onePage : {}
}

export function hasNextLink({ answer }: CompatRecording): boolean {
  const { link } = (answer.headers ?? {}) as { link?: unknown }
  return typeof link === 'string' && linkTarget(link, 'next') !== undefined
}

/** A value of one answer that another recording was asked with. */
function cursorOf({ recordings, pages }: Found): CompatPagination | null {
  for (const [index, { answer }] of recordings.entries()) {
    const others = pages.filter((_, other) => other !== index).flatMap((page) => [...page])
    const before = pages[index]
    for (const [path, value] of leavesOf(answer.data)) {
      const asked = others.find(([name, text]) => text === value && before?.get(name) !== text)
      if (asked === undefined) continue
      return { cursor_name_in_request: asked[0], cursor_path_in_response: path }
    }
  }
  return null
}

const offsetName = /offset|page|skip|start/i

/** A parameter that counts up from recording to recording; the only recording tells it by its name. */
function offsetOf({ recordings, pages }: Found): CompatPagination | null {
  const names = [...(pages[0]?.keys() ?? [])]
  const name = names.find((candidate) => countsUp(candidate, pages))
  if (name === undefined) return null
  const [first = 0, second = NaN] = pages.map((page) => Number(page.get(name)))
  const perPage = /page/i.test(name) || (second - first === 1 && listSize(recordings[0]) !== 1)
  return {
    offset_name_in_request: name,
    offset_start_value: first,
    offset_calculation_method: perPage ? 'per-page' : 'by-response-size',
  }
}

function countsUp(name: string, pages: readonly Parameters[]): boolean {
  const values = pages.map((page) => Number(page.get(name) ?? NaN))
  if (values.some(Number.isNaN)) return false
  if (values.length === 1) return offsetName.test(name)
  return values.every((value, index) => index === 0 || value > (values[index - 1] ?? NaN))
}

function listSize(recording: CompatRecording | undefined): number | undefined {
  return Object.values(recording?.answer.data ?? {}).find(Array.isArray)?.length
}

/** Members that lists of records usually stand in; they win over other lists. */
const usualNames = /^(data|results|items|records|value|values|entries|list|content|resources)$/i

function listPath(told: CompatPagination, { recordings }: Recorded): CompatPagination {
  const data = recordings[0]?.answer.data
  if (told.response_path !== undefined || Array.isArray(data)) return {}
  const lists = [...listsOf(data)]
  const usual = lists.find((path) => usualNames.test(path.split('.').at(-1) ?? ''))
  const path = usual ?? lists[0]
  return path === undefined ? {} : { response_path: path }
}

/** Dotted paths of lists, shallow ones first. */
function* listsOf(data: unknown, prefix = '', depth = 0): Generator<string> {
  if (typeof data !== 'object' || data === null || depth > 2) return
  const members = Object.entries(data)
  for (const [name, value] of members) if (Array.isArray(value)) yield prefix + name
  for (const [name, value] of members) {
    if (!Array.isArray(value)) yield* listsOf(value, `${prefix}${name}.`, depth + 1)
  }
}

/** Dotted paths and texts of scalar members outside of lists. */
function* leavesOf(data: unknown, prefix = ''): Generator<[string, string]> {
  if (typeof data !== 'object' || data === null || Array.isArray(data)) return
  for (const [name, value] of Object.entries(data)) {
    const scalar = typeof value === 'string' || typeof value === 'number'
    if (scalar && value !== '') yield [prefix + name, String(value)]
    else yield* leavesOf(value, `${prefix}${name}.`)
  }
}
