import type { Attachment } from './attach-credential.js'

export const secretMark = '[secret]'

/** Removes a connection's secrets from what is kept or shown. */
export type Redaction = {
  text(text: string): string
  bytes(bytes: Buffer): Buffer
  /** Also hides what is secret by name: credential headers and cookies. */
  headers(headers: Readonly<Record<string, string>>): Record<string, string>
  url(url: string): string
}

/** Below this length a value would be found by chance in ordinary text. */
const shortestSecret = 6

/** Printable ASCII and line breaks. */
const plain = /^[\t\n\r -~]*$/

const secretHeaders = new Set([
  'authorization',
  'proxy-authorization',
  'cookie',
  'set-cookie',
  'x-amz-security-token',
])

/** Finds each of `secrets` as it is, URL-encoded, JSON-escaped, in hex and at any offset inside base64. */
export function createRedaction(secrets: readonly string[], attachment: Attachment): Redaction {
  const long = secrets.filter((secret) => secret.length >= shortestSecret)
  const forms = [...new Set(long.flatMap(formsOf))].sort((a, b) => b.length - a.length)
  const pattern = forms.length === 0 ? null : new RegExp(forms.map(escapePattern).join('|'), 'g')
  const latin = (text: string) => (pattern === null ? text : text.replace(pattern, secretMark))
  // Latin-1 maps bytes to characters one to one, so the same pattern serves text in UTF-8 and binary bodies.
  const bytes = (value: Buffer) => {
    const before = value.toString('latin1')
    const after = latin(before)
    return after === before ? value : Buffer.from(after, 'latin1')
  }
  const text = (value: string) => {
    if (pattern === null) return value
    // The bytes of most texts are the same in UTF-8 and Latin-1.
    if (plain.test(value)) return latin(value)
    return bytes(Buffer.from(value, 'utf8')).toString('utf8')
  }
  const hidden = new Set([...secretHeaders, ...Object.keys(attachment.headers)])
  return {
    text,
    bytes,
    headers: (headers) =>
      Object.fromEntries(
        Object.entries(headers).map(([name, value]) => [
          name,
          hidden.has(name.toLowerCase()) ? secretMark : text(value),
        ]),
      ),
    url: (url) => text(hideQuery(url, Object.keys(attachment.query))),
  }
}

function hideQuery(url: string, names: readonly string[]): string {
  if (names.length === 0) return url
  const [path = '', query] = url.split(/\?(.*)/s)
  if (query === undefined) return url
  const parts = query.split('&').map((part) => {
    const [name = ''] = part.split('=')
    return names.includes(safeDecode(name)) ? `${name}=${secretMark}` : part
  })
  return `${path}?${parts.join('&')}`
}

function safeDecode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

function formsOf(secret: string): string[] {
  const bytes = Buffer.from(secret, 'utf8')
  const encoded = encodeURIComponent(secret)
  const form = new URLSearchParams({ s: secret }).toString().slice(2)
  const lowerCaseCodes = (text: string) =>
    text.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase())
  const forms = [
    bytes.toString('latin1'),
    encoded,
    lowerCaseCodes(encoded),
    encodeURIComponent(encoded),
    form,
    lowerCaseCodes(form),
    Buffer.from(JSON.stringify(secret).slice(1, -1), 'utf8').toString('latin1'),
    bytes.toString('hex'),
    bytes.toString('hex').toUpperCase(),
    ...[0, 1, 2].flatMap((offset) => base64At(bytes, offset)),
  ]
  return forms.filter((text) => text.length >= shortestSecret)
}

/** The characters of base64 that depend on the secret alone when `offset` bytes stand before it. */
function base64At(bytes: Buffer, offset: number): string[] {
  const encoded = Buffer.concat([Buffer.alloc(offset), bytes])
    .toString('base64')
    .replace(/=+$/, '')
  const from = Math.ceil((offset * 8) / 6)
  const to = Math.floor(((offset + bytes.length) * 8) / 6)
  const core = encoded.slice(from, to)
  const forUrls = core.replaceAll('+', '-').replaceAll('/', '_')
  return core.length >= 8 ? [core, forUrls, encodeURIComponent(core)] : []
}

function escapePattern(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')
}
