import { promisify } from 'node:util'
import * as zlib from 'node:zlib'

type Limit = { readonly maxOutputLength: number; readonly chunkSize?: number }
type Decoder = {
  readonly atOnce: (body: Buffer, limit: Limit) => Buffer
  readonly aside: (body: Buffer, limit: Limit) => Promise<Buffer>
}

const gunzip: Decoder = { atOnce: zlib.gunzipSync, aside: promisify(zlib.gunzip) }
const inflate: Decoder = { atOnce: zlib.inflateSync, aside: promisify(zlib.inflate) }
const inflateRaw: Decoder = { atOnce: zlib.inflateRawSync, aside: promisify(zlib.inflateRaw) }
const brotli: Decoder = {
  atOnce: zlib.brotliDecompressSync,
  aside: promisify(zlib.brotliDecompress),
}

/** No server needs more, and each is another pass over the whole body. */
const mostEncodings = 4
/** What is decoded without waiting, encoded and decoded: faster than another thread would be asked. */
const mostAtOnce = 256 * 1024

/** Another thread is asked again for each part. */
const partBytes = 1024 * 1024

/** A body without its encodings; `done` is false where one of them is none that we know, and the body as it came. */
export async function decodeBody(
  body: Buffer,
  encoding: string,
  limit: Limit,
): Promise<{ readonly body: Buffer; readonly done: boolean }> {
  const names = encoding.toLowerCase().split(/[\s,]+/).filter((name) => name !== '') // prettier-ignore
  if (names.length === 0 || body.length === 0) return { body, done: true }
  if (names.length > mostEncodings) throw new TooOftenEncodedError(names.length)
  let decoded = body
  for (const name of names.reverse()) {
    if (name === 'identity') continue
    const decoder = decoderOf(name, decoded)
    if (decoder === null) return { body, done: false }
    decoded = await decodeWith(decoder, decoded, limit)
  }
  return { body: decoded, done: true }
}

function decoderOf(name: string, body: Buffer): Decoder | null {
  if (name === 'gzip' || name === 'x-gzip') return gunzip
  if (name === 'br') return brotli
  if (name !== 'deflate') return null
  // Half of the servers leave the zlib header out.
  return (body[0] ?? 0) % 16 === 8 ? inflate : inflateRaw
}

/** A few bytes may stand for many megabytes, in which this thread would serve nobody. */
async function decodeWith({ atOnce, aside }: Decoder, body: Buffer, limit: Limit): Promise<Buffer> {
  const inParts = { ...limit, chunkSize: partBytes }
  if (body.length > mostAtOnce) return aside(body, inParts)
  try {
    return atOnce(body, { maxOutputLength: Math.min(limit.maxOutputLength, mostAtOnce) })
  } catch (error) {
    const isLarge = error instanceof RangeError && 'code' in error && error.code === tooLarge
    if (!isLarge) throw error
    return aside(body, inParts)
  }
}

const tooLarge = 'ERR_BUFFER_TOO_LARGE'

class TooOftenEncodedError extends Error {
  readonly code = 'HPE_ENCODINGS'

  constructor(times: number) {
    super(`the response is encoded ${times} times; ${mostEncodings} are decoded`)
  }
}
