import type { Provider, ProviderAuth } from '@plumb/protocol'
import { problemAt } from './entry-source.js'
import type { EntrySource, ProviderProblem } from './entry-source.js'
import { waysOf, webhookProblems } from './webhook-rules.js'

type Path = readonly (string | number)[]
type Found = readonly [path: Path, message: string]
type Text = readonly [path: Path, text: string]

/** What a complete and careful entry would not have; such an entry works all the same. */
export function catalogProblems(provider: Provider, source: EntrySource): ProviderProblem[] {
  const found = [
    ...docsProblems(provider),
    ...addresses(provider).flatMap((text) => addressProblems(text, provider)),
    ...fieldProblems(provider),
    ...scopeProblems(provider),
    ...proxyProblems(provider),
    ...webhookProblems(provider),
  ]
  return found.map(([path, message]) => problemAt(path, source, message))
}

function docsProblems({ docs, categories }: Provider): Found[] {
  return [
    ...(docs === undefined
      ? [[[], '"docs" is missing. Name the page of the vendor that the facts are from.'] as const]
      : []),
    ...(categories.length === 0
      ? [[[], '"categories" is empty. Name at least one.'] as const]
      : []),
  ]
}

/** Every text that must be a URL once its placeholders are filled in. */
function addresses({ docs, auth, proxy, webhook, variants = [] }: Provider): Text[] {
  const hosts = proxy.hosts.map((host, at): Text => [['proxy', 'hosts', at], `https://${host}`])
  return [
    ...present([['docs'], docs]),
    ...present([['webhook', 'docs'], webhook?.docs]),
    ...authAddresses(auth, ['auth']),
    [['proxy', 'baseUrl'], proxy.baseUrl],
    ...hosts,
    ...variants.flatMap((one, at) => [
      ...present([['variants', at, 'docs'], one.docs]),
      ...present([['variants', at, 'baseUrl'], one.baseUrl]),
      ...(one.auth ? authAddresses(one.auth, ['variants', at, 'auth']) : []),
    ]),
  ]
}

/** Members of each way of authorising that are called, or that people are sent to. */
const addressNames = [
  ...['authorizationUrl', 'tokenUrl', 'refreshUrl', 'revocationUrl'],
  ...['requestTokenUrl', 'accessTokenUrl', 'installationUrl', 'resource'],
]

function authAddresses(auth: ProviderAuth, path: Path): Text[] {
  const own = Object.entries(auth).flatMap(([name, value]): Text[] =>
    addressNames.includes(name) && typeof value === 'string' ? [[[...path, name], value]] : [],
  )
  const rule = auth.mode === 'two-step' ? auth.token : undefined
  const exchange = auth.mode === 'jwt' ? auth.exchange : undefined
  return [
    ...own,
    ...present([[...path, 'token', 'url'], rule?.url]),
    ...present([[...path, 'exchange', 'url'], exchange?.url]),
  ]
}

function present([path, text]: readonly [Path, string | undefined]): Text[] {
  return text === undefined ? [] : [[path, text]]
}

const placeholder = /\$\{([^}]*)\}/g

function addressProblems([path, text]: Text, { connectionConfig = {} }: Provider): Found[] {
  const name = path.join('.')
  const filled = text.replace(placeholder, (whole, inside: string) => {
    return connectionConfig[fieldOf(inside)]?.example ?? (fieldOf(inside) === '' ? 'x' : whole)
  })
  if (filled.includes('${')) return []
  if (!URL.canParse(filled)) return [[path, `"${name}" is "${text}", not a URL.`]]
  const { protocol, hostname } = new URL(filled)
  if (protocol !== 'https:' && !/^(localhost|127\.0\.0\.1|\[::1\])$/.test(hostname)) {
    return [[path, `"${name}" is "${text}". Credentials go over HTTPS only.`]]
  }
  return text.endsWith('/') && path.at(-1) === 'baseUrl'
    ? [[path, `"${name}" is "${text}". Leave the slash at its end out: endpoints begin with one.`]]
    : []
}

