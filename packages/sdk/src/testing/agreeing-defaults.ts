import { paramsOf } from './compat-identity.js'
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
    ...(isWayOn({ ...wayOn, ...told }, walk) ? wayOn : {}),
    ...limitOf({ limit, limit_name_in_request }, told, walk),
    ...(response_path !== undefined && hasList(response_path, walk) ? { response_path } : {}),
  }
}

/** Whether the recordings show this way from page to page; a single page shows none and fits any but an offset. */
function isWayOn(options: CompatPagination, { recordings, pages }: Walk): boolean {
  const isAsked = (name: string | undefined) => pages.some((page) => page.has(name ?? ''))
  if (options.type === 'offset') return isAsked(options.offset_name_in_request)
  if (recordings.length < 2) return true
  if (options.type === 'cursor') return isAsked(options.cursor_name_in_request)
  const path = options.link_path_in_response_body
  return recordings.some((one) =>
    path === undefined ? hasNextLink(one) : typeof atPath(one.answer.data, path) === 'string',
  )
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
