import type { Operation } from '@plumb/protocol'

type Named = Pick<Operation, 'method' | 'path'>

export type OperationMatcher<Known extends Named = Operation> = {
  /** The operation that a call was, or null when the description has none like it. */
  match(method: string, url: string): Known | null
}

type Described<Known> = {
  readonly baseUrl: string | null
  readonly operations: readonly Known[]
}

type Template<Known> = {
  readonly operation: Known
  readonly pattern: RegExp
  readonly literal: number
}

/**
 * Recognises calls as operations of a description. `baseUrls` are the addresses that a path may stand below: that of
 * the connection and that of the provider.
 */
export function createOperationMatcher<Known extends Named>(
  description: Described<Known>,
  baseUrls: readonly string[],
): OperationMatcher<Known> {
  const described = pathOf(description.baseUrl ?? '/')
  const prefixes = baseUrls.map(pathOf)
  const templates = description.operations.map(templateOf)
  return {
    match: (method, url) => {
      const called = pathOf(url)
      const paths = pathsBelow(called, prefixes, described)
      const matching = templates.filter(
        ({ operation, pattern }) =>
          operation.method === method.toUpperCase() && paths.some((path) => pattern.test(path)),
      )
      // A written-out segment says more than a placeholder: /user/repos is not /user/{id}.
      return matching.sort((a, b) => b.literal - a.literal)[0]?.operation ?? null
    },
  }
}

/** The called path, without what the connection's base URL and the description's base URL put before it. */
function pathsBelow(called: string, prefixes: readonly string[], described: string): string[] {
  const paths = new Set([called])
  for (const prefix of prefixes) {
    if (called.startsWith(`${prefix}/`)) paths.add(called.slice(prefix.length))
  }
  for (const path of [...paths]) {
    if (described !== '' && path.startsWith(`${described}/`))
      paths.add(path.slice(described.length))
  }
  return [...paths]
}

function pathOf(url: string): string {
  const path = URL.canParse(url) ? new URL(url).pathname : url.replace(/[?#].*$/, '')
  return `/${path.replace(/^\/+|\/+$/g, '')}`.replace(/^\/$/, '')
}

function templateOf<Known extends Named>(operation: Known): Template<Known> {
  const parts = pathOf(operation.path.replaceAll('{', '%7B').replaceAll('}', '%7D')).split(
    /(%7B.*?%7D)/,
  )
  const pattern = parts
    .map((part) => {
      if (/^%7B\+/.test(part)) return '.+'
      return part.startsWith('%7B') ? '[^/]+' : part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')
    })
    .join('')
  const literal = parts.filter((part) => !part.startsWith('%7B')).join('').length
  return { operation, pattern: new RegExp(`^${pattern}$`), literal }
}
