import type { ClientRequest, IncomingMessage } from 'node:http'
import type { Readable } from 'node:stream'
import { breaksAnswer, openAgents, startRequest } from './http-request.js'
import type { PreparedRequest } from './transport.js'
import { describeFailure } from './transport-failure.js'
import type { TransportFailure } from './transport-failure.js'

/** A request whose body may still be coming in. */
export type StreamedRequest = Omit<PreparedRequest, 'body'> & {
  readonly body: Buffer | Readable | null
}

export type StreamedAnswer =
  | {
      readonly kind: 'response'
      readonly status: number
      /** Lower-case names; repeated ones joined, but for cookies. */
      readonly headers: Readonly<Record<string, string>>
      /** As it comes, still encoded. It fails when the provider breaks off or is silent for too long. */
      readonly body: Readable
    }
  | TransportFailure

/** HTTP with bodies that are read and written as they come. Nothing is followed, retried or interpreted here. */
export type StreamTransport = {
  send(request: StreamedRequest, signal?: AbortSignal): Promise<StreamedAnswer>
  close(): Promise<void>
}

export function openStreamTransport(): StreamTransport {
  const agents = openAgents()
  return {
    async send(request, signal) {
      const first = await attempt(request, { agents, signal })
      const stale = first.staleSocket && isRepeatable(request)
      return stale ? (await attempt(request, { agents, signal })).answer : first.answer
    },
    close: async () => agents.close(),
  }
}

/** A kept-alive socket that the server had closed already tells nothing about the provider. */
type Attempt = { readonly answer: StreamedAnswer; readonly staleSocket: boolean }

function isRepeatable({ method, body }: StreamedRequest): boolean {
  return /^(GET|HEAD|OPTIONS)$/.test(method) && !isStream(body)
}

type Parts = {
  readonly agents: ReturnType<typeof openAgents>
  readonly signal: AbortSignal | undefined
}

async function attempt(request: StreamedRequest, { agents, signal }: Parts): Promise<Attempt> {
  const silence = new AbortController()
  const either = signal === undefined ? silence.signal : AbortSignal.any([signal, silence.signal])
  let sent: ClientRequest | undefined
  try {
    sent = startRequest(request, { agents, signal: either })
    const response = await exchange(sent, request, silence)
    const { statusCode: status = 0 } = response
    const answer = {
      kind: 'response',
      status,
      headers: headersOf(response),
      body: response,
    } as const
    return { answer, staleSocket: false }
  } catch (error) {
    const answer = describeFailure(error, {
      timedOut: silence.signal.aborted && signal?.aborted !== true,
      aborted: signal?.aborted === true,
      timeoutMs: request.timeoutMs,
    })
    const staleSocket = sent?.reusedSocket === true && answer.code === 'connection-reset'
    return { answer, staleSocket }
  }
}

function exchange(
  sent: ClientRequest,
  { body, timeoutMs }: Pick<StreamedRequest, 'body' | 'timeoutMs'>,
  silence: AbortController,
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    let answer: IncomingMessage | null = null
    const end = (): void => {
      const reason = new Error(`no byte for ${timeoutMs} ms`)
      answer?.destroy(reason)
      silence.abort(reason)
    }
    // Counts from the last byte in either direction, so that a long transfer is no silence.
    sent.setTimeout(timeoutMs, end)
    endWithoutAnswer(sent, { body, timeoutMs }, end)
    sent.on('error', (error) => {
      reject(error)
      if (answer !== null && breaksAnswer(error, sent, answer)) answer.destroy(error)
    })
    sent.on('response', (response) => {
      answer = response
      const { statusCode = 0 } = response
      if (statusCode < 100 || statusCode > 599) reject(oddStatus(response))
      // A server may answer before it has read everything; what it did not read is not sent any more.
      if (isStream(body)) response.once('close', () => body.unpipe(sent))
      resolve(response)
    })
    if (!isStream(body)) return void sent.end(body ?? undefined)
    body.once('error', (error) => sent.destroy(error))
    body.pipe(sent)
  })
}

function oddStatus(response: IncomingMessage): OddStatusError {
  response.destroy()
  return new OddStatusError(response.statusCode ?? 0)
}

/** Headers that never end are no transfer, however many bytes of them come. */
function endWithoutAnswer(
  sent: ClientRequest,
  { body, timeoutMs }: Pick<StreamedRequest, 'body' | 'timeoutMs'>,
  end: () => void,
): void {
  let timer: NodeJS.Timeout | undefined
  const begin = (): void => void (timer = setTimeout(end, timeoutMs))
  if (isStream(body)) sent.once('finish', begin)
  else begin()
  sent.once('response', () => clearTimeout(timer))
  sent.once('close', () => clearTimeout(timer))
}

export function isStream(body: StreamedRequest['body']): body is Readable {
  return body !== null && !Buffer.isBuffer(body)
}

function headersOf(response: IncomingMessage): Record<string, string> {
  const entries = Object.entries(response.headers).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, Array.isArray(value) ? value.join(', ') : value] as const],
  )
  return Object.fromEntries(entries)
}

/** Nobody could be answered with it; LinkedIn, for one, says 999. */
class OddStatusError extends Error {
  readonly code = 'HPE_STATUS'

  constructor(status: number) {
    super(`the provider answered with status ${status}, which HTTP does not have`)
  }
}
