import { PlumbError } from '@plumb/protocol'
import type { ErrorCode } from '@plumb/protocol'
import type { WireCall } from './wire-call.js'

export type Sender = {
  /** Without a trailing slash. */
  readonly url: string
  readonly secretKey: string
  readonly fetch: typeof fetch
  /** How often an idempotent call is sent again. */
  readonly retries: number
  /** Resolves after that many milliseconds; rejects when the signal is aborted. */
  readonly wait: (ms: number, signal: AbortSignal | undefined) => Promise<void>
  /** From 0 to below 1. */
  readonly random: () => number
}

/** The header by which an answer says that it is the server's own failure, and not what a provider answered. */
const failureHeader = 'plumb-error'
const firstWaitMs = 250
const longestWaitMs = 30_000

/**
 * Sends a call; what is busy or out of reach gets an idempotent one again, after `Retry-After` where it is given.
 * Throws PlumbErrors: those of the server, and `remote-unreachable`.
 */
export async function sendCall(call: WireCall, sender: Sender): Promise<Response> {
  const tries = call.idempotent ? sender.retries : 0
  for (let attempt = 0; ; attempt += 1) {
    const outcome = await sendOnce(call, sender)
    const answer = outcome instanceof Response ? outcome : null
    if (attempt >= tries) {
      if (answer === null) throw unreachable(sender, outcome as Error)
      return answer
    }
    if (answer !== null && !isBusy(answer, call)) return answer
    await sender.wait(waitMs(answer, attempt, sender.random), call.signal)
  }
}

/** The JSON of an answer. Throws the failure that it tells, as PlumbError. */
export async function readAnswer(answer: Response, { url }: Sender): Promise<unknown> {
  const text = await answer.text()
  const body = jsonOrNull(text)
  if (!answer.ok) throw failureOf(answer, body, url)
  if (text === '') return undefined
  if (body !== null || text.trim() === 'null') return body
  throw new PlumbError({
    code: 'remote-unreachable',
    message: `${url} answered ${answer.status} with something that is no JSON.`,
    remedy: 'Check that the address is that of a Plumb server.',
  })
}

/** Throws when an answer of the proxy is a failure of the server itself. */
export async function refuseFailure(answer: Response, { url }: Sender): Promise<Response> {
  if (!answer.headers.has(failureHeader)) return answer
  throw failureOf(answer, jsonOrNull(await answer.text()), url)
}

async function sendOnce(call: WireCall, sender: Sender): Promise<Response | Error> {
  const { method, path, headers, body, signal } = call
  try {
    return await sender.fetch(`${sender.url}${path}`, {
      ...{ method, body, redirect: 'manual' },
      headers: { ...headers, authorization: `Bearer ${sender.secretKey}` },
      ...(signal && { signal }),
      ...(body instanceof ReadableStream && { duplex: 'half' }),
    })
  } catch (error) {
    signal?.throwIfAborted()
    return error instanceof Error ? error : new Error(String(error))
  }
}

/** What a provider says through the proxy is no sign of the server, which has tried it again already. */
function isBusy({ status, headers }: Response, { path }: WireCall): boolean {
  if (status !== 429 && status !== 503) return false
  return !path.startsWith('/proxy/') || headers.has(failureHeader)
}

/** Seconds or an HTTP date, as milliseconds from now; null without either. */
function retryAfterMs({ headers }: Response): number | null {
  const text = headers.get('retry-after')
  if (text === null) return null
  const ms = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - Date.now()
  return Number.isNaN(ms) ? null : Math.min(Math.max(ms, 0), longestWaitMs)
}

function waitMs(answer: Response | null, attempt: number, random: () => number): number {
  const asked = answer === null ? null : retryAfterMs(answer)
  return asked ?? firstWaitMs * 2 ** attempt * (0.5 + random())
}

type FailureBody = {
  readonly error?: {
    readonly code?: unknown
    readonly message?: unknown
    readonly remedy?: unknown
  }
}

function failureOf({ status, headers }: Response, body: unknown, url: string): PlumbError {
  const { code, message, remedy } = (body as FailureBody | null)?.error ?? {}
  const cause = { status, requestId: headers.get('x-request-id') }
  if (typeof code === 'string' && typeof message === 'string' && typeof remedy === 'string') {
    return new PlumbError({ code: code as ErrorCode, message, remedy, cause })
  }
  return new PlumbError({
    ...{ code: 'remote-unreachable', cause },
    message: `${url} answered ${status} with something that is no answer of Plumb.`,
    remedy: 'Check that the address is that of a Plumb server.',
  })
}

function unreachable({ url }: Sender, cause: Error): PlumbError {
  const inner = cause.cause instanceof Error ? `: ${cause.cause.message}` : ''
  return new PlumbError({
    code: 'remote-unreachable',
    message: `The Plumb at ${url} did not answer: ${cause.message}${inner}.`,
    remedy: 'Check the address, and that the server runs.',
    cause,
  })
}

function jsonOrNull(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
