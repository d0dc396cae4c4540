import { Agent as HttpAgent, request as httpRequest } from 'node:http'
import type { ClientRequest, RequestOptions } from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'
import { guardedLookup, isPrivateAddress, PrivateAddressError } from './private-address.js'
import type { PreparedRequest } from './transport.js'

/** Keep-alive sockets for both protocols. */
export type Agents = {
  readonly 'http:': HttpAgent
  readonly 'https:': HttpsAgent
  close(): void
}

export function openAgents(): Agents {
  const sockets = { keepAlive: true, maxSockets: 64, scheduling: 'lifo' as const }
  const agents = { 'http:': new HttpAgent(sockets), 'https:': new HttpsAgent(sockets) }
  const close = (): void => {
    agents['http:'].destroy()
    agents['https:'].destroy()
  }
  return { ...agents, close }
}

/**
 * Opens a request; its body is the caller's. The one place that decides whether an address may be reached: throws
 * PrivateAddressError at once, or fails the request with it when the name leads there.
 */
export function startRequest(
  request: Omit<PreparedRequest, 'body' | 'timeoutMs'>,
  { agents, signal }: { readonly agents: Agents; readonly signal: AbortSignal },
): ClientRequest {
  const url = new URL(request.url)
  if (!request.allowPrivateAddress && isPrivateAddress(url.hostname)) {
    throw new PrivateAddressError(url.hostname, url.hostname)
  }
  const secure = url.protocol === 'https:'
  const options: RequestOptions = {
    method: request.method,
    headers: request.headers,
    agent: agents[secure ? 'https:' : 'http:'],
    signal,
    ...(request.allowPrivateAddress ? {} : { lookup: guardedLookup }),
  }
  return (secure ? httpsRequest : httpRequest)(url, options)
}
