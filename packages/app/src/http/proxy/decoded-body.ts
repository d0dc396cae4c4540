import { pipeline, Readable } from 'node:stream'
import type { Transform } from 'node:stream'
import { createBrotliDecompress, createGunzip, createInflate, createInflateRaw } from 'node:zlib'

type OpenDecoder = (first: Buffer) => Transform

const decoders: Readonly<Record<string, OpenDecoder>> = {
  gzip: () => createGunzip(),
  'x-gzip': () => createGunzip(),
  // Half of the servers leave the zlib header out.
  deflate: (first) => ((first[0] ?? 0) % 16 === 8 ? createInflate() : createInflateRaw()),
  br: () => createBrotliDecompress(),
}

/** The body without its encoding; null where it is one that we do not know. A broken one fails while it is read. */
export function decodedBody(body: Readable, encoding: string): Readable | null {
  const open = decoders[encoding.trim().toLowerCase()]
  return open === undefined ? null : Readable.from(decoded(body, open), { objectMode: false })
}

/** The answer to a HEAD names an encoding too, and has nothing to decode. */
async function* decoded(body: Readable, open: OpenDecoder): AsyncGenerator<Buffer> {
  const chunks = body[Symbol.asyncIterator]() as AsyncIterableIterator<Buffer>
  const first = await chunks.next()
  if (first.done === true) return
  const decoder = open(first.value)
  async function* all(): AsyncGenerator<Buffer> {
    yield first.value as Buffer
    yield* chunks
  }
  // The failure of either end is the failure of what is read.
  pipeline(all(), decoder, () => undefined)
  yield* decoder as AsyncIterable<Buffer>
}