/** Placeholders without a field, fields without a placeholder, examples that their own pattern refuses. */
function fieldProblems(provider: Provider): Found[] {
  const { connectionConfig = {}, auth, proxy, webhook, variants = [] } = provider
  const placeholders = textsOf({ auth, proxy, variants }).flatMap(placeholdersOf)
  const ways = waysOf(provider)
  const strange = placeholders.filter(
    ({ whole, field }) =>
      !Object.hasOwn(connectionConfig, field) && !ways.some((way) => isKnown(whole, way)),
  )
  const routed = fieldOf(webhook?.route?.matches ?? '')
  const used = new Set([...placeholders.map(({ field }) => field), routed])
  const unused = Object.keys(connectionConfig).filter((name) => !used.has(name))
  return [
    ...strange.map(({ path, whole }): Found => {
      return [path, `"${whole}" of "${path.join('.')}" is not a field of "connectionConfig".`]
    }),
    ...unused.map((name): Found => {
      return [['connectionConfig', name], `"connectionConfig.${name}" is used nowhere.`]
    }),
    ...Object.entries(connectionConfig).flatMap(([name, { example, pattern }]): Found[] => {
      if (pattern === undefined || new RegExp(`^(?:${pattern})$`).test(example)) return []
      const message = `the example "${example}" does not match the pattern "${pattern}".`
      return [[['connectionConfig', name], message]]
    }),
  ]
}

/** What authorising fills in beside `connectionConfig`: a field of the credential, the app's own, a signed token. */
function isKnown(whole: string, auth: ProviderAuth): boolean {
  const name = /^\$\{credentials\.([\w-]+)\}$/.exec(whole)?.[1]
  if (name !== undefined) return 'credentials' in auth && Object.hasOwn(auth.credentials, name)
  if (auth.mode === 'app')
    return /^\$\{(app\.(slug|id)|connectionConfig\.installation_id)\}$/.test(whole)
  return whole === '${jwt}' && auth.mode === 'jwt'
}

/** `field` is empty for what is no value of `connectionConfig`. */
function placeholdersOf([path, text]: Text) {
  return [...text.matchAll(placeholder)].map(([whole, inside = '']) => {
    return { path, whole, field: fieldOf(inside) }
  })
}

function fieldOf(inside: string): string {
  return /^connectionConfig\.([\w-]+)$/.exec(inside)?.[1] ?? ''
}

function textsOf(value: unknown, path: Path = []): Text[] {
  if (typeof value === 'string') return [[path, value]]
  if (Array.isArray(value)) return value.flatMap((one, at) => textsOf(one, [...path, at]))
  return Object.entries(value ?? {}).flatMap(([name, one]) => textsOf(one, [...path, name]))
}

function scopeProblems({ auth, variants = [] }: Provider): Found[] {
  const all: [Path, ProviderAuth | undefined][] = [
    [['auth'], auth],
    ...variants.map((one, at): [Path, ProviderAuth | undefined] => [
      ['variants', at, 'auth'],
      one.auth,
    ]),
  ]
  return all.flatMap(([path, one]) => {
    if (one?.mode !== 'oauth2') return []
    const twice = one.scopes.filter((scope, at) => one.scopes.indexOf(scope) !== at)
    return twice.map((scope): Found => [[...path, 'scopes'], `the scope "${scope}" stands twice.`])
  })
}

function proxyProblems({ proxy: { paginate, check } }: Provider): Found[] {
  const path = ['proxy', 'paginate']
  const found: Found[] = []
  if (paginate?.limit !== undefined && paginate.limit_name_in_request === undefined) {
    found.push([path, `"limit" is ${paginate.limit}, but "limit_name_in_request" is missing.`])
  }
  if (
    paginate?.type === 'link' &&
    paginate.link_rel_in_response_header === undefined &&
    paginate.link_path_in_response_body === undefined
  ) {
    found.push([path, 'names no place of the link: neither a rel nor a path.'])
  }
  if (check !== undefined && !check.endpoint.startsWith('/')) {
    const message = `"proxy.check.endpoint" is "${check.endpoint}". It begins with a slash.`
    found.push([['proxy', 'check', 'endpoint'], message])
  }
  return found
}
