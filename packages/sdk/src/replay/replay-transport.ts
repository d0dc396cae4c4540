import { createHash } from 'node:crypto'
import { PlumbError } from '@plumb/protocol'
import { bytesOf, wireBody } from './wire-body.js'
import {
  hashedBody,
  identify,
  identityKey,
  identityParts,
  sameIdentity,
} from './request-identity.js'
import type { IdentityRules, RequestIdentity } from './request-identity.js'
import type { Recording, ReplayAnswer } from './recording.js'

/** One HTTP request as it leaves. */
export type ReplayRequest = {
  readonly method: string
  /** Absolute, or relative to the base URL. */
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer | null
}

type Entry = { readonly recording: Recording; readonly identity: RequestIdentity; used: boolean }

/**
 * Answers from recordings only. Those of one request identity are served in their order, each once; a request
 * that is left without one throws PlumbError `replay-unknown-request` with the nearest recording.
 */
export class ReplayTransport {
  readonly #entries: readonly Entry[]
  readonly #exact = new Map<string, Entry[]>()
  readonly #vague: readonly Entry[]
  readonly #unknown: PlumbError[] = []
  readonly #rules: IdentityRules

  constructor(recordings: readonly Recording[], rules: IdentityRules) {
    this.#rules = rules
    this.#entries = recordings.map((recording) => ({
      recording,
      identity: identify(recording.request, rules),
      used: false,
    }))
    this.#vague = this.#entries.filter(({ identity }) => identityKey(identity) === null)
    for (const entry of this.#entries) {
      const key = identityKey(entry.identity)
      if (key !== null) this.#exact.set(key, [...(this.#exact.get(key) ?? []), entry])
    }
  }

  async send(request: ReplayRequest, signal?: AbortSignal): Promise<ReplayAnswer> {
    if (signal?.aborted === true) {
      return {
        kind: 'failure',
        code: 'aborted',
        message: 'the call was cancelled',
        mayHaveHappened: false,
        receiptId: null,
      }
    }
    const asked = this.#identify(request)
    const entry = this.#next(asked, request)
    if (entry === undefined) throw this.#refuse(request, asked)
    entry.used = true
    return toAnswer(entry.recording)
  }

  unused(): readonly Recording[] {
    return this.#entries.filter(({ used }) => !used).map(({ recording }) => recording)
  }

  unknown(): readonly PlumbError[] {
    return [...this.#unknown]
  }

  /** Whether a recording is left for the request. */
  answers(request: ReplayRequest): boolean {
    return this.#next(this.#identify(request), request) !== undefined
  }

  #identify(request: ReplayRequest): RequestIdentity {
    return identify({ ...request, body: bodyOf(request) }, this.#rules)
  }

  #next(asked: RequestIdentity, { body }: ReplayRequest): Entry | undefined {
    const exact = this.#exactly(asked)
    if (exact !== undefined) return exact
    const hashed = body === null ? undefined : this.#exactly({ ...asked, body: sha1Of(body) })
    if (hashed !== undefined) return hashed
    return this.#vague.find((entry) => !entry.used && sameIdentity(entry.identity, asked))
  }

  #exactly(asked: RequestIdentity): Entry | undefined {
    return this.#exact.get(identityKey(asked) ?? '')?.find(({ used }) => !used)
  }

  #refuse(request: ReplayRequest, asked: RequestIdentity): PlumbError {
    const error = new PlumbError({
      code: 'replay-unknown-request',
      message: `No recording is left for ${request.method} ${request.url}. ${this.#nearest(asked)}`,
      remedy: 'Make the same calls as in the recorded run, or record the function again.',
    })
    this.#unknown.push(error)
    return error
  }

  #nearest(asked: RequestIdentity): string {
    const ranked = this.#entries
      .map((entry) => ({ entry, score: likeness(entry, asked) }))
      .sort((a, b) => b.score - a.score)
    const nearest = ranked[0]?.entry
    if (nearest === undefined) return 'There are no recordings at all.'
    const { method, url } = nearest.recording.request
    const differences = identityParts.filter(
      (part) => nearest.identity[part] !== null && nearest.identity[part] !== asked[part],
    )
    const told = differences.map(
      (part) =>
        `${part} recorded as ${shorten(nearest.identity[part])}, asked as ${shorten(asked[part])}`,
    )
    const difference = told.length === 0 ? 'it was served already' : told.join('; ')
    return `Nearest recording: ${method} ${url}: ${difference}.`
  }
}

function sha1Of(body: Buffer): string {
  return hashedBody(createHash('sha1').update(body).digest('hex'))
}

function bodyOf(request: ReplayRequest) {
  return request.body === null ? null : wireBody(request.body)
}

function likeness(entry: Entry, asked: RequestIdentity): number {
  const { identity } = entry
  const equal = (part: (typeof identityParts)[number]) =>
    identity[part] === null || identity[part] === asked[part] ? 1 : 0
  return (
    equal('method') * 4 +
    sharedStart(identity.path, asked.path) * 6 +
    equal('path') * 4 +
    equal('query') * 2 +
    equal('headers') +
    equal('body') * 2 +
    (entry.used ? 0 : 0.5)
  )
}

function sharedStart(a: string, b: string): number {
  const [left, right] = [a.split('/'), b.split('/')]
  const shared = left.filter((step, index) => step === right[index]).length
  return shared / Math.max(left.length, right.length)
}

function shorten(value: string | null): string {
  const text = JSON.stringify(value ?? '')
  return text.length > 200 ? `${text.slice(0, 200)}...` : text
}

/** Failures after which the provider certainly had not seen the request. */
const beforeArrival = new Set(['connection-refused', 'dns', 'tls', 'private-address'])

function toAnswer({ answer, receiptId }: Recording): ReplayAnswer {
  if (answer.kind === 'failure') {
    return { ...answer, mayHaveHappened: !beforeArrival.has(answer.code), receiptId }
  }
  return { ...answer, body: bytesOf(answer.body), receiptId }
}
