import type { Readable } from 'node:stream'
import type { ProviderCall, ProviderRequest } from '@plumb/protocol'
import { PlumbError } from '@plumb/protocol'
import type { OperationLog } from '../logs/log-writer.js'
import type { Account, CurrentCredential } from './account.js'
import { bodyOf, decodedStart, peekBody, shouldPeek } from './peek-body.js'
import { logCall } from './call-log.js'
import type { Clock } from './clock.js'
import type { ConnectionLimits } from './connection-limits.js'
import { denialOf } from './judge-access.js'
import { planRequest, sealRequest } from './prepare-request.js'
import type { Plan, Sealed, Target } from './prepare-request.js'
import { nextHop } from './redirect.js'
import { delayBeforeRetry, isRateLimited } from './retry-rule.js'
import { withSignableBody } from './signable-body.js'
import { isStream } from './stream-transport.js'
import type { StreamedRequest, StreamTransport } from './stream-transport.js'
import type { TransportAnswer } from './transport.js'
import type { TransportFailure } from './transport-failure.js'
import { createWriteRule, isRepeatable } from './write-rule.js'
import { ProductionCalls } from './production-calls.js'
import type { StreamRequest, StreamAnswer } from './stream-request.js'

export type StreamClientParts = {
  readonly target: Target
  readonly account: Account
  readonly transport: StreamTransport
  readonly limits: ConnectionLimits
  readonly log: OperationLog
  readonly clock: Clock
  readonly random: () => number
}

type Usable = Extract<CurrentCredential, { kind: 'usable' }>
type Call = {
  readonly plan: Plan
  readonly given: StreamRequest
  readonly signal: AbortSignal | undefined
}
/** One exchange: its answer for the rules (of a long body, none), and the body as it comes. */
type Sent = { readonly answer: TransportAnswer; readonly body: Readable | null }

/** Passes requests on to a provider with a connection's credential, bodies as they come. */
export class StreamClient {
  readonly #parts: StreamClientParts
  readonly #production: ProductionCalls

  constructor(parts: StreamClientParts) {
    this.#parts = parts
    this.#production = new ProductionCalls(parts.limits, { log: parts.log })
  }

  /** Throws PlumbErrors `host-not-allowed`, `request-invalid`, `connection-invalid`, `credential-refresh-failed`. */
  async send(asked: StreamRequest, signal?: AbortSignal): Promise<StreamAnswer> {
    const { target, clock } = this.#parts
    const given = await withSignableBody(target.provider, asked)
    const body = isStream(given.body) ? null : given.body
    const call: Call = { plan: { ...planRequest(asRequest(given), target), body }, given, signal }
    for (let retry = 0; ; retry++) {
      const sent = await this.#authorised(call)
      if (!('answer' in sent)) return sent
      const delay = isStream(given.body) ? null : this.#delay(call, sent.answer, retry)
      if (delay === null) return answerOf(sent, call)
      sent.body?.destroy()
      await clock.wait(delay, signal)
    }
  }

