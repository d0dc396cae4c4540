import { Readable } from 'node:stream'
import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib'
import type { Provider } from '@plumb/protocol'

/** Enough for every error body that a rule reads. */
const mostPeeked = 64 * 1024
/** Of a peeked body that is compressed; a bomb is nothing that a rule would read. */
const mostDecoded = 1024 * 1024

/** Whether a rule may have to read the body: of failures always, of successes where the provider fails in them. */
export function shouldPeek(
  { proxy }: Provider,
  answer: { readonly status: number; readonly headers: Readonly<Record<string, string>> },
): boolean {
  if (answer.status >= 400) return true
  const inBody =
    proxy.successPath !== undefined ||
    proxy.retry?.inBody !== undefined ||
    proxy.access.some((rule) => rule.status === undefined)
  return inBody && (answer.headers['content-type'] ?? '').includes('json')
}

/** The start of a body, all of it when it is short, and a body that still has everything. */
export async function peekBody(
  body: Readable,
): Promise<{ readonly start: Buffer; readonly body: Readable }> {
  const chunks: Buffer[] = []
  let bytes = 0
  const iterator = body.iterator({ destroyOnReturn: false }) as AsyncIterator<Buffer>
  let failure: unknown = null
  let ended = false
  while (bytes < mostPeeked && !ended) {
    try {
      const next = await iterator.next()
      ended = next.done === true
      if (next.done === true) break
      chunks.push(next.value)
      bytes += next.value.length
    } catch (error) {
      failure = error
      ended = true
    }
  }
  const start = Buffer.concat(chunks)
  if (ended && failure === null) return { start, body: bodyOf(start) }
  return { start: start.subarray(0, 0), body: continued(start, { body, iterator, failure }) }
}

const decoders: Readonly<Record<string, (bytes: Buffer) => Buffer>> = {
  gzip: (bytes) => gunzipSync(bytes, { maxOutputLength: mostDecoded }),
  'x-gzip': (bytes) => gunzipSync(bytes, { maxOutputLength: mostDecoded }),
  deflate: (bytes) => inflateSync(bytes, { maxOutputLength: mostDecoded }),
  br: (bytes) => brotliDecompressSync(bytes, { maxOutputLength: mostDecoded }),
}

/** What rules read of a start that was peeked at: nothing where it is in an encoding that we do not know, or broken. */
export function decodedStart(start: Buffer, encoding: string | undefined): Buffer {
  if (encoding === undefined || start.length === 0) return start
  const decode = decoders[encoding.trim().toLowerCase()]
  try {
    return decode?.(start) ?? Buffer.alloc(0)
  } catch {
    return Buffer.alloc(0)
  }
}

export function bodyOf(bytes: Buffer): Readable {
  return Readable.from(bytes.length === 0 ? [] : [bytes], { objectMode: false })
}

function continued(
  start: Buffer,
  rest: { body: Readable; iterator: AsyncIterator<Buffer>; failure: unknown },
): Readable {
  async function* all(): AsyncGenerator<Buffer> {
    yield start
    if (rest.failure !== null) throw rest.failure as Error
    for (;;) {
      const next = await rest.iterator.next()
      if (next.done === true) return
      yield next.value
    }
  }
  const body = Readable.from(all(), { objectMode: false })
  body.once('close', () => rest.body.destroy())
  return body
}
