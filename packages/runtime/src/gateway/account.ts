import type { BlockedCause, Credential } from '@plumb/protocol'

export type CurrentCredential =
  | { readonly kind: 'usable'; readonly credential: Credential; readonly version: number }
  /** It can not be renewed; only the person can help. */
  | { readonly kind: 'lost'; readonly cause: BlockedCause }

/** Supplies one connection's credential. A replay supplies placeholders. */
export type Account = {
  /** Renewed first when it is about to expire. Throws PlumbError `credential-refresh-failed` for passing troubles. */
  current(signal?: AbortSignal): Promise<CurrentCredential>
  /** After the provider refused version `seen`: a newer credential, or null when there is none. */
  renew(seen: number, signal?: AbortSignal): Promise<CurrentCredential | null>
  /** The provider said that access with version `seen` is gone for good; a newer one is not concerned. */
  markLost(seen: number): Promise<void>
}
