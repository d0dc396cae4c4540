import type { Body } from '@plumb/protocol'

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
  readonly body:
    | { readonly encoding: 'utf8' | 'base64'; readonly text: string }
    | { readonly sha1: string }
    | 'any'
    | null
  /** The query was not recorded and matches anything. */
  readonly anyQuery?: boolean
}

export type RecordedAnswer =
  | {
      readonly kind: 'response'
      readonly status: number
      readonly headers: Readonly<Record<string, string>>
      readonly body: Pick<Body, 'encoding' | 'text'>
    }
  | { readonly kind: 'failure'; readonly code: string; readonly message: string }

/** What a replay serves. Bodies are the decoded bytes; header names are lower-case. */
export type ReplayAnswer =
  | {
      readonly kind: 'response'
      readonly status: number
      readonly headers: Readonly<Record<string, string>>
      readonly body: Buffer
      readonly receiptId: string | null
    }
  | {
      readonly kind: 'failure'
      readonly code: string
      readonly message: string
      /** False only when the request certainly did not reach the provider. */
      readonly mayHaveHappened: boolean
      readonly receiptId: string | null
    }
