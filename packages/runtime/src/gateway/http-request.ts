import { Agent as HttpAgent, request as httpRequest } from 'node:http'
import type { ClientRequest, IncomingMessage, RequestOptions } from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'
import { guardedLookup, isPrivateAddress, PrivateAddressError } from './private-address.js'
import type { PreparedRequest } from './transport.js'

/** Keep-alive sockets for both protocols. Those that may lead to private addresses serve nobody who may not go there. */
export type Agents = {
  readonly guarded: AgentPair
  readonly unguarded: AgentPair
  close(): void
}

type AgentPair = { readonly 'http:': HttpAgent; readonly 'https:': HttpsAgent }

export function openAgents(): Agents {
  const sockets = { keepAlive: true, maxSockets: 64, scheduling: 'lifo' as const }
  const open = (): AgentPair => ({
    'http:': new HttpAgent(sockets),
    'https:': new HttpsAgent(sockets),
  })
  const [guarded, unguarded] = [open(), open()]
  const close = (): void => {
    for (const pair of [guarded, unguarded]) {
      pair['http:'].destroy()
      pair['https:'].destroy()
    }
  }
  return { guarded, unguarded, close }
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
  const pair = agents[request.allowPrivateAddress ? 'unguarded' : 'guarded']
  const options: RequestOptions = {
    method: request.method,
    headers: request.headers,
    agent: request.freshSocket === true ? false : pair[secure ? 'https:' : 'http:'],
    signal,
    ...(request.allowPrivateAddress ? {} : { lookup: guardedLookup }),
  }
  const sent = (secure ? httpsRequest : httpRequest)(url, options)
  sent.once('upgrade', (_, socket) => {
    socket.destroy()
    // Node says nothing more about such a request, not even when it is aborted.
    sent.emit('error', new UnaskedUpgradeError())
  })
  return sent
}

/**
 * Whether a failure of the socket is one of the answer, whose headers are there. A server may answer and close before
 * it has read the whole request: then the answer counts, not the broken pipe. Of a body that ends where its
 * socket does, Node calls any end a good one.
 */
export function breaksAnswer(error: Error, sent: ClientRequest, answer: IncomingMessage): boolean {
  if (answer.complete) return false
  const code = 'code' in error ? String(error.code) : ''
  if (code.startsWith('HPE_')) return true
  const { 'content-length': length, 'transfer-encoding': chunked } = answer.headers
  return length === undefined && chunked === undefined && sent.writableFinished
}

class UnaskedUpgradeError extends Error {
  readonly code = 'HPE_UPGRADE'

  constructor() {
    super('the provider switched to another protocol')
  }
}
