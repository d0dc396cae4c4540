import { PlumbError } from '@plumb/protocol'
import type { OutsideAnswer, OutsideRequest, ReceiptPurpose } from '@plumb/protocol'
import type { Account } from './account.js'
import { secretsOf } from './attach-credential.js'
import { wireBody } from './body-value.js'
import type { Exchange, Exchanger } from './exchanger.js'
import { isOutsideWrite, nextOutsideHop, outsideHop, secretsIn } from './outside-call.js'
import type { OutsideHop } from './outside-call.js'
import type { Target } from './prepare-request.js'
import { createRedaction } from './redaction.js'
import type { TransportAnswer } from './transport.js'

type Parts = {
  readonly target: Target
  readonly account: Account
  readonly exchanger: Exchanger
  readonly purpose: ReceiptPurpose
  /** Throws PlumbError when no write is allowed. */
  readonly takeWrite: (write: OutsideHop) => void
}

/** Calls any public address: no credential of the connection, but its receipts, its write limit and its redaction. */
export class OutsideCaller {
  readonly #parts: Parts
  /** Tokens that earlier calls were answered with. */
  readonly #handedOut = new Set<string>()

  constructor(parts: Parts) {
    this.#parts = parts
  }

  /** Throws PlumbError `host-not-allowed` for a private address. */
  async call(request: OutsideRequest, signal: AbortSignal | undefined): Promise<OutsideAnswer> {
    const secrets = await this.#secrets(signal)
    let hop = outsideHop(request)
    const write = isOutsideWrite(hop)
    if (write) this.#parts.takeWrite(hop)
    for (let hops = 0; ; hops++) {
      const { raw } = await this.#exchange(hop, { write, secrets, signal })
      const next = nextOutsideHop(hop, raw, hops)
      if (next === null) return outsideAnswer(hop.url, raw, signal)
      hop = next
    }
  }

  /** A function that may read the credential could send it along. */
  async #secrets(signal: AbortSignal | undefined): Promise<string[]> {
    const { account, target } = this.#parts
    const current = await account.current(signal)
    const own = current.kind === 'usable' ? secretsOf(current.credential) : []
    return [...own, ...(target.secrets ?? [])]
  }

  #exchange(
    hop: OutsideHop,
    o: { write: boolean; secrets: readonly string[]; signal: AbortSignal | undefined },
  ): Promise<Exchange> {
    const { exchanger, purpose, target } = this.#parts
    const { timeoutMs } = target
    const prepared = { ...hop, url: hop.url.href, allowPrivateAddress: false, timeoutMs }
    const redaction = (answer: TransportAnswer) => {
      for (const secret of secretsIn(answer)) this.#handedOut.add(secret)
      const attached = { headers: {}, query: {} }
      return createRedaction([...o.secrets, ...this.#handedOut], attached)
    }
    return exchanger.exchange(prepared, { purpose, write: o.write, redaction }, o.signal)
  }
}

/** What the function sees is what came: it must be able to use a token it was handed. */
function outsideAnswer(
  url: URL,
  answer: TransportAnswer,
  signal: AbortSignal | undefined,
): OutsideAnswer {
  if (answer.kind === 'response') {
    const { status, headers, body } = answer
    const response = { status, headers: { ...headers }, body: wireBody(body) }
    return { kind: 'answered', url: url.href, response }
  }
  if (answer.code === 'aborted') signal?.throwIfAborted()
  if (answer.code !== 'private-address') {
    return { kind: 'unreachable', code: answer.code, message: answer.message }
  }
  throw new PlumbError({
    code: 'host-not-allowed',
    message: `The outside call to "${url.origin}" was not sent: ${answer.message}.`,
    remedy: 'Outside calls reach public addresses only.',
  })
}
