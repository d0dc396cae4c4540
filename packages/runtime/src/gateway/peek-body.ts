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

/** How long a rule waits for the start of a body, in milliseconds: who asked waits as long for its headers. */
const longestPeekMs = 10_000

type Next = Promise<IteratorResult<Buffer>>
type Peeked = { readonly chunks: Buffer[]; readonly rest: Rest | null }
/** What comes behind the start: `next` was asked for already. */
type Rest = { readonly iterator: AsyncIterator<Buffer>; readonly next: Next | null }

/** The start of a body, all of it when it is short and comes in time, and a body that still has everything. */
export async function peekBody(
  body: Readable,
  withinMs = longestPeekMs,
): Promise<{ readonly start: Buffer; readonly body: Readable }> {
  const { chunks, rest } = await read(body, withinMs)
  const start = Buffer.concat(chunks)
  if (rest === null) return { start, body: bodyOf(start) }
  return { start: start.subarray(0, 0), body: continued(start, body, rest) }
}

async function read(body: Readable, withinMs: number): Promise<Peeked> {
  const iterator = body.iterator({ destroyOnReturn: false }) as AsyncIterator<Buffer>
  const chunks: Buffer[] = []
  let bytes = 0
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), withinMs)
  })
  try {
    while (bytes < mostPeeked) {
      const next = iterator.next()
      // A failure is that of whoever reads on.
      const come = await Promise.race([next.catch(() => null), late])
      if (come === null) return { chunks, rest: { iterator, next } }
      if (come.done === true) return { chunks, rest: null }
      chunks.push(come.value)
      bytes += come.value.length
    }
    return { chunks, rest: { iterator, next: null } }
  } finally {
    clearTimeout(timer)
  }
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

function continued(start: Buffer, body: Readable, rest: Rest): Readable {
  async function* all(): AsyncGenerator<Buffer> {
    if (start.length > 0) yield start
    for (let asked = rest.next; ; asked = null) {
      const next = await (asked ?? rest.iterator.next())
      if (next.done === true) return
      yield next.value
    }
  }
  const whole = Readable.from(all(), { objectMode: false })
  whole.once('close', () => body.destroy())
  return whole
}
