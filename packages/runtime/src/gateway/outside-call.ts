import type { OutsideRequest } from '@plumb/protocol'
import { bytesOf, jsonIn } from './body-value.js'
import type { TransportAnswer } from './transport.js'

const maxHops = 5
/** Headers that belong to the exchange itself. */
const ownHeaders =
  /^(host|connection|keep-alive|te|trailer|upgrade|expect|content-length|transfer-encoding|accept-encoding|proxy-.*)$/
/** What a request to one origin must not tell another one. */
const originHeaders = /^(authorization|cookie|x-.*(key|token|secret).*)$/
const secretMembers =
  /^(access|refresh|id|auth|session|bearer|csrf)?_?-?(token|jwt)$|^(client_?secret|secret|password|api_?key)$/i
const readingMethods: ReadonlySet<string> = new Set([
  'GET',
  'HEAD',
  'OPTIONS',
  'PROPFIND',
  'REPORT',
])

/** One step of a call to any public address. */
export type OutsideHop = {
  readonly url: URL
  readonly method: string
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer | null
}

/** The first step of `request`. */
export function outsideHop(request: OutsideRequest): OutsideHop {
  const kept = Object.entries(request.headers)
    .map(([name, value]) => [name.toLowerCase(), value] as const)
    .filter(([name]) => !ownHeaders.test(name))
  const url = new URL(request.url)
  url.hash = ''
  const headers = { accept: '*/*', 'user-agent': 'plumb', ...Object.fromEntries(kept) }
  const body = request.body === null ? null : bytesOf(request.body)
  return { url, method: request.method, headers, body }
}

/** Whether a call may change something where it goes. */
export function isOutsideWrite({ method }: Pick<OutsideHop, 'method'>): boolean {
  return !readingMethods.has(method)
}

/** The step a redirect asks for, or null when the answer is to be handed on. Another origin sees no credentials. */
export function nextOutsideHop(
  from: OutsideHop,
  answer: TransportAnswer,
  hops: number,
): OutsideHop | null {
  if (answer.kind !== 'response' || hops >= maxHops) return null
  if (![301, 302, 303, 307, 308].includes(answer.status)) return null
  const location = answer.headers['location']
  if (location === undefined || !URL.canParse(location, from.url.href)) return null
  const url = new URL(location, from.url)
  url.hash = ''
  if (!/^https?:$/.test(url.protocol)) return null
  const repeats = answer.status >= 307 || !isOutsideWrite(from)
  const kept = Object.entries(from.headers).filter(
    ([name]) =>
      (url.origin === from.url.origin || !originHeaders.test(name)) &&
      (repeats || name !== 'content-type'),
  )
  const headers = Object.fromEntries(kept)
  if (!repeats) return { url, method: 'GET', headers, body: null }
  return { url, method: from.method, headers, body: from.body }
}

/** Tokens that an answer hands out: receipts must not keep them. */
export function secretsIn(answer: TransportAnswer): string[] {
  if (answer.kind !== 'response') return []
  const found: string[] = []
  JSON.stringify(jsonIn(answer.body) ?? null, (name: string, value: unknown) => {
    if (typeof value === 'string' && secretMembers.test(name)) found.push(value)
    return value
  })
  return found
}
