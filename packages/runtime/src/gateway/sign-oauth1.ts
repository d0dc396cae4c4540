import { createHmac, sign } from 'node:crypto'
import type { AuthOf } from '@plumb/protocol'
import { readPrivateKey } from '../connections/sign-jwt.js'

type Signable = {
  readonly method: string
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer | null
}

type OAuth1Proof = {
  readonly consumerKey: string
  /** With RSA-SHA1 the private key in PEM form. */
  readonly consumerSecret: string
  /** Absent before there is one. */
  readonly token?: string
  readonly tokenSecret?: string
  readonly method: AuthOf<'oauth1'>['signatureMethod']
  /** Seconds since 1970. */
  readonly timestamp: number
  readonly nonce: string
  /** Further members of the header, such as `oauth_callback`; signed like all. */
  readonly extra?: Readonly<Record<string, string>>
}

/** The `Authorization` header of OAuth 1.0a for a request (RFC 5849). Throws PlumbError `connection-invalid` for a key that is none. */
export function signOAuth1(request: Signable, proof: OAuth1Proof): string {
  const own: Record<string, string> = {
    oauth_consumer_key: proof.consumerKey,
    oauth_nonce: proof.nonce,
    oauth_signature_method: proof.method,
    oauth_timestamp: String(proof.timestamp),
    oauth_version: '1.0',
    ...(proof.token !== undefined && { oauth_token: proof.token }),
    ...proof.extra,
  }
  const signature = signatureOf(signatureBase(request, own), proof)
  const members = Object.entries({ ...own, oauth_signature: signature })
  return `OAuth ${members.map(([name, value]) => `${name}="${percentEncode(value)}"`).join(', ')}`
}

function signatureOf(
  base: string,
  { method, consumerSecret, tokenSecret = '' }: OAuth1Proof,
): string {
  if (method === 'RSA-SHA1') {
    return sign('sha1', Buffer.from(base), readPrivateKey(consumerSecret, 'rsa')).toString('base64')
  }
  const key = [consumerSecret, tokenSecret].map(percentEncode).join('&')
  if (method === 'PLAINTEXT') return key
  const hash = method === 'HMAC-SHA256' ? 'sha256' : 'sha1'
  return createHmac(hash, key).update(base).digest('base64')
}

/** The text that is signed (RFC 5849, section 3.4.1). */
export function signatureBase(request: Signable, own: Readonly<Record<string, string>>): string {
  const url = new URL(request.url)
  const pairs = [...Object.entries(own), ...url.searchParams, ...formPairs(request)]
  const parameters = pairs
    .map(([name, value]) => [percentEncode(name), percentEncode(value)] as const)
    .sort(([a, x], [b, y]) => compare(a, b) || compare(x, y))
    .map((pair) => pair.join('='))
    .join('&')
  const address = `${url.origin.toLowerCase()}${url.pathname}`
  return [request.method.toUpperCase(), address, parameters].map(percentEncode).join('&')
}

function formPairs({ headers, body }: Signable): [string, string][] {
  if (body === null || !isForm(headers)) return []
  return [...new URLSearchParams(body.toString('utf8'))]
}

/** Whether the body is a form, whose fields are signed. */
export function isForm(headers: Signable['headers']): boolean {
  const [type = ''] = (headers['content-type'] ?? '').split(';')
  return type.trim().toLowerCase() === 'application/x-www-form-urlencoded'
}

/** By their characters, whatever the language of this machine. */
export function compare(a: string, b: string): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}

/** RFC 3986, which is stricter than `encodeURIComponent`. */
export function percentEncode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}
