import { PlumbError } from '@plumb/protocol'
import type { Connection, Credential, Provider, ProviderRequest } from '@plumb/protocol'
import { attachCredential, secretsOf } from './attach-credential.js'
import type { Attachment } from './attach-credential.js'
import { interpolate } from './base-address.js'
import { bytesOf } from './body-value.js'
import { createRedaction } from './redaction.js'
import type { Redaction } from './redaction.js'
import { resolveUrl } from './resolve-url.js'
import type { BaseAddress } from './resolve-url.js'
import { signRequest } from './sign-request.js'
import type { SigningParts } from './sign-request.js'
import type { PreparedRequest } from './transport.js'

/** How long a provider may take to answer. */
export const defaultTimeoutMs = 120_000
const maxRequestBytes = 16 * 1024 * 1024

/** Headers that are the gateway's business, or would make the call another one than it seems. */
const strippedHeaders =
  /^(authorization|proxy-.*|cookie|host|connection|keep-alive|te|trailer|upgrade|expect|content-length|transfer-encoding|accept-encoding|x-http-method(-override)?|x-method-override)$/

/** A request that was found sendable; credentials are added only when it is sent. */
export type Plan = {
  readonly request: ProviderRequest
  readonly url: URL
  /** Relative to the base URL, without query. */
  readonly path: string
  readonly method: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer | null
}

export type Target = {
  readonly provider: Provider
  readonly connection: Connection
  readonly address: BaseAddress
  /** How long one transport call may take. */
  readonly timeoutMs: number
  /** What receipts must not keep, beside the credential. */
  readonly secrets?: readonly string[]
  /** For credentials that prove each request instead of being sent. */
  readonly signing?: Omit<SigningParts, 'provider'>
}

/** Checks `request` and gives it its URL and headers. Throws PlumbError `host-not-allowed` or `request-invalid`. */
export function planRequest(request: ProviderRequest, target: Target): Plan {
  const { provider, connection, address } = target
  const url = resolveUrl(request.endpoint, address)
  addQuery(url, request.query)
  const values = connection.connectionConfig
  const defaults = Object.entries(provider.proxy.query).filter(
    ([name]) => !url.searchParams.has(name),
  )
  addQuery(
    url,
    defaults.map(([name, value]) => [name, interpolate(value, values)] as const),
  )
  const body = request.body === null ? null : bytesOf(request.body)
  if (body !== null && body.length > maxRequestBytes) {
    throw new PlumbError({
      code: 'request-invalid',
      message: `The body of "${request.method} ${request.endpoint}" has ${body.length} bytes; ${maxRequestBytes} may be sent.`,
      remedy: 'Send it in parts.',
    })
  }
  const basePath = new URL(address.baseUrl).pathname.replace(/\/+$/, '')
  return {
    request,
    url,
    path: url.pathname.slice(basePath.length).replace(/^\/+/, ''),
    method: request.method,
    headers: headersOf(request, target),
    body,
  }
}

function addQuery(url: URL, query: readonly (readonly [string, string])[]): void {
  if (query.length === 0) return
  const added = query.map((pair) => pair.map(encodeURIComponent).join('=')).join('&')
  url.search = url.search === '' ? added : `${url.search}&${added}`
}

function headersOf(request: ProviderRequest, target: Target): Record<string, string> {
  const values = target.connection.connectionConfig
  const headers: Record<string, string> = { accept: '*/*', 'user-agent': 'plumb' }
  for (const [name, value] of Object.entries(target.provider.proxy.headers)) {
    headers[name.toLowerCase()] = interpolate(value, values)
  }
  for (const [name, value] of Object.entries(request.headers)) {
    const lower = name.toLowerCase()
    if (strippedHeaders.test(lower)) continue
    refuseBadHeader(lower, value)
    headers[lower] = value
  }
  if (request.body !== null && headers['content-type'] === undefined) {
    headers['content-type'] = 'application/json'
  }
  return headers
}

function refuseBadHeader(name: string, value: string): void {
  if (/^[!#$%&'*+.^_`|~0-9a-z-]+$/.test(name) && /^[\t\x20-\x7e\x80-\xff]*$/.test(value)) return
  throw new PlumbError({
    code: 'request-invalid',
    message: `The header ${JSON.stringify(name)} is ${JSON.stringify(value)}, which HTTP can not carry.`,
    remedy:
      'Use letters, digits and "-" in the name, and no line breaks in the value; encode other text.',
  })
}

export type Sealed = { readonly prepared: PreparedRequest; readonly redaction: Redaction }

/** Adds the credential to a plan, and says what must be removed from what is kept of it. */
export function sealRequest(plan: Plan, target: Target, credential: Credential): Sealed {
  const attachment = attachCredential(target.provider, credential)
  const own = new URL(target.address.baseUrl).host === plan.url.host
  const prepared = {
    method: plan.method,
    url: withSecretQuery(plan.url, attachment),
    headers: { ...plan.headers, ...attachment.headers },
    body: plan.body,
    allowPrivateAddress: own && target.address.allowPrivateAddress,
    timeoutMs: target.timeoutMs,
  }
  const signed = target.signing
    ? signRequest(prepared, credential, { ...target.signing, provider: target.provider })
    : {}
  return {
    prepared: { ...prepared, headers: { ...prepared.headers, ...signed } },
    redaction: redactionOf(target, credential, attachment),
  }
}

/** Compiling the patterns of a credential takes longer than using them, and executions keep it for many calls. */
const redactions = new WeakMap<Credential, { readonly of: string; readonly redaction: Redaction }>()

function redactionOf(target: Target, credential: Credential, attachment: Attachment): Redaction {
  const names = [Object.keys(attachment.headers), Object.keys(attachment.query)]
  const of = JSON.stringify([target.secrets, ...names])
  const known = redactions.get(credential)
  if (known?.of === of) return known.redaction
  const secrets = [...secretsOf(credential), ...(target.secrets ?? [])]
  const redaction = createRedaction(secrets, attachment)
  redactions.set(credential, { of, redaction })
  return redaction
}

function withSecretQuery(url: URL, attachment: Attachment): string {
  const names = Object.keys(attachment.query)
  if (names.length === 0) return url.href
  const sealed = new URL(url)
  for (const name of names) sealed.searchParams.delete(name)
  addQuery(sealed, Object.entries(attachment.query))
  return sealed.href
}
