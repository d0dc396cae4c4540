import { PlumbError } from '@plumb/protocol'
import type { Pagination } from '@plumb/protocol'
import { valueAt, withValueAt } from './dotted-path.js'
import { linkTarget } from './link-header.js'
import type {
  HttpMethod,
  HttpResponse,
  PaginationOptions,
  ProxyConfiguration,
} from './proxy-configuration.js'
import { queryPairs } from './request-query.js'

type Send = (config: ProxyConfiguration) => Promise<HttpResponse>
/** Where a walk stands after a page: the next page's request and the value that selects it, or the end. */
type Step = { readonly config: ProxyConfiguration; readonly param: string | number } | null
type Walk = {
  readonly options: PaginationOptions
  readonly call: string
  readonly inBody: boolean
}
type Page = {
  readonly config: ProxyConfiguration
  readonly response: HttpResponse
  readonly size: number
  /** What selected this page. */
  readonly param: string | number | undefined
}

/**
 * Walks a list page by page and yields the records of every page that has some.
 * Throws PlumbError `request-invalid` for wrong options, a page without the records, and a walk that repeats itself.
 */
export async function* paginate(
  config: ProxyConfiguration,
  defaults: Pagination | null,
  send: Send,
): AsyncGenerator<unknown[], undefined, void> {
  const options = mergedOptions(config, defaults)
  const method = (config.method?.toUpperCase() ?? 'GET') as HttpMethod
  const inBody = options.in_body ?? ['POST', 'PUT', 'PATCH'].includes(method)
  const walk: Walk = { options, inBody, call: `${method} ${config.endpoint}` }
  const seen = new Set<string | number>()
  let step: Step = firstStep(config, walk)
  let previous = ''
  while (step !== null) {
    const response = await send(step.config)
    const records = recordsOf(response.data, walk)
    const page = { config: step.config, response, size: records.length, param: step.param }
    const next = nextStep(page, walk)
    await options.on_page?.({ nextPageParam: next?.param, response })
    previous = refuseRepetition(next, { walk, seen, records, previous })
    if (records.length > 0) yield records
    step = next
  }
  return undefined
}

function mergedOptions(
  { paginate: own }: ProxyConfiguration,
  defaults: Pagination | null,
): PaginationOptions {
  const merged = { ...defaults, ...own } as Partial<PaginationOptions>
  const required: Readonly<Record<string, readonly string[]>> = {
    cursor: ['cursor_name_in_request', 'cursor_path_in_response'],
    offset: ['offset_name_in_request'],
    link: [],
  }
  const members = required[merged.type ?? '']
  if (members === undefined) {
    throw invalid(
      `"paginate.type" is ${JSON.stringify(merged.type)} and the provider has no default`,
      'Set paginate.type to "cursor", "link" or "offset".',
    )
  }
  const missing = members.find((name) => typeof Reflect.get(merged, name) !== 'string')
  if (missing !== undefined) {
    throw invalid(`"paginate.${missing}" is missing`, `Set it for ${merged.type} pagination.`)
  }
  return merged as PaginationOptions
}

function firstStep(config: ProxyConfiguration, { options, inBody }: Walk): Step {
  let first = config
  if (options.limit !== undefined && options.limit_name_in_request !== undefined) {
    first = withParam(first, [options.limit_name_in_request, options.limit], inBody)
  }
  if (options.type !== 'offset') return { config: first, param: '' }
  const start = options.offset_start_value ?? 0
  return {
    config: withParam(first, [options.offset_name_in_request, start], inBody),
    param: start,
  }
}

/** A copy of `config` with one more parameter; the caller's objects stay as they are. */
function withParam(
  config: ProxyConfiguration,
  [name, value]: readonly [string, string | number],
  inBody: boolean,
): ProxyConfiguration {
  if (inBody) return { ...config, data: withValueAt(config.data, name, value) }
  const others = queryPairs(config.params).filter(([other]) => other !== name)
  return { ...config, params: new URLSearchParams([...others, [name, String(value)]]) }
}

