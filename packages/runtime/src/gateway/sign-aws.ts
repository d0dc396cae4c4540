import { createHash, createHmac } from 'node:crypto'
import type { CredentialOf } from '@plumb/protocol'
import { compare, percentEncode } from './sign-oauth1.js'

type Signable = {
  readonly method: string
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer | null
}

type AwsProof = {
  readonly credential: CredentialOf<'aws'>
  readonly service: string
  readonly region: string
  readonly at: Date
  /** S3 wants the hash of the body as a signed header too; AWS's published examples have none. Default true. */
  readonly withBodyHash?: boolean
}

/** The headers of AWS Signature Version 4 for a request. Only what decides about its meaning is signed. */
export function signAws(request: Signable, proof: AwsProof): Record<string, string> {
  const { credential, service, region } = proof
  const time = proof.at.toISOString().replace(/[-:]|\.\d{3}/g, '')
  const url = new URL(request.url)
  const bodyHash = bodyHashOf(request)
  const added: Record<string, string> = {
    'x-amz-date': time,
    ...(proof.withBodyHash !== false && { 'x-amz-content-sha256': bodyHash }),
    ...(credential.sessionToken !== undefined && {
      'x-amz-security-token': credential.sessionToken,
    }),
  }
  const signed = signedHeaders({ host: url.host, ...request.headers, ...added })
  const names = signed.map(([name]) => name).join(';')
  const canonical = [
    request.method.toUpperCase(),
    canonicalPath(url.pathname, service),
    canonicalQuery(url),
    ...signed.map(([name, value]) => `${name}:${value.trim().replace(/\s+/g, ' ')}`),
    '',
    names,
    bodyHash,
  ].join('\n')
  const scope = [time.slice(0, 8), region, service, 'aws4_request'].join('/')
  const text = ['AWS4-HMAC-SHA256', time, scope, sha256(Buffer.from(canonical, 'utf8'))].join('\n')
  const key = [...scope.split('/')].reduce<Buffer>(
    (secret, part) => hmac(secret, part),
    Buffer.from(`AWS4${credential.secretAccessKey}`, 'utf8'),
  )
  const signature = hmac(key, text).toString('hex')
  return {
    ...added,
    authorization: `AWS4-HMAC-SHA256 Credential=${credential.accessKeyId}/${scope}, SignedHeaders=${names}, Signature=${signature}`,
  }
}

/** What stands for the body in the signature: its hash, or that it is not signed, where the caller says so. */
function bodyHashOf({ headers, body }: Signable): string {
  const unsigned = 'UNSIGNED-PAYLOAD'
  if (headers['x-amz-content-sha256'] === unsigned) return unsigned
  return sha256(body ?? Buffer.alloc(0))
}

/** Proxies rewrite the rest of the headers. */
function signedHeaders(headers: Readonly<Record<string, string>>): [string, string][] {
  return Object.entries(headers)
    .map(([name, value]): [string, string] => [name.toLowerCase(), value])
    .filter(([name]) => /^(host|content-type|x-amz-.*)$/.test(name))
    .sort(([a], [b]) => (a < b ? -1 : 1))
}

/**
 * S3 signs the name of the object, encoded in the one strict way; every other service encodes once more what was sent,
 * and takes a row of slashes for one.
 */
function canonicalPath(path: string, service: string): string {
  if (service !== 's3')
    return path
      .replace(/\/{2,}/g, '/')
      .split('/')
      .map(percentEncode)
      .join('/')
  return path.split('/').map(decoded).map(percentEncode).join('/')
}

/** What is not encoded rightly stands for itself. */
function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    return segment
  }
}

/** By name and then by value: "Filter.1" comes before "Filter.10", which as text "Filter.1=" does not. */
export function canonicalQuery(url: URL): string {
  return [...url.searchParams]
    .map(([name, value]) => [percentEncode(name), percentEncode(value)] as const)
    .sort(([a, x], [b, y]) => compare(a, b) || compare(x, y))
    .map((pair) => pair.join('='))
    .join('&')
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex')
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest()
}
