import { membersOf, paramsOf } from './compat-identity.js'
import type { CompatPagination } from './compat-pages.js'
import { hasNextLink, parametersOf } from './infer-pagination.js'
import type { Parameters, Recorded } from './infer-pagination.js'
import { atPath } from './loose-path.js'

type Walk = Recorded & { readonly pages: readonly Parameters[] }

/**
 * The provider's pagination without what the recordings contradict. They were made with the options of their
 * day: a default that asks otherwise than they were asked finds none of them.
 */
export function agreeingDefaults(
  defaults: CompatPagination,
  told: CompatPagination,
  recorded: Recorded,
): CompatPagination {
  const walk = { ...recorded, pages: recorded.recordings.map(parametersOf) }
  const { limit, limit_name_in_request, response_path, ...wayOn } = defaults
  return {
    ...(isWayOn({ ...defaults, ...told }, walk) ? wayOn : {}),
    ...limitOf({ limit, limit_name_in_request }, told, walk),
    ...(response_path !== undefined && hasList(response_path, walk) ? { response_path } : {}),
  }
}

/** Whether the recordings show this way from page to page; a single page shows none and fits any but an offset. */
function isWayOn(options: CompatPagination, walk: Walk): boolean {
  const { recordings, pages } = walk
  if (pages.length > 0 && !pages.some((page) => isFirst(page, options, walk))) return false
  if (options.type === 'offset' || recordings.length < 2) return true
  const name = options.cursor_name_in_request
  if (options.type === 'cursor') return pages.some((page) => page.has(name ?? ''))
  const path = options.link_path_in_response_body
  return recordings.some((one) =>
    path === undefined ? hasNextLink(one) : typeof atPath(one.answer.data, path) === 'string',
  )
}

/** Whether a page was asked with what the call itself asks, and at most a limit and the start of an offset. */
function isFirst(page: Parameters, options: CompatPagination, { request }: Walk): boolean {
  const { offset_name_in_request: offset, limit_name_in_request: limit } = options
  const start = String(options.offset_start_value ?? 0)
  if (options.type === 'offset' && page.get(offset ?? '') !== start) return false
  const [, query] = request.endpoint.split('?')
  const own = [...paramsOf(query), ...paramsOf(request.params), ...membersOf(request.data)]
  const known = new Set([...own.map(([name]) => name), limit, offset])
  return [...page.keys()].every((name) => known.has(name))
}

type Limit = {
  readonly limit?: number | string | undefined
  readonly limit_name_in_request?: string | undefined
}

/** The limit with its name when the recordings were asked with that name: then with what they were asked. */
function limitOf(defaults: Limit, told: Limit, { request, pages }: Walk): CompatPagination {
  const name = told.limit_name_in_request ?? defaults.limit_name_in_request
  if (name === undefined) return {}
  const asked = new Set(pages.flatMap((page) => page.get(name) ?? []))
  if (told.limit !== undefined) {
    return asked.has(String(told.limit)) ? { limit_name_in_request: name } : {}
  }
  const own = paramsOf(request.params).find(([other]) => other === name)?.[1]
  const [limit] = asked
  if (defaults.limit === undefined || limit === undefined || asked.size > 1) return {}
  return own === limit ? {} : { limit, limit_name_in_request: name }
}

function hasList(path: string, { recordings: [first] }: Walk): boolean {
  return first === undefined || Array.isArray(atPath(first.answer.data, path))
}
