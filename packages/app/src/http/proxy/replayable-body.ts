import type { IncomingMessage } from 'node:http'
import type { Readable } from 'node:stream'
import type { StreamRequest } from '@plumb/runtime'

/** Bodies up to here are read before they are sent on, so that they can be sent again. */
const mostKept = 256 * 1024

/** The body of a request: read when it is known to be small, else as it comes; null for none. */
export async function readReplayable(
  { headers }: Pick<IncomingMessage, 'headers'>,
  body: Readable | undefined,
): Promise<StreamRequest['body']> {
  const length = headers['content-length']
  if (body === undefined || length === '0') return null
  if (length === undefined || Number(length) > mostKept) return body
  const chunks: Buffer[] = []
  for await (const chunk of body as AsyncIterable<Buffer>) chunks.push(chunk)
  return Buffer.concat(chunks)
}
