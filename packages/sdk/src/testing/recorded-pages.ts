import { agreeingDefaults } from './agreeing-defaults.js'
import type { CompatFixture } from './compat-fixture.js'
import type { CompatRequest } from './compat-identity.js'
import { compatPages } from './compat-pages.js'
import type { CompatPagination } from './compat-pages.js'
import { inferPagination } from './infer-pagination.js'

export type PagedRequest = CompatRequest & { readonly paginate?: CompatPagination }

/** The pages of a list, from the recordings. Options that neither the call nor `defaults` tell are read off them. */
export async function* recordedPages(
  fixture: CompatFixture,
  request: PagedRequest,
  defaults: CompatPagination | null,
): AsyncGenerator<unknown, undefined, void> {
  const method = (request.method ?? 'get').toLowerCase()
  if (fixture.isAnonymous(request, method)) {
    yield* anonymousPages(fixture.answer(request, method).data, request.paginate)
    return undefined
  }
  const own = definedOf(request.paginate)
  const recorded = { request, method, recordings: fixture.recordings(request, method) }
  const told = { ...(defaults && agreeingDefaults(defaults, own, recorded)), ...own }
  const options = inferPagination(told, recorded)
  yield* compatPages({
    request: request,
    method,
    options,
    mayEndEarly: fixture.format === 'legacy' || own.type === undefined,
    send: (page, verb) => fixture.answer(page, verb),
  })
  return undefined
}

/** A flat file is all there is: the list in it, or each list of it when no path is given. */
function* anonymousPages(data: unknown, options: CompatPagination | undefined): Generator<unknown> {
  if (Array.isArray(data)) yield data
  const path = options?.response_path
  const members = data as Record<string, unknown>
  if (path) yield members[path]
  else if (!Array.isArray(data)) yield* Object.values(members).filter(Array.isArray)
}

function definedOf(options: CompatPagination = {}): CompatPagination {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined))
}
