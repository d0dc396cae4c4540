import type { ProviderCall, ReceiptDraft, ReceiptPurpose } from '@plumb/protocol'
import { receiptBody } from './body-value.js'
import type { Clock } from './clock.js'
import type { CreatedResource } from './created-resource.js'
import type { ProductionCalls } from './production-calls.js'
import type { Redaction } from './redaction.js'
import type { PreparedRequest, Transport, TransportAnswer } from './transport.js'

/** Where evidence goes: the database, or memory in a replay. */
export type Recorder = {
  /** Resolves when the receipt is kept; the answer is handed on only then. */
  append(draft: ReceiptDraft): Promise<void>
  created(resource: CreatedResource & { receiptId: string; createdAt: string }): Promise<void>
}

/** The members of every receipt that say whose call it was. */
export type CallOrigin = Pick<
  ReceiptDraft,
  'integrationKey' | 'connectionId' | 'attemptId' | 'executionId' | 'chain'
>

export type Exchange = {
  /** Without secrets: what the receipt holds and the function sees. */
  readonly answer: TransportAnswer
  /** As it came; for the gateway's own reading of tokens only. */
  readonly raw: TransportAnswer
  readonly call: ProviderCall
  readonly receiptId: string
}

type Handling = {
  readonly purpose: ReceiptPurpose
  readonly write: boolean
  /** A token endpoint's answer holds new secrets, so it may decide what to remove. */
  readonly redaction: (answer: TransportAnswer) => Redaction
  /** Awaited before the receipt is written, with the answer as it came: what can not be asked for again is kept first. */
  readonly arrived?: (raw: TransportAnswer) => Promise<void>
}

export type ExchangerParts = {
  readonly origin: CallOrigin
  readonly transport: Transport
  readonly recorder: Recorder
  readonly clock: Clock
  readonly newId: () => string
  /** Surrounds the calls of an execution; receipts belong to the build side. */
  readonly production?: ProductionCalls
}

type Asked = {
  readonly request: PreparedRequest
  readonly handling: Handling
  readonly signal: AbortSignal | undefined
}

type Made = Asked & {
  readonly raw: TransportAnswer
  readonly answer: TransportAnswer
  readonly redaction: Redaction
  readonly startedAt: number
  readonly durationMs: number
}

/** Performs transport calls and leaves one receipt for each before anybody sees the answer. */
export class Exchanger {
  readonly calls: ProviderCall[] = []
  readonly #parts: ExchangerParts

  constructor(parts: ExchangerParts) {
    this.#parts = parts
  }

  async exchange(
    request: PreparedRequest,
    handling: Handling,
    signal?: AbortSignal,
  ): Promise<Exchange> {
    const production = handling.purpose === 'execution' ? this.#parts.production : undefined
    const place = await production?.enter(handling, signal)
    try {
      const made = await this.#send({ request, handling, signal })
      place?.learn(made.raw)
      await handling.arrived?.(made.raw)
      return await this.#keep(made, production?.logs === true ? production : undefined)
    } finally {
      place?.done()
    }
  }

  async #send(o: Asked): Promise<Made> {
    const { clock, transport } = this.#parts
    const startedAt = clock.now()
    const raw = await transport.send(o.request, o.signal)
    const durationMs = Math.max(0, clock.now() - startedAt)
    const redaction = o.handling.redaction(raw)
    return { ...o, raw, startedAt, durationMs, redaction, answer: redactAnswer(raw, redaction) }
  }

  async #keep(made: Made, production: ProductionCalls | undefined): Promise<Exchange> {
    const { request, answer, raw, redaction, durationMs, handling } = made
    const id = this.#parts.newId()
    const call: ProviderCall = {
      receiptId: raw.receiptId === undefined ? id : raw.receiptId,
      method: request.method,
      url: redaction.url(request.url),
      status: answer.kind === 'response' ? answer.status : null,
      durationMs,
      write: handling.write,
    }
    if (production === undefined) await this.#parts.recorder.append(this.#draft(made, id))
    else production.tell({ call, request, answer, redaction })
    const told = production === undefined ? call : { ...call, receiptId: null }
    this.calls.push(told)
    return { answer, raw, call: told, receiptId: id }
  }

  #draft(made: Made, id: string): ReceiptDraft {
    const { request, answer, redaction, handling } = made
    return {
      id,
      ...this.#parts.origin,
      purpose: handling.purpose,
      request: {
        method: request.method,
        url: redaction.url(request.url),
        headers: redaction.headers(request.headers),
        body: request.body === null ? null : receiptBody(redaction.bytes(request.body)),
      },
      response:
        answer.kind === 'response'
          ? { status: answer.status, headers: answer.headers, body: receiptBody(answer.body) }
          : null,
      failure: answer.kind === 'failure' ? { code: answer.code, message: answer.message } : null,
      write: handling.write,
      startedAt: new Date(made.startedAt).toISOString(),
      durationMs: made.durationMs,
    }
  }
}

function redactAnswer(answer: TransportAnswer, redaction: Redaction): TransportAnswer {
  if (answer.kind === 'failure') return { ...answer, message: redaction.text(answer.message) }
  return {
    ...answer,
    headers: redaction.headers(answer.headers),
    body: redaction.bytes(answer.body),
  }
}
