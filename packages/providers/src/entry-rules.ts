import type { Provider, ProviderAuth } from '@plumb/protocol'
import { problemAt } from './entry-source.js'
import type { EntrySource, ProviderProblem } from './entry-source.js'

type Path = readonly (string | number)[]
type Found = readonly [path: Path, message: string]

/** What makes an entry useless or dangerous at run time though it fits the schema. */
export function brokenRules(provider: Provider, source: EntrySource): ProviderProblem[] {
  const { auth, proxy, variants = [] } = provider
  const found = [
    ...keyPlaces(auth, ['auth']),
    ...variants.flatMap((one, at) => keyPlaces(one.auth ?? auth, ['variants', at, 'auth'])),
    ...proxy.access.flatMap((rule, at): Found[] =>
      rule.status === undefined && rule.matches === undefined
        ? [[['proxy', 'access', at], 'a rule without "status" and "matches" would match anything.']]
        : [],
    ),
    ...patternsOf(provider).flatMap(([path, pattern]) => badPattern(path, pattern)),
  ]
  return found.map(([path, message]) => problemAt(path, source, message))
}

function keyPlaces(auth: ProviderAuth, path: Path): Found[] {
  if (auth.mode !== 'api-key' || (auth.header === undefined) !== (auth.query === undefined)) {
    return []
  }
  const given = auth.header === undefined ? 'neither' : 'both'
  return [[path, `"auth" names ${given} of "header" and "query". It needs exactly one.`]]
}

function patternsOf({ proxy, connectionConfig = {} }: Provider): [Path, string | undefined][] {
  return [
    ...proxy.access.map((rule, at): [Path, string | undefined] => [
      ['proxy', 'access', at, 'matches'],
      rule.matches,
    ]),
    [['proxy', 'retry', 'inBody', 'matches'], proxy.retry?.inBody?.matches],
    ...Object.entries(connectionConfig).map(([name, field]): [Path, string | undefined] => [
      ['connectionConfig', name, 'pattern'],
      field.pattern,
    ]),
  ]
}

function badPattern(path: Path, pattern: string | undefined): Found[] {
  try {
    new RegExp(pattern ?? '')
    return []
  } catch (error) {
    const name = path.at(-1)
    return [[path, `"${name}" is "${pattern}", not a regular expression: ${String(error)}`]]
  }
}
