import { createHmac, createPrivateKey, sign } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { PlumbError } from '@plumb/protocol'
import type { Json } from '@plumb/protocol'

type JwtOrder = {
  readonly algorithm: 'HS256' | 'RS256' | 'ES256'
  /** PEM text, or the bytes of an HS256 secret. */
  readonly key: string | Buffer
  readonly header?: Readonly<Record<string, string>>
  readonly claims: Readonly<Record<string, Json>>
}

/** A signed token in compact form. Throws PlumbError `connection-invalid` for a key that is none; never shows it. */
export function signJwt({ algorithm, key, header, claims }: JwtOrder): string {
  const signed = [{ alg: algorithm, typ: 'JWT', ...header }, claims]
    .map((part) => Buffer.from(JSON.stringify(part), 'utf8').toString('base64url'))
    .join('.')
  return `${signed}.${signatureOf(signed, algorithm, key).toString('base64url')}`
}

function signatureOf(text: string, algorithm: JwtOrder['algorithm'], key: string | Buffer): Buffer {
  if (algorithm === 'HS256') return createHmac('sha256', key).update(text).digest()
  const privateKey = readPrivateKey(key.toString(), algorithm === 'RS256' ? 'rsa' : 'ec')
  return algorithm === 'RS256'
    ? sign('sha256', Buffer.from(text), privateKey)
    : sign('sha256', Buffer.from(text), { key: privateKey, dsaEncoding: 'ieee-p1363' })
}

/** A private key in PEM form. Throws PlumbError `connection-invalid`, which never shows it. */
export function readPrivateKey(text: string, type: 'rsa' | 'ec'): KeyObject {
  try {
    // Keys that went through a one-line form field have their line breaks written out.
    const key = createPrivateKey(text.replaceAll('\\n', '\n').trim())
    if (key.asymmetricKeyType === type) return key
    throw wrongKey(`The private key is of type "${key.asymmetricKeyType}" instead of "${type}".`)
  } catch (error) {
    if (error instanceof PlumbError) throw error
    throw wrongKey('The private key is not one in PEM form.')
  }
}

function wrongKey(message: string): PlumbError {
  return new PlumbError({
    code: 'connection-invalid',
    message,
    remedy: 'Give the whole key with its "-----BEGIN" and "-----END" lines.',
  })
}
