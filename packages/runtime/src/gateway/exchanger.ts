import type { ProviderCall, ReceiptDraft, ReceiptPurpose } from '@plumb/protocol'
import { receiptBody } from './body-value.js'
import type { Clock } from './clock.js'
import type { CreatedResource } from './created-resource.js'
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
}

export type ExchangerParts = {
  readonly origin: CallOrigin
  readonly transport: Transport
  readonly recorder: Recorder
  readonly clock: Clock
  readonly newId: () => string
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
    const { clock, recorder, transport } = this.#parts
    const startedAt = clock.now()
    const raw = await transport.send(request, signal)
    const durationMs = Math.max(0, clock.now() - startedAt)
    const redaction = handling.redaction(raw)
    const answer = redactAnswer(raw, redaction)
    const draft = this.#draft({ request, answer, redaction, handling, startedAt, durationMs })
    await recorder.append(draft)
    const call: ProviderCall = {
      receiptId: raw.receiptId === undefined ? draft.id : raw.receiptId,
      method: request.method,
      url: draft.request.url,
      status: answer.kind === 'response' ? answer.status : null,
      durationMs,
      write: handling.write,
    }
    this.calls.push(call)
    return { answer, raw, call, receiptId: draft.id }
  }

  #draft(made: {
    readonly request: PreparedRequest
    readonly answer: TransportAnswer
    readonly redaction: Redaction
    readonly handling: Handling
    readonly startedAt: number
    readonly durationMs: number
  }): ReceiptDraft {
    const { request, answer, redaction, handling } = made
    return {
      id: this.#parts.newId(),
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
