import { isUtf8 } from 'node:buffer'
import type { WireBody } from '@plumb/protocol'

/** Text where the bytes are text, base64 where they are not. */
export function wireBody(bytes: Buffer): WireBody {
  const encoding = isUtf8(bytes) ? 'utf8' : 'base64'
  return { encoding, text: bytes.toString(encoding) }
}

export function bytesOf(body: WireBody): Buffer {
  return Buffer.from(body.text, body.encoding)
}
