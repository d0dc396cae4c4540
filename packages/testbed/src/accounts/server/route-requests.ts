import type { AccountAnswer, AccountRequest } from './account-request.js'

export type RoutedRequest = AccountRequest & {
  /** Path parameters, decoded. */
  readonly params: Readonly<Record<string, string>>
}

export type Route = {
  readonly method: string
  /** With `{name}` placeholders. */
  readonly path: string
  handle(request: RoutedRequest): AccountAnswer
}

/** Answers with the first route that fits, or null where none does. */
export function routeRequests(
  routes: readonly Route[],
): (request: AccountRequest) => AccountAnswer | null {
  const compiled = routes.map((route) => {
    const pattern = route.path.replaceAll(/\{(\w+)\}/g, '(?<$1>[^/]+)')
    return { route, pattern: new RegExp(`^${pattern}$`) }
  })
  return (request) => {
    for (const { route, pattern } of compiled) {
      const found = route.method === request.method ? pattern.exec(request.path) : null
      if (!found) continue
      const decoded = Object.entries(found.groups ?? {}).map(
        ([name, value]) => [name, decodeURIComponent(value)] as const,
      )
      return route.handle({ ...request, params: Object.fromEntries(decoded) })
    }
    return null
  }
}
