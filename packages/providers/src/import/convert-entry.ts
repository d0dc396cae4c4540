import { paginationSchema, retryRuleSchema } from '@plumb/protocol'
import { convertAuth } from './convert-auth.js'
import { unreadMembers } from './foreign-entry.js'
import type { ForeignEntry } from './foreign-entry.js'

export type ConvertedEntry =
  | {
      readonly kind: 'entry'
      readonly entry: Readonly<Record<string, unknown>>
      /** What of it was left out, a sentence each. */
      readonly left: readonly string[]
    }
  | { readonly kind: 'skipped'; readonly reason: string }

/** An entry of a `providers.yaml` as one of ours. What has no place in ours is named, not guessed. */
export function convertEntry(name: string, foreign: ForeignEntry): ConvertedEntry {
  const baseUrl = firstAlternative(foreign.proxy?.base_url)
  if (baseUrl === undefined) return { kind: 'skipped', reason: 'it has no "proxy.base_url".' }
  const auth = convertAuth(foreign)
  if (auth.kind === 'skipped') return auth
  const left: string[] = [...auth.left, ...unreadMembers(foreign).map((member) => `"${member}"`)]
  const proxy = {
    baseUrl: baseUrl.replace(/\/+$/, ''),
    ...placed('headers', foreign.proxy?.headers, { used: auth.used, left }),
    ...placed('query', foreign.proxy?.query, { used: auth.used, left }),
    ...retryOf(foreign, left),
    ...paginateOf(foreign, left),
    ...checkOf(foreign),
    access: [{ kind: 'access-revoked', status: 401 }],
  }
  const described = { auth: auth.auth, proxy }
  return {
    kind: 'entry',
    entry: {
      name,
      displayName: foreign.display_name ?? name,
      categories: foreign.categories ?? [],
      ...(foreign.docs !== undefined && { docs: foreign.docs }),
      ...described,
      ...fieldsOf(foreign, JSON.stringify(described)),
    },
    left,
  }
}

/** Of `a || b` the first; ours have no alternatives. */
function firstAlternative(url: string | undefined): string | undefined {
  return url?.split('||')[0]?.trim()
}

type Placing = { readonly used: ReadonlySet<string>; readonly left: string[] }

/** Constant headers or query parameters; one that the credential goes into is the credential's. */
function placed(
  where: 'headers' | 'query',
  given: Readonly<Record<string, unknown>> | undefined,
  { used, left }: Placing,
): object {
  const kept: Record<string, string> = {}
  for (const [name, value] of Object.entries(given ?? {})) {
    if (used.has(`${where} ${name}`)) continue
    const text = String(value)
    if (/\$\{(?!connectionConfig\.)/.test(text)) left.push(`"proxy.${where}.${name}" (${text})`)
    else kept[name] = text
  }
  return Object.keys(kept).length === 0 ? {} : { [where]: kept }
}

function retryOf({ proxy }: ForeignEntry, left: string[]): object {
  const given = proxy?.retry
  if (given === undefined) return {}
  const codes = [given['error_code']].flat().filter((code) => code !== undefined)
  const parsed = retryRuleSchema.safeParse({
    ...pick(given, ['at', 'after', 'remaining']),
    errorCodes: codes.map(Number),
  })
  if (parsed.success) return { retry: parsed.data }
  left.push('"proxy.retry"')
  return {}
}

const paginationMembers = [
  ...['type', 'limit', 'limit_name_in_request', 'response_path', 'in_body'],
  ...['cursor_name_in_request', 'cursor_path_in_response'],
  ...['link_rel_in_response_header', 'link_path_in_response_body'],
  ...['offset_name_in_request', 'offset_start_value', 'offset_calculation_method'],
]

function paginateOf({ proxy }: ForeignEntry, left: string[]): object {
  const given = proxy?.paginate
  if (given === undefined) return {}
  const members = pick(given, paginationMembers)
  // A limit that no parameter carries would never be sent.
  if (members['limit_name_in_request'] === undefined) delete members['limit']
  const parsed = paginationSchema.safeParse(members)
  if (parsed.success) return { paginate: parsed.data }
  left.push('"proxy.paginate"')
  return {}
}

function checkOf({ proxy }: ForeignEntry): object {
  const { method = 'GET', endpoint, endpoints = [] } = proxy?.verification ?? {}
  const first = endpoint ?? endpoints[0]
  if (first === undefined) return {}
  return { check: { method, endpoint: first.startsWith('/') ? first : `/${first}` } }
}

/** The values a person gives, of those that the converted entry still uses. */
function fieldsOf({ connection_config: given = {} }: ForeignEntry, converted: string): object {
  const used = [...converted.matchAll(/\$\{connectionConfig\.([\w-]+)\}/g)].map(([, name]) => name)
  const fields = [...new Set(used)].flatMap((name = '') => {
    const { title, description, example, pattern } = given[name] ?? {}
    const shown = example === undefined ? 'example' : String(example)
    const fits = pattern !== undefined && matches(pattern, shown)
    const field = {
      title: title ?? name,
      ...(description !== undefined && { description }),
      example: shown,
      ...(fits && { pattern }),
    }
    return [[name, field] as const]
  })
  return fields.length === 0 ? {} : { connectionConfig: Object.fromEntries(fields) }
}

function matches(pattern: string, example: string): boolean {
  try {
    return new RegExp(`^(?:${pattern})$`).test(example)
  } catch {
    return false
  }
}

function pick(
  given: Readonly<Record<string, unknown>>,
  names: readonly string[],
): Record<string, unknown> {
  return Object.fromEntries(Object.entries(given).filter(([name]) => names.includes(name)))
}
