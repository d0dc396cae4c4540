import { createHash } from 'node:crypto'
import { textOf } from './request-query.js'

/** A body with the content type that its encoding implies. */
export type EncodedBody = { readonly bytes: Buffer; readonly contentType: string }

/** Encodes `data` by the caller's content type, or by its own nature. Null when there is nothing to send. */
export async function encodeBody(data: unknown, contentType: string): Promise<EncodedBody | null> {
  if (data === undefined || data === null) return null
  if (isFormData(data)) return encodeMultipart([...data])
  if (data instanceof URLSearchParams) return textBody(data.toString(), contentType || formType)
  if (typeof data === 'string') return textBody(data, contentType || 'text/plain;charset=utf-8')
  const bytes = await bytesOf(data)
  if (bytes !== null) return { bytes, contentType: contentType || 'application/octet-stream' }
  return encodeObject(data, contentType)
}

/** Naming the FormData class would load Node's whole HTTP client. */
function isFormData(data: unknown): data is FormData {
  return Object.prototype.toString.call(data) === '[object FormData]'
}

const formType = 'application/x-www-form-urlencoded'

async function encodeObject(data: unknown, contentType: string): Promise<EncodedBody> {
  if (contentType.startsWith('multipart/form-data')) return encodeMultipart(flatten(data))
  if (contentType.startsWith(formType)) return encodeForm(data, contentType)
  return textBody(JSON.stringify(data), contentType || 'application/json')
}

function textBody(text: string, contentType: string): EncodedBody {
  return { bytes: Buffer.from(text, 'utf8'), contentType }
}

async function bytesOf(data: unknown): Promise<Buffer | null> {
  if (data instanceof Uint8Array) return Buffer.from(data)
  if (data instanceof ArrayBuffer) return Buffer.from(data)
  if (data instanceof Blob) return Buffer.from(await data.arrayBuffer())
  return null
}

function encodeForm(data: unknown, contentType: string): EncodedBody {
  const form = new URLSearchParams()
  for (const [name, value] of flatten(data)) form.append(name, textOf(value))
  return textBody(form.toString(), contentType)
}

/** Nested members as `a[b]` and `a[0]`; bytes and scalars stay whole. */
function flatten(data: unknown, prefix = ''): [string, unknown][] {
  if (data === null || data === undefined) return []
  if (!isContainer(data)) return [[prefix, data]]
  return Object.entries(data).flatMap(([key, value]) =>
    flatten(value, prefix === '' ? key : `${prefix}[${key}]`),
  )
}

function isContainer(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false
  return !(value instanceof Blob || value instanceof Uint8Array || value instanceof Date)
}

/** The boundary comes from the content, so that equal requests have equal bytes. */
async function encodeMultipart(fields: [string, unknown][]): Promise<EncodedBody> {
  const parts = await Promise.all(fields.map(([name, value]) => part(name, value)))
  const hash = createHash('sha256')
  for (const bytes of parts) hash.update(bytes)
  const boundary = `plumb-${hash.digest('hex').slice(0, 32)}`
  const chunks = parts.flatMap((bytes) => [Buffer.from(`--${boundary}\r\n`), bytes])
  const bytes = Buffer.concat([...chunks, Buffer.from(`--${boundary}--\r\n`)])
  return { bytes, contentType: `multipart/form-data; boundary=${boundary}` }
}

async function part(name: string, value: unknown): Promise<Buffer> {
  const bytes = await bytesOf(value)
  const field = `content-disposition: form-data; name="${quoted(name)}"`
  if (bytes === null) return Buffer.from(`${field}\r\n\r\n${textOf(value)}\r\n`)
  const file = value instanceof File ? value.name : 'blob'
  const type = (value instanceof Blob && value.type) || 'application/octet-stream'
  const head = `${field}; filename="${quoted(file)}"\r\ncontent-type: ${type}\r\n\r\n`
  return Buffer.concat([Buffer.from(head), bytes, Buffer.from('\r\n')])
}

function quoted(text: string): string {
  return text.replaceAll('"', '%22').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
}
