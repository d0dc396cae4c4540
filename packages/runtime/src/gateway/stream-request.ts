import type { Readable } from 'node:stream'
import type { BlockedCause, ProviderRequest } from '@plumb/protocol'
import type { StreamedRequest } from './stream-transport.js'

/** What is passed on to a provider. A body that is a stream is sent once, whatever happens. */
export type StreamRequest = Pick<
  ProviderRequest,
  'method' | 'endpoint' | 'headers' | 'retries' | 'retryOn'
> & {
  readonly body: StreamedRequest['body']
  /** Of a stream, where it is known. */
  readonly contentLength?: number
  /** What the caller can decode; `identity` for nothing. */
  readonly acceptEncoding: string
}

export type StreamAnswer =
  | {
      readonly kind: 'answered'
      readonly status: number
      readonly headers: Readonly<Record<string, string>>
      readonly body: Readable
    }
  | { readonly kind: 'unreachable'; readonly code: string; readonly message: string }
  | { readonly kind: 'access-lost'; readonly cause: BlockedCause }
