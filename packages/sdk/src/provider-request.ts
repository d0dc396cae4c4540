import { baseUrlOverride, PlumbError, providerRequestSchema } from '@plumb/protocol'
import type { ProviderRequest, WireBody } from '@plumb/protocol'
import type { HttpMethod, ProxyConfiguration } from './proxy-configuration.js'
import { encodeBody } from './request-body.js'
import { queryPairs } from './request-query.js'

const mostRetries = 10

/** What the gateway is asked for. Throws PlumbError `request-invalid` for a configuration that cannot be sent. */
export async function providerRequest(
  config: ProxyConfiguration,
  method: HttpMethod,
): Promise<ProviderRequest> {
  const { endpoint } = config
  if (typeof endpoint !== 'string') throw invalid(`"endpoint" is ${JSON.stringify(endpoint)}`)
  const headers = headersOf(config.headers)
  const body = await encodeBody(config.data, headers['content-type'] ?? '')
  if (body !== null) headers['content-type'] = body.contentType
  const request = {
    method,
    endpoint: endpointOf(config),
    headers,
    query: queryPairs(config.params),
    body: body === null ? null : wireBody(body.bytes),
    ...statusMembers(config),
    connection: otherConnection(config),
  }
  const parsed = providerRequestSchema.safeParse(request)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw invalid(`"${issue?.path.join('.') ?? ''}": ${issue?.message ?? 'invalid'}`)
}

function invalid(what: string): PlumbError {
  const remedy = 'Correct the configuration given to get, post, put, patch, delete or proxy.'
  return new PlumbError({
    code: 'request-invalid',
    message: `The request is invalid: ${what}.`,
    remedy,
  })
}

function statusMembers(config: ProxyConfiguration): object {
  const { retries = 0, retryOn, retryHeader, expectedStatus = [] } = config
  return {
    expectedStatus: [...expectedStatus],
    retries: Math.min(retries, mostRetries),
    retryOn: [...(retryOn ?? [])],
    retryHeader: retryHeaders(retryHeader),
  }
}

/** Existing functions may list several names of a header; the first is meant. */
function retryHeaders(given: ProxyConfiguration['retryHeader']): ProviderRequest['retryHeader'] {
  if (given === undefined) return null
  const named = (['at', 'after'] as const).flatMap((when) => {
    const [name] = [given[when]].flat()
    return name === undefined ? [] : [[when, name] as const]
  })
  return Object.fromEntries(named)
}

function headersOf(headers: ProxyConfiguration['headers']): Record<string, string> {
  const given = Object.entries(headers ?? {}).filter(([, value]) => value !== undefined)
  return Object.fromEntries(given.map(([name, value]) => [name.toLowerCase(), String(value)]))
}

function endpointOf({ baseUrlOverride: given, endpoint }: ProxyConfiguration): string {
  const base = baseUrlOverride(given, '"baseUrlOverride"')
  if (base === null || /^https?:\/\//.test(endpoint)) return endpoint
  return `${base}/${endpoint.replace(/^\/+/, '')}`
}

function otherConnection(config: ProxyConfiguration): ProviderRequest['connection'] {
  const { connectionId, providerConfigKey } = config
  if (connectionId === undefined && providerConfigKey === undefined) return null
  if (connectionId === undefined || providerConfigKey === undefined) {
    throw invalid('"connectionId" and "providerConfigKey" name another connection only together')
  }
  return { integrationKey: providerConfigKey, connectionId }
}

/** Bytes as text where they are UTF-8, so that receipts stay readable. */
function wireBody(bytes: Buffer): WireBody {
  const text = bytes.toString('utf8')
  if (Buffer.from(text, 'utf8').equals(bytes)) return { encoding: 'utf8', text }
  return { encoding: 'base64', text: bytes.toString('base64') }
}
