import { PlumbError, type Connection, type ConnectionError, type EndUser } from '@plumb/protocol'
import type { Queryable } from '../database/database.js'

/** A connection with its secret, encrypted by the caller. The version fences concurrent replacements. */
export type StoredConnection = Connection & {
  readonly encryptedCredential: string
  readonly credentialVersion: number
}

export type ConnectionName = Pick<Connection, 'environment' | 'integrationKey' | 'connectionId'>

const columns = `environment, integration_key as "integrationKey", connection_id as "connectionId", provider, state,
  connection_config as "connectionConfig", metadata, created_at as "createdAt", updated_at as "updatedAt",
  encrypted_credential as "encryptedCredential", credential_version as "credentialVersion"`

/** What is written with a connection beside what is read with it. */
export type SavedConnection = StoredConnection & {
  /** ISO 8601: when its token has to be renewed. */
  readonly tokenExpiresAt?: string | null
  /** Left as it is when absent. */
  readonly endUser?: EndUser | null
  /** Added to those there are. */
  readonly tags?: Readonly<Record<string, string>>
}

/**
 * Stores a connection. One of that name is replaced and keeps `createdAt`; its credential version goes up, so
 * that a replacement which began before loses. Returns what is stored now.
 */
export async function saveConnection(
  db: Queryable,
  connection: SavedConnection,
): Promise<StoredConnection> {
  const rows = await db.query<StoredConnection>(
    `insert into plumb.connections as c (integration_key, connection_id, provider, state,
       connection_config, metadata, encrypted_credential, credential_version, created_at, updated_at, environment,
       token_expires_at, end_user, tags)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
     on conflict (environment, integration_key, connection_id) do update set
       provider = excluded.provider, state = excluded.state, error = null,
       connection_config = excluded.connection_config, metadata = excluded.metadata,
       encrypted_credential = excluded.encrypted_credential,
       credential_version = greatest(c.credential_version + 1, excluded.credential_version),
       token_expires_at = excluded.token_expires_at,
       end_user = coalesce(excluded.end_user, c.end_user), tags = c.tags || excluded.tags,
       updated_at = excluded.updated_at
     returning ${columns}`,
    [
      connection.integrationKey,
      connection.connectionId,
      connection.provider,
      connection.state,
      JSON.stringify(connection.connectionConfig),
      JSON.stringify(connection.metadata),
      connection.encryptedCredential,
      connection.credentialVersion,
      connection.createdAt,
      connection.updatedAt,
      connection.environment,
      connection.tokenExpiresAt ?? null,
      connection.endUser ? JSON.stringify(connection.endUser) : null,
      JSON.stringify(connection.tags ?? {}),
    ],
  )
  return rows[0] ?? connection
}

/** Puts everything back that `saveConnection` had replaced. What began with the replacement loses, as it does there. */
export async function restoreConnection(
  db: Queryable,
  before: Required<SavedConnection> & { readonly error: ConnectionError | null },
): Promise<void> {
  await db.query(
    `update plumb.connections set provider = $4, state = $5, error = $6, connection_config = $7, metadata = $8,
       encrypted_credential = $9, credential_version = greatest(credential_version + 1, $10), token_expires_at = $11,
       end_user = $12, tags = $13, updated_at = $14
     where environment = $1 and integration_key = $2 and connection_id = $3`,
    [
      ...[before.environment, before.integrationKey, before.connectionId],
      ...[before.provider, before.state, before.error && JSON.stringify(before.error)],
      ...[JSON.stringify(before.connectionConfig), JSON.stringify(before.metadata)],
      ...[before.encryptedCredential, before.credentialVersion, before.tokenExpiresAt],
      ...[before.endUser && JSON.stringify(before.endUser), JSON.stringify(before.tags)],
      before.updatedAt,
    ],
  )
}

