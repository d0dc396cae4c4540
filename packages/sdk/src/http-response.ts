import { Readable } from 'node:stream'
import type { ProviderResponse } from '@plumb/protocol'
import { HttpError } from './http-error.js'
import type { HttpResponse, ProxyConfiguration } from './proxy-configuration.js'

/** The answer as the function sees it. Throws HttpError when a 2xx claims to be JSON and is not. */
export function httpResponse(
  call: string,
  response: ProviderResponse,
  responseType: ProxyConfiguration['responseType'],
): HttpResponse {
  const { status, headers, body } = response
  const answer = (data: unknown): HttpResponse => ({ data, status, headers })
  const bytes = Buffer.from(body.text, body.encoding)
  if (responseType === 'arraybuffer') return answer(bytes)
  if (responseType === 'blob') return answer(new Blob([bytes], blobType(headers)))
  if (responseType === 'stream') return answer(Readable.from([bytes]))
  const text = bytes.toString('utf8')
  if (responseType === 'text' || text === '') return answer(text)
  const json = parseJson(text)
  if (json === undefined && claimsJson(response)) throw notJson(call, answer(text))
  return answer(json === undefined ? text : json)
}

/** An error's body may be anything; a success that says JSON must be JSON. */
function claimsJson({ status, headers }: ProviderResponse): boolean {
  return status >= 200 && status < 300 && /\bjson\b/i.test(headers['content-type'] ?? '')
}

function blobType(headers: Readonly<Record<string, string>>): { type: string } {
  return { type: headers['content-type'] ?? '' }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}

function notJson(call: string, response: HttpResponse): HttpError {
  const text = String(response.data)
  const message = `${call} was answered with status ${response.status} and a body that is not valid JSON (${text.length} characters, ending "${text.slice(-40)}").`
  return new HttpError({ message, code: 'ERR_BAD_RESPONSE', response })
}
