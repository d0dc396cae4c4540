import type { AccountAnswer, AccountRequest } from './account-request.js'

/** What a request is matched by; `path` has `{name}` placeholders. */
type Addressed = { readonly method: string; readonly path: string }

export type Match<Route> = {
  readonly route: Route
  /** Path parameters, decoded. */
  readonly params: Readonly<Record<string, string>>
}

/** Finds the first route that a request fits, or null. */
export function createRouter<Route extends Addressed>(
  routes: readonly Route[],
  prefix = '',
): (request: AccountRequest) => Match<Route> | null {
  const compiled = routes.map((route) => {
    const pattern = route.path.replaceAll(/\{(\w+)\}/g, '(?<$1>[^/]+)')
    return { route, pattern: new RegExp(`^${prefix}${pattern}$`) }
  })
  return (request) => {
    for (const { route, pattern } of compiled) {
      const found = route.method === request.method ? pattern.exec(request.path) : null
      if (!found) continue
      const decoded = Object.entries(found.groups ?? {}).map(
        ([name, value]) => [name, decodeURIComponent(value)] as const,
      )
      return { route, params: Object.fromEntries(decoded) }
    }
    return null
  }
}

export type RoutedRequest = AccountRequest & Pick<Match<unknown>, 'params'>

export type Route = Addressed & { handle(request: RoutedRequest): AccountAnswer }

/** Answers with the first route that fits, or null where none does. */
export function routeRequests(
  routes: readonly Route[],
): (request: AccountRequest) => AccountAnswer | null {
  const find = createRouter(routes)
  return (request) => {
    const match = find(request)
    return match ? match.route.handle({ ...request, params: match.params }) : null
  }
}
