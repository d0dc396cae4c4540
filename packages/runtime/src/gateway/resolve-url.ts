import { PlumbError } from '@plumb/protocol'

/** Where a connection's calls may go. All URLs are complete: no placeholders, no trailing slash. */
export type BaseAddress = {
  /** The integration's own base URL, or the provider's. */
  readonly baseUrl: string
  /** The provider's; an absolute endpoint on it is moved to `baseUrl`. */
  readonly providerBaseUrl: string
  /** Further hosts that may see the credential: `host` or `host:port`. */
  readonly hosts: readonly string[]
  /** Set by a replay: origins that the recorded run was allowed to call. */
  readonly origins?: readonly string[]
  /** The operator wrote the host of `baseUrl` for this account, so it may be private or loopback. */
  readonly allowPrivateAddress: boolean
}

/**
 * The URL a function means by `endpoint`. Throws PlumbError `host-not-allowed` or `request-invalid`; the path can
 * not leave that of the base URL.
 */
export function resolveUrl(endpoint: string, address: BaseAddress): URL {
  refuseUnreadable(endpoint)
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(endpoint)) return resolveAbsolute(endpoint, address)
  const relative = endpoint.replace(/^\/+/, '')
  refuseTraversal(endpoint, relative)
  return joinToBase(relative, address.baseUrl)
}

function joinToBase(relative: string, baseUrl: string): URL {
  const separator = relative === '' || relative.startsWith('?') ? '' : '/'
  return new URL(`${baseUrl.replace(/\/+$/, '')}${separator}${relative}`)
}

function resolveAbsolute(endpoint: string, address: BaseAddress): URL {
  if (!URL.canParse(endpoint)) {
    throw refusal(`The endpoint "${endpoint}" is not a URL.`, 'Use a path below the base URL.')
  }
  const url = new URL(endpoint)
  if (url.username !== '' || url.password !== '') {
    throw refusal(
      `The endpoint on "${url.host}" carries a user name or password.`,
      'Leave it out: the gateway adds the credential of the connection.',
    )
  }
  refuseTraversal(endpoint, endpoint.slice(endpoint.indexOf('://') + 3).replace(/^[^/?]*\/?/, ''))
  for (const base of [address.baseUrl, address.providerBaseUrl]) {
    const relative = below(url, new URL(base))
    if (relative !== null) return joinToBase(relative, address.baseUrl)
  }
  if (url.protocol === 'https:' && address.hosts.includes(url.host)) return url
  if (address.origins?.includes(url.origin) === true) return url
  throw new PlumbError({
    code: 'host-not-allowed',
    message: `The endpoint "${endpoint}" is not below "${address.baseUrl}" of this connection.`,
    remedy: allowedInstead(address),
  })
}

function allowedInstead(address: BaseAddress): string {
  const hosts = address.hosts.length === 0 ? '' : ` Also allowed: ${address.hosts.join(', ')}.`
  return (
    `Use a path relative to the base URL.${hosts} ` +
    'Another host of the same vendor belongs into "proxy.hosts" of the provider entry.'
  )
}

/** Path and query of `url` relative to `base`, or null when it is elsewhere. */
function below(url: URL, base: URL): string | null {
  if (url.origin !== base.origin) return null
  const basePath = base.pathname.replace(/\/+$/, '')
  if (url.pathname !== basePath && !url.pathname.startsWith(`${basePath}/`)) return null
  return url.pathname.slice(basePath.length).replace(/^\/+/, '') + url.search
}

function refuseUnreadable(endpoint: string): void {
  const path = endpoint.split('?')[0] ?? ''
  // A URL parser would drop control characters and read a backslash as a slash.
  const hidden = [...endpoint].find((char) => char.charCodeAt(0) < 32 || char === '\u007f')
  if (hidden !== undefined || path.includes('\\')) {
    throw refusal(
      `The endpoint ${JSON.stringify(endpoint)} holds a control character or a backslash.`,
      'Encode the value with encodeURIComponent.',
    )
  }
  if (endpoint.includes('#')) {
    throw refusal(
      `The endpoint "${endpoint}" holds "#", which would cut off the rest of it.`,
      'Encode the value with encodeURIComponent.',
    )
  }
}

function refuseTraversal(endpoint: string, relative: string): void {
  const path = relative.split('?')[0] ?? ''
  const steps = decodeFully(path).split(/[/\\]/)
  if (!steps.some((step) => step === '..' || step === '.')) return
  throw refusal(
    `The endpoint "${endpoint}" steps out of its path with "." or "..".`,
    'Write the whole path below the base URL; check the value that was put into it.',
  )
}

/** Servers differ in how often they decode a path, so every layer counts. */
function decodeFully(path: string): string {
  let decoded = path
  for (let layer = 0; layer < 4; layer++) {
    const next = decoded.replace(/%(2e|2f|5c|25)/gi, (code) => decodeURIComponent(code))
    if (next === decoded) break
    decoded = next
  }
  return decoded
}

function refusal(message: string, remedy: string): PlumbError {
  return new PlumbError({ code: 'request-invalid', message, remedy })
}
