import { PlumbError } from '@plumb/protocol'
import type { OutsideAnswer } from '@plumb/protocol'
import { fetchResponse } from '../fetch-response.js'
import type { HostChannel } from '../host-channel.js'
import { encodeBody } from '../request-body.js'

/** What `uncontrolledFetch` takes; the standard members, as far as the host performs them. */
export type FetchOptions = {
  readonly url: URL | string
  readonly method?: string
  readonly headers?: Readonly<Record<string, unknown>> | undefined
  readonly body?: unknown
}

/**
 * Asks the host for a call without credentials. Throws TypeError when no answer arrives, as `fetch` does, and
 * PlumbError `request-invalid` for what cannot be sent.
 */
export async function uncontrolledFetch(
  host: HostChannel,
  options: FetchOptions,
): Promise<Response> {
  const url = String(options?.url)
  if (!URL.canParse(url)) throw invalid(`"url" is ${JSON.stringify(options?.url)}`)
  const given = Object.entries(options.headers ?? {}).filter(([, value]) => value !== undefined)
  const headers = Object.fromEntries(
    given.map(([name, value]) => [name.toLowerCase(), String(value)]),
  )
  const body = await encodeBody(options.body, headers['content-type'] ?? '')
  if (body !== null) headers['content-type'] = body.contentType
  const answer = (await host.call('uncontrolledFetch', {
    url,
    method: (options.method ?? 'GET').toUpperCase(),
    headers,
    body: body === null ? null : { encoding: 'base64', text: body.bytes.toString('base64') },
  })) as OutsideAnswer
  if (answer.kind === 'unreachable') {
    throw new TypeError(`fetch failed (${answer.code}): ${answer.message}`)
  }
  const { status, headers: received, body: bytes } = answer.response
  const decoded = Uint8Array.from(Buffer.from(bytes.text, bytes.encoding))
  return fetchResponse({ url: answer.url, status, headers: received, body: decoded })
}

function invalid(what: string): PlumbError {
  return new PlumbError({
    code: 'request-invalid',
    message: `ctx.uncontrolledFetch: ${what}.`,
    remedy: 'Give it an absolute http or https address: new URL("https://...").',
  })
}
