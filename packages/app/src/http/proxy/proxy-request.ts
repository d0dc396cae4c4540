import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import { baseUrlOverride, PlumbError } from '@plumb/protocol'
import type { StreamRequest } from '@plumb/runtime'

export type ProxyRequest = {
  readonly integrationKey: string
  readonly connectionId: string
  /** Whether the caller wants the body decoded. */
  readonly decompress: boolean
  readonly request: Omit<StreamRequest, 'body'>
}

const prefixes = ['nango-proxy-', 'plumb-proxy-']
/** Headers that mean the same to us and to the provider. */
const passedOn = ['content-type', 'accept', 'user-agent']
const mostRetries = 10

/** What a request to `/proxy/*` asks for. Throws PlumbErrors `input-invalid` and `request-invalid`. */
export function readProxyRequest(raw: IncomingMessage): ProxyRequest {
  const { headers, method = 'GET', url = '/' } = raw
  const length = headers['content-length']
  refuseWebSocket(headers)
  return {
    integrationKey: required(headers, 'Provider-Config-Key'),
    connectionId: required(headers, 'Connection-Id'),
    decompress: textOf(headers, 'Decompress') === 'true',
    request: {
      method: method as StreamRequest['method'],
      endpoint: endpointOf(url, textOf(headers, 'Base-Url-Override')),
      headers: forwardedHeaders(headers),
      retries: retriesOf(textOf(headers, 'Retries')),
      retryOn: retryOnOf(textOf(headers, 'Retry-On')),
      acceptEncoding: textOf(headers, 'accept-encoding') ?? 'identity',
      ...(length !== undefined && { contentLength: Number(length) }),
    },
  }
}

/** Without this it would be passed on as a GET that the provider can not make sense of. */
function refuseWebSocket({ upgrade }: IncomingHttpHeaders): void {
  if (!/\bwebsocket\b/i.test(upgrade ?? '')) return
  throw invalid(
    'The request asks for a WebSocket, which can not be passed on.',
    'Use the HTTP API of the provider, or its webhooks.',
  )
}

/** Path and query exactly as they came. */
function endpointOf(url: string, override: string | undefined): string {
  const endpoint = url.replace(/^\/proxy\/?/, '')
  const base = baseUrlOverride(override, 'The header "Base-Url-Override"')
  return base === null ? endpoint : `${base}/${endpoint}`
}

function forwardedHeaders(headers: IncomingHttpHeaders): Record<string, string> {
  const forwarded: Record<string, string> = {}
  for (const [name, value] of Object.entries(headers)) {
    const text = Array.isArray(value) ? value.join(', ') : value
    const prefix = prefixes.find((one) => name.startsWith(one))
    if (text === undefined) continue
    if (prefix !== undefined) forwarded[name.slice(prefix.length)] = text
    else if (passedOn.includes(name)) forwarded[name] ??= text
  }
  return forwarded
}

function textOf(headers: IncomingHttpHeaders, name: string): string | undefined {
  const value = headers[name.toLowerCase()]
  const text = (Array.isArray(value) ? value[0] : value)?.trim()
  return text === '' ? undefined : text
}

function required(headers: IncomingHttpHeaders, name: string): string {
  const text = textOf(headers, name)
  if (text !== undefined) return text
  throw invalid(
    `The header "${name}" is missing.`,
    `Send "${name}": it says whose account is called.`,
  )
}

function retriesOf(text: string | undefined): number {
  if (text === undefined) return 0
  if (/^\d{1,3}$/.test(text)) return Math.min(Number(text), mostRetries)
  throw invalid(`The header "Retries" is "${text}".`, 'It must be a whole number from 0 to 10.')
}

function retryOnOf(text: string | undefined): number[] {
  if (text === undefined) return []
  const codes = text.split(',').map((code) => code.trim())
  if (codes.every((code) => /^[1-5]\d\d$/.test(code))) return codes.map(Number)
  throw invalid(`The header "Retry-On" is "${text}".`, 'It must list statuses, such as "409,423".')
}

function invalid(message: string, remedy: string): PlumbError {
  return new PlumbError({ code: 'input-invalid', message, remedy })
}