/** Null when there is none of that name. */
export async function getConnection(
  db: Queryable,
  { environment, integrationKey, connectionId }: ConnectionName,
): Promise<StoredConnection | null> {
  const [connection] = await db.query<StoredConnection>(
    `select ${columns} from plumb.connections
     where integration_key = $1 and connection_id = $2 and environment = $3`,
    [integrationKey, connectionId, environment],
  )
  return connection ?? null
}

/** All connections of an environment, or those of one integration, by name. */
export async function listConnections(
  db: Queryable,
  filter: { readonly environment: string; readonly integrationKey?: string },
): Promise<readonly StoredConnection[]> {
  return db.query<StoredConnection>(
    `select ${columns} from plumb.connections
     where environment = $1 and ($2::text is null or integration_key = $2)
     order by integration_key, connection_id`,
    [filter.environment, filter.integrationKey ?? null],
  )
}

export type CredentialReplacement = ConnectionName & {
  readonly expectedVersion: number
  readonly encryptedCredential: string
  /** ISO 8601: when it has to be renewed. */
  readonly tokenExpiresAt?: string | null
}

/**
 * Replaces a credential by one that works. False when it is no longer of the expected version: somebody else has
 * replaced it.
 */
export async function replaceCredential(db: Queryable, r: CredentialReplacement): Promise<boolean> {
  const rows = await db.query(
    `update plumb.connections set encrypted_credential = $4, error = null,
       state = case when state = 'revoked' then state else 'ok' end,
       credential_version = credential_version + 1, token_expires_at = $6, updated_at = now()
     where integration_key = $1 and connection_id = $2 and credential_version = $3 and environment = $5
     returning connection_id`,
    [
      r.integrationKey,
      r.connectionId,
      r.expectedVersion,
      r.encryptedCredential,
      r.environment,
      r.tokenExpiresAt ?? null,
    ],
  )
  return rows.length === 1
}

/** Says that a credential is being renewed, or that it does not work any more; not when it was replaced meanwhile. */
export async function noteRenewal(
  db: Queryable,
  note: ConnectionName &
    Pick<Connection, 'state'> & {
      readonly expectedVersion: number
      readonly error: ConnectionError | null
    },
): Promise<boolean> {
  const rows = await db.query(
    `update plumb.connections set state = case when state = 'revoked' then state else $3 end, error = $6,
       updated_at = now()
     where integration_key = $1 and connection_id = $2 and environment = $4 and credential_version = $5
     returning connection_id`,
    [
      note.integrationKey,
      note.connectionId,
      note.state,
      note.environment,
      note.expectedVersion,
      note.error === null ? null : JSON.stringify(note.error),
    ],
  )
  return rows.length === 1
}

/** Throws `connection-unknown`. */
export async function setConnectionState(
  db: Queryable,
  connection: ConnectionName & Pick<Connection, 'state'>,
): Promise<void> {
  const { environment, integrationKey, connectionId, state } = connection
  const rows = await db.query(
    `update plumb.connections set state = $3, updated_at = now(),
       error = case when $3 = 'ok' then null else error end
     where integration_key = $1 and connection_id = $2 and environment = $4
     returning connection_id`,
    [integrationKey, connectionId, state, environment],
  )
  if (rows.length === 0) throw connectionUnknown(connection)
}

/** Replaces the metadata as a whole. Throws `connection-unknown`. */
export async function setConnectionMetadata(
  db: Queryable,
  connection: ConnectionName & Pick<Connection, 'metadata'>,
): Promise<void> {
  const { environment, integrationKey, connectionId, metadata } = connection
  const rows = await db.query(
    `update plumb.connections set metadata = $3, updated_at = now()
     where integration_key = $1 and connection_id = $2 and environment = $4
     returning connection_id`,
    [integrationKey, connectionId, JSON.stringify(metadata), environment],
  )
  if (rows.length === 0) throw connectionUnknown(connection)
}

function connectionUnknown(name: ConnectionName): PlumbError {
  return new PlumbError({
    code: 'connection-unknown',
    message: `Integration "${name.integrationKey}" has no connection "${name.connectionId}".`,
    remedy: 'Check both names in the brief, or add the connection.',
  })
}
