import type { Readable } from 'node:stream'
import { PlumbError } from '@plumb/protocol'
import type { Provider } from '@plumb/protocol'
import { isForm } from './sign-oauth1.js'
import type { StreamRequest } from './stream-request.js'
import { isStream } from './stream-transport.js'

/** A proof over a body needs all of it at once. */
const mostSigned = 16 * 1024 * 1024

/**
 * The request with a body that the connection's credential can prove: AWS signs its hash, OAuth 1 the fields of a
 * form. Throws PlumbError `request-invalid` for one that is too large for that.
 */
export async function withSignableBody(
  { auth, displayName }: Pick<Provider, 'auth' | 'displayName'>,
  request: StreamRequest,
): Promise<StreamRequest> {
  const { body, headers } = request
  if (!isStream(body)) return request
  if (auth.mode === 'aws-sigv4' && auth.service === 's3') {
    // S3 alone takes a body that nobody has signed.
    return { ...request, headers: { ...headers, 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' } }
  }
  const signed = auth.mode === 'aws-sigv4' || (auth.mode === 'oauth1' && isForm(headers))
  return signed ? { ...request, body: await collect(body, displayName) } : request
}

async function collect(body: Readable, displayName: string): Promise<Buffer> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of body as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes > mostSigned) throw tooLarge(displayName)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

function tooLarge(displayName: string): PlumbError {
  return new PlumbError({
    code: 'request-invalid',
    message: `The body is larger than ${mostSigned} bytes, and a request to ${displayName} is signed over all of it.`,
    remedy: 'Send it in parts.',
  })
}
