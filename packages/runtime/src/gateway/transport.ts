/** One HTTP request exactly as it leaves: absolute URL, credentials attached. */
export type PreparedRequest = {
  readonly method: string
  readonly url: string
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer | null
  /** The operator put this host into the integration, so a private or loopback address is meant. */
  readonly allowPrivateAddress: boolean
  readonly timeoutMs: number
  /** A kept-alive socket may be closed already, which ends a call that must not be sent twice. Default false. */
  readonly freshSocket?: boolean
}

/** What came back. Bodies are the decoded bytes; header names are lower-case, repeated ones joined. */
export type TransportAnswer =
  | {
      readonly kind: 'response'
      readonly status: number
      readonly headers: Readonly<Record<string, string>>
      readonly body: Buffer
      /** Set by a replay: the receipt that the answer was recorded in. */
      readonly receiptId?: string | null
    }
  | {
      readonly kind: 'failure'
      /** `connection-refused`, `timeout`, `connection-reset`, `dns`, `tls`, `truncated`, `too-large`, `private-address`, `aborted`. */
      readonly code: string
      readonly message: string
      /** False only when the request certainly did not reach the provider. */
      readonly mayHaveHappened: boolean
      readonly receiptId?: string | null
    }

/** Performs one exchange: the live network, or a replay. Never throws for what a network can do. */
export type Transport = {
  send(request: PreparedRequest, signal?: AbortSignal): Promise<TransportAnswer>
  close?(): Promise<void>
}

export type { RecordedAnswer, RecordedRequest, Recording } from '@plumb/sdk/replay'