  /** With the current credential, and once more with a renewed one where the body can be sent again. */
  async #authorised(call: Call): Promise<Sent | Extract<StreamAnswer, { kind: 'access-lost' }>> {
    const { account, target } = this.#parts
    const current = await account.current(call.signal)
    if (current.kind === 'lost') return { kind: 'access-lost', cause: current.cause }
    const first = await this.#follow(call, current)
    if (isStream(call.given.body) || !isRefused(target, first.answer)) return first
    const renewed = await account.renew(current.version, call.signal)
    if (renewed === null) return first
    first.body?.destroy()
    if (renewed.kind === 'lost') return { kind: 'access-lost', cause: renewed.cause }
    return this.#follow(call, renewed)
  }

  async #follow(call: Call, { credential }: Usable): Promise<Sent> {
    let step: Plan = call.plan
    for (let hops = 0; ; hops++) {
      const sent = await this.#exchange(call, sealRequest(step, this.#parts.target, credential))
      const next = isStream(call.given.body) ? null : nextHop(step, sent.answer, hops)
      if (next === null) return sent
      sent.body?.destroy()
      step = { ...step, ...next }
    }
  }

  async #exchange(call: Call, sealed: Sealed): Promise<Sent> {
    const { clock, transport } = this.#parts
    const place = await this.#production.enter({ write: false }, call.signal)
    const startedAt = clock.now()
    const request = requestOf(call, sealed)
    const sent = await this.#receive(await transport.send(request, call.signal))
    place.learn(sent.answer)
    if (sent.body === null) place.done()
    else sent.body.once('close', () => place.done())
    const { answer } = sent
    const made: ProviderCall = {
      receiptId: null,
      method: request.method,
      url: sealed.redaction.url(request.url),
      status: answer.kind === 'response' ? answer.status : null,
      durationMs: Math.max(0, clock.now() - startedAt),
      write: false,
    }
    logCall(this.#parts.log, {
      call: made,
      request: { ...request, body: isStream(request.body) ? null : request.body },
      answer: concealed(answer, sealed),
      redaction: sealed.redaction,
    })
    return sent
  }

  async #receive(answer: Awaited<ReturnType<StreamTransport['send']>>): Promise<Sent> {
    if (answer.kind === 'failure') return { answer, body: null }
    const { status, headers } = answer
    if (!shouldPeek(this.#parts.target.provider, answer)) {
      return {
        answer: { kind: 'response', status, headers, body: Buffer.alloc(0) },
        body: answer.body,
      }
    }
    const { start, body } = await peekBody(answer.body)
    const shown = decodedStart(start, headers['content-encoding'])
    return { answer: { kind: 'response', status, headers, body: shown }, body }
  }

  #delay({ plan, given }: Call, answer: TransportAnswer, retry: number): number | null {
    const { target, clock, random } = this.#parts
    const request = asRequest(given)
    const write = createWriteRule(target.provider)(request, plan.path)
    return delayBeforeRetry(answer, {
      ...{ provider: target.provider, request, retry, now: clock.now(), random: random() },
      repeatable: isRepeatable(request, write),
    })
  }
}

function asRequest({
  method,
  endpoint,
  headers,
  retries,
  retryOn,
}: StreamRequest): ProviderRequest {
  return {
    ...{ method, endpoint, headers, retries, retryOn: [...retryOn], query: [], body: null },
    ...{ retryHeader: null, expectedStatus: [], connection: null },
  }
}

function requestOf({ given }: Call, { prepared }: Sealed): StreamedRequest {
  // A redirect may have left the body behind.
  const body = isStream(given.body) ? given.body : prepared.body
  const length = Buffer.isBuffer(body)
    ? body.length
    : isStream(body)
      ? given.contentLength
      : undefined
  return {
    ...prepared,
    body,
    headers: {
      ...prepared.headers,
      'accept-encoding': given.acceptEncoding,
      ...(length !== undefined && { 'content-length': String(length) }),
    },
  }
}

function isRefused(target: Target, answer: TransportAnswer): boolean {
  if (answer.kind === 'failure' || isRateLimited(target.provider, answer)) return false
  const exchange = { answer, raw: answer, receiptId: '', call: {} as ProviderCall }
  return denialOf(target.provider, exchange)?.kind === 'access-revoked'
}

function concealed(answer: TransportAnswer, { redaction }: Sealed): TransportAnswer {
  if (answer.kind === 'failure') return { ...answer, message: redaction.text(answer.message) }
  const { headers, body } = answer
  return { ...answer, headers: redaction.headers(headers), body: redaction.bytes(body) }
}

function answerOf({ answer, body }: Sent, { plan, signal }: Call): StreamAnswer {
  if (answer.kind === 'failure') return failedAnswer(answer, plan, signal)
  const { status, headers } = answer
  return { kind: 'answered', status, headers, body: body ?? bodyOf(answer.body) }
}

function failedAnswer(
  { code, message }: TransportFailure,
  { method, url }: Plan,
  signal: AbortSignal | undefined,
): StreamAnswer {
  if (code === 'aborted') signal?.throwIfAborted()
  if (code !== 'private-address') return { kind: 'unreachable', code, message }
  throw new PlumbError({
    code: 'host-not-allowed',
    message: `"${method} ${url.origin}" was not sent: ${message}.`,
    remedy: 'An account on a private address needs that address as `baseUrl` of its integration.',
  })
}
