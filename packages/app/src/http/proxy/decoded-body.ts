import { pipeline } from 'node:stream'
import type { Readable, Transform } from 'node:stream'
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib'

const decoders: Readonly<Record<string, () => Transform>> = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
}

/** The body without its encoding; null where it is one that we do not know. A broken one fails while it is read. */
export function decodedBody(body: Readable, encoding: string): Readable | null {
  const decoder = decoders[encoding.trim().toLowerCase()]?.()
  if (decoder === undefined) return null
  // The failure of either end is the failure of what is read.
  pipeline(body, decoder, () => undefined)
  return decoder
}
