import type {
  BlockedCause,
  Connection,
  Integration,
  OutsideAnswer,
  OutsideRequest,
  Pagination,
  PlumbError,
  Provider,
  ProviderCall,
  ProviderRequest,
  ProviderResponse,
  ReceiptDraft,
  ReceiptPurpose,
  WireBody,
} from '@plumb/protocol'
import type { CurrentCredential } from './account.js'
import type { OperationLog } from '../logs/log-writer.js'
import type { StreamAnswer, StreamRequest } from './stream-request.js'
import type { Recording } from './transport.js'

/** What became of one request. Only `answered` carries a response, whatever its status. */
export type GatewayAnswer =
  | { readonly kind: 'answered'; readonly response: ProviderResponse; readonly call: ProviderCall }
  | {
      readonly kind: 'unreachable'
      /** As in TransportAnswer: `timeout`, `connection-refused`, ... */
      readonly code: string
      readonly message: string
      readonly call: ProviderCall
    }
  /** Not sent: wrong host, writes not allowed, credential unusable. */
  | { readonly kind: 'refused'; readonly error: PlumbError }
  /** The whole connection has lost access (proved by a probe); the caller must stop. */
  | { readonly kind: 'access-lost'; readonly cause: BlockedCause }

/** One connection's way out, for one purpose. Every transport call it makes leaves a receipt first. */
export type ConnectionGateway = {
  readonly connection: Connection
  readonly provider: Provider
  /** The provider's default for `paginate`. */
  readonly pagination: Pagination | null
  /** Every transport call in order: retries, redirects, probes and refreshes included. */
  readonly calls: readonly ProviderCall[]
  request(request: ProviderRequest, signal?: AbortSignal): Promise<GatewayAnswer>
  /** Asks the provider's check endpoint whether the connection opens its account. */
  check(signal?: AbortSignal): Promise<ConnectionCheck>
  /** The OAuth client of the integration; a replay supplies placeholders. Absent where it has none. */
  readonly oauthClient?: Integration['oauthClient'] | undefined
  /**
   * The connection's secret, for functions that a person lets read it; a replay supplies placeholders. `renew` asks
   * the provider for a newer one. Absent where the credential is kept by somebody else.
   */
  credential?(o: { readonly renew: boolean }, signal?: AbortSignal): Promise<CurrentCredential>
  /**
   * Calls any public address without the connection's credential, and leaves receipts as every call does.
   * Throws PlumbError `host-not-allowed` for a private address, and `request-invalid` for a write that is not allowed.
   */
  callOutside?(request: OutsideRequest, signal?: AbortSignal): Promise<OutsideAnswer>
}

/** What a probe of a connection found. */
export type ConnectionCheck =
  | { readonly kind: 'ok'; readonly receiptIds: readonly string[] }
  /** The provider entry names no check endpoint. */
  | { readonly kind: 'unchecked' }
  | { readonly kind: 'access-lost'; readonly cause: BlockedCause }
  | {
      readonly kind: 'unreachable'
      readonly code: string
      readonly message: string
      readonly receiptIds: readonly string[]
    }
  /** Answered, but with neither success nor a refusal of access. */
  | { readonly kind: 'failed'; readonly status: number; readonly receiptIds: readonly string[] }
  | { readonly kind: 'refused'; readonly error: PlumbError }

/** Whose calls, and why; written into each receipt. */
export type CallContext = {
  /** Default: the environment of the gateway. */
  readonly environment?: string
  readonly integrationKey: string
  readonly connectionId: string
  readonly purpose: ReceiptPurpose
  readonly attemptId?: string | null
  readonly executionId?: string | null
  /** Receipts of one chain are numbered together. Default: the attempt, else the connection. */
  readonly chain?: string
  /** How many writes may be made through this gateway; without it, any number. */
  readonly writeLimit?: number
  /** False refuses every write. Default true. */
  readonly allowWrites?: boolean
  /** Calls that change nothing though their method says so, beside the provider's `reads`: `POST /v1/search/*`. */
  readonly reads?: readonly string[]
  /** Told each write that `allowWrites: false` refuses, as it would have been sent but for the credential. */
  readonly onStoppedWrite?: (write: StoppedWrite) => void
  /** With it, calls of purpose `execution` are told to the log instead of being signed as receipts. */
  readonly log?: OperationLog
  /** Awaited before each call that may change the account; what it throws stops the call. */
  readonly beforeWrite?: () => Promise<void>
}

/** A call that was not sent because it may change the account. The credential is not in it. */
export type StoppedWrite = {
  readonly method: string
  /** Absolute, with its query. */
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: WireBody | null
}

/** Whose requests are passed on, and where they are told. */
export type StreamContext = Pick<CallContext, 'environment' | 'integrationKey' | 'connectionId'> & {
  readonly log: OperationLog
}

export type StreamGateway = {
  /** Throws PlumbErrors `host-not-allowed`, `request-invalid`, `connection-invalid`, `credential-refresh-failed`. */
  send(request: StreamRequest, signal?: AbortSignal): Promise<StreamAnswer>
}

export type Gateway = {
  /** Throws PlumbError `connection-unknown` or `provider-unknown`. */
  forConnection(context: CallContext): Promise<ConnectionGateway>
  /** The same for requests that are passed on with their bodies as they come. Throws the same. */
  forStreaming(context: StreamContext): Promise<StreamGateway>
  close(): Promise<void>
}

/** A gateway over recordings: no network, no credentials, the same code. */
export type ReplayGateway = ConnectionGateway & {
  /** Recordings that nothing asked for. */
  unused(): readonly Recording[]
  /** Requests without a recording, each as the error the function was given. */
  unknown(): readonly PlumbError[]
  /** What would have been written as receipts. */
  receipts(): readonly ReceiptDraft[]
}
