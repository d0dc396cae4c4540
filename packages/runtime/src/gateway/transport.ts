import type { Body } from '@plumb/protocol'

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

/** A recorded exchange that a replay can serve. */
export type Recording = {
  readonly receiptId: string | null
  /** ISO 8601; null when it is not known. */
  readonly startedAt: string | null
  readonly request: RecordedRequest
  readonly answer: RecordedAnswer
}

/** A member that is null was not recorded and matches anything. */
export type RecordedRequest = {
  readonly method: string
  /** Absolute URL, or an endpoint relative to the provider's base URL; with its query. */
  readonly url: string
  readonly headers: Readonly<Record<string, string>> | null
  readonly body: { readonly encoding: 'utf8' | 'base64'; readonly text: string } | 'any' | null
}

export type RecordedAnswer =
  | {
      readonly kind: 'response'
      readonly status: number
      readonly headers: Readonly<Record<string, string>>
      readonly body: Pick<Body, 'encoding' | 'text'>
    }
  | { readonly kind: 'failure'; readonly code: string; readonly message: string }
