import type { ClientRequest, IncomingMessage } from 'node:http'
import { decodeBody } from './decode-body.js'
import { followAbort } from './followed-abort.js'
import { breaksAnswer, openAgents, startRequest } from './http-request.js'
import type { Agents } from './http-request.js'
import type { PreparedRequest, Transport, TransportAnswer } from './transport.js'
import { describeFailure, TooLargeError } from './transport-failure.js'

/** Response bodies up to here; a larger one is a failure, since it must fit into a receipt. */
const maxBodyBytes = 16 * 1024 * 1024

/** HTTP over keep-alive sockets. Nothing is followed, retried or interpreted here. */
export function openLiveTransport(): Transport {
  const agents = openAgents()
  return {
    async send(request, signal) {
      const first = await attempt(request, agents, signal)
      const stale = first.staleSocket && isSafe(request.method)
      return stale ? (await attempt(request, agents, signal)).answer : first.answer
    },
    close: async () => agents.close(),
  }
}

/** A kept-alive socket that the server had closed already tells nothing about the provider. */
type Attempt = { readonly answer: TransportAnswer; readonly staleSocket: boolean }

async function attempt(
  request: PreparedRequest,
  agents: Agents,
  signal: AbortSignal | undefined,
): Promise<Attempt> {
  const ending = followAbort(signal)
  let timedOut = false
  const timeout = setTimeout(() => {
    timedOut = true
    ending.abort(new Error('No answer came in time.'))
  }, request.timeoutMs)
  let sent: ClientRequest | undefined
  try {
    sent = startRequest(withLength(request), { agents, signal: ending.signal })
    const response = await exchange(sent, request.body)
    // Of a body without length Node calls the end that we made its end.
    ending.signal.throwIfAborted()
    return { answer: { kind: 'response', ...response }, staleSocket: false }
  } catch (error) {
    const failure = describeFailure(error, {
      timedOut: timedOut && signal?.aborted !== true,
      aborted: signal?.aborted === true,
      timeoutMs: request.timeoutMs,
    })
    const staleSocket = sent?.reusedSocket === true && failure.code === 'connection-reset'
    return { answer: failure, staleSocket }
  } finally {
    clearTimeout(timeout)
    ending.letGo()
  }
}

function withLength(request: PreparedRequest): PreparedRequest {
  const { headers, body } = request
  const length = body === null ? {} : { 'content-length': String(body.length) }
  return {
    ...request,
    headers: { ...headers, 'accept-encoding': 'gzip, deflate, br', ...length },
  }
}

type Response = {
  readonly status: number
  readonly headers: Record<string, string>
  readonly body: Buffer
}

function exchange(sent: ClientRequest, body: Buffer | null): Promise<Response> {
  return new Promise((resolve, reject) => {
    let answer: IncomingMessage | null = null
    sent.on('error', (error) => {
      if (answer === null || breaksAnswer(error, sent, answer)) reject(error)
    })
    sent.on('response', (incoming) => {
      answer = incoming
      collect(incoming).then(resolve, reject)
    })
    sent.end(body ?? undefined)
  })
}

async function collect(incoming: IncomingMessage): Promise<Response> {
  const body = await bodyOf(incoming)
  const headers = flatten(incoming)
  const limit = { maxOutputLength: maxBodyBytes }
  const decoded = await decodeBody(body, headers['content-encoding'] ?? '', limit)
  if (decoded.done) delete headers['content-encoding']
  // Describes the bytes on the wire, which nobody sees any more.
  delete headers['content-length']
  delete headers['transfer-encoding']
  return { status: incoming.statusCode ?? 0, headers, body: decoded.body }
}

/** By events: an iterator over a stream costs several times as much, and most bodies are one chunk. */
function bodyOf(incoming: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let bytes = 0
    incoming.on('data', (chunk: Buffer) => {
      bytes += chunk.length
      chunks.push(chunk)
      if (bytes > maxBodyBytes) incoming.destroy(new TooLargeError(maxBodyBytes))
    })
    incoming.once('end', () => resolve(Buffer.concat(chunks, bytes)))
    incoming.once('error', reject)
    // What is cut off after its headers neither ends nor fails.
    incoming.once('close', () => {
      if (!incoming.readableEnded) reject(new Error('aborted'))
    })
  })
}

function flatten(incoming: IncomingMessage): Record<string, string> {
  const headers: Record<string, string> = {}
  for (const [name, value] of Object.entries(incoming.headers)) {
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(', ') : value
  }
  return headers
}

function isSafe(method: string): boolean {
  return method === 'GET' || method === 'HEAD' || method === 'OPTIONS'
}
