import type { Connection } from '@plumb/protocol'

/** What a `validate-connection` function said about an account that was just authorised. */
export type ConnectionVerdict =
  | { readonly kind: 'valid' }
  /** `message` is shown to the person who connects. */
  | { readonly kind: 'invalid'; readonly message: string }

/** What happens around a connection's life, beside storing it. Calls may use the connection: it is stored already. */
export type ConnectionHooks = {
  /** Asked once per authorisation, after the credential check; an invalid connection is not kept. */
  validate(connection: Connection): Promise<ConnectionVerdict>
  /** After a connection was stored for good, new or reconnected. A failure of it does not undo the connection. */
  created(connection: Connection): Promise<void>
  /** Before a connection is deleted, while it still works. */
  deleting(connection: Connection): Promise<void>
}

/** Where nobody listens. */
export const noConnectionHooks: ConnectionHooks = {
  validate: async () => ({ kind: 'valid' }),
  created: async () => undefined,
  deleting: async () => undefined,
}