function nextStep(page: Page, walk: Walk): Step {
  const { options } = walk
  if (options.type === 'link') return nextLink(page, options)
  if (options.type === 'offset') return nextOffset(page, walk)
  const cursor = valueAt(page.response.data, options.cursor_path_in_response)
  if (cursor === undefined || cursor === null || cursor === '' || cursor === false) return null
  if (typeof cursor !== 'string' && typeof cursor !== 'number') {
    throw invalid(
      `the cursor at "${options.cursor_path_in_response}" of ${walk.call} is ${JSON.stringify(cursor)}`,
      'Point paginate.cursor_path_in_response at a text or number.',
    )
  }
  const config = withParam(page.config, [options.cursor_name_in_request, cursor], walk.inBody)
  return { config, param: cursor }
}

function nextOffset(page: Page, { options, inBody }: Walk): Step {
  if (options.type !== 'offset' || page.size === 0) return null
  if (options.limit !== undefined && page.size < options.limit) return null
  const step = options.offset_calculation_method === 'per-page' ? 1 : page.size
  const next = Number(page.param) + step
  return {
    config: withParam(page.config, [options.offset_name_in_request, next], inBody),
    param: next,
  }
}

function nextLink(
  { config, response }: Page,
  options: Extract<PaginationOptions, { type: 'link' }>,
): Step {
  const path = options.link_path_in_response_body
  const rel = options.link_rel_in_response_header ?? 'next'
  const link =
    path === undefined ? linkTarget(response.headers['link'], rel) : valueAt(response.data, path)
  if (typeof link !== 'string' || link === '') return null
  const endpoint = link.startsWith('?') ? config.endpoint.replace(/\?.*$/, '') + link : link
  // The link holds the query already.
  return { config: { ...config, endpoint, params: '' }, param: link }
}

function recordsOf(data: unknown, { options, call }: Walk): unknown[] {
  const { response_path: path = '' } = options
  const found = path === '' ? data : valueAt(data, path)
  if (Array.isArray(found)) return found
  if (path !== '' && (found ?? null) === null && !isPage(data) && !holdsRecords(data)) return []
  throw invalid(
    `the answer of ${call} has no list at "${path || '(the answer itself)'}"; it has: ${membersOf(data)}`,
    'Set paginate.response_path to the dotted path of the list.',
  )
}

/** A sign-in or error page that comes with 200 is no empty list. */
function isPage(data: unknown): boolean {
  return typeof data === 'string' && data.trim() !== ''
}

function membersOf(data: unknown): string {
  if (typeof data !== 'object' || data === null) return typeof data
  return Object.keys(data).join(', ') || 'no members'
}

/**
 * Many APIs leave an empty list out of the answer. A missing list is an empty page only when no other member
 * holds records: then the path is right and the page empty, otherwise the path is wrong.
 */
function holdsRecords(data: unknown, depth = 0): boolean {
  if (typeof data !== 'object' || data === null || depth > 4) return false
  if (Array.isArray(data)) return data.some((item) => typeof item === 'object' && item !== null)
  return Object.values(data).some((member) => holdsRecords(member, depth + 1))
}

function refuseRepetition(
  next: Step,
  state: {
    walk: Walk
    seen: Set<string | number>
    records: unknown[]
    previous: string
  },
): string {
  const { walk, seen, records, previous } = state
  if (next === null) return ''
  const again = seen.has(next.param)
  seen.add(next.param)
  const page = walk.options.type === 'offset' ? JSON.stringify(records) : ''
  if (!again && (page === '' || page !== previous)) return page
  throw invalid(
    `${walk.call} answers the same page again (next page "${next.param}")`,
    'Check the pagination options: the provider does not use the parameter that selects the page.',
  )
}

function invalid(what: string, remedy: string): PlumbError {
  return new PlumbError({ code: 'request-invalid', message: `Pagination: ${what}.`, remedy })
}
