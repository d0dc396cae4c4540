import type { ConnectionDetails, EndUser } from '@plumb/protocol'
import type { Queryable } from '../database/database.js'
import type { ConnectionName } from './connections.js'

const columns = `environment, integration_key as "integrationKey", connection_id as "connectionId", provider, state,
  connection_config as "connectionConfig", metadata, created_at as "createdAt", updated_at as "updatedAt",
  number, end_user as "endUser", tags, error, token_expires_at as "tokenExpiresAt",
  last_fetched_at as "lastFetchedAt"`

/** An end user as tags, which are the newer way to say whose an account is. */
const endUserTags = `jsonb_strip_nulls(jsonb_build_object('end_user_id', end_user ->> 'id',
  'end_user_email', end_user ->> 'email', 'end_user_display_name', end_user ->> 'display_name',
  'organization_id', end_user -> 'organization' ->> 'id',
  'organization_display_name', end_user -> 'organization' ->> 'display_name'))`

export type ConnectionFilter = {
  readonly environment: string
  readonly integrationKeys?: readonly string[] | undefined
  readonly connectionId?: string | undefined
  /** Of an end user, or of a tag `end_user_id`. */
  readonly endUserId?: string | undefined
  /** Of an end user's organisation, or of a tag `organization_id`. */
  readonly organizationId?: string | undefined
  /** All of them; `end_user_email` and the like stand for what the end user has. */
  readonly tags?: Readonly<Record<string, string>> | undefined
  /** Part of the connection's id, or of its end user's id, name or address. */
  readonly search?: string | undefined
  readonly limit: number
  readonly offset?: number | undefined
  /** Only those that were added before that one. */
  readonly before?: number | undefined
}

/** Connections without their secrets, newest first. */
export async function findConnections(
  db: Queryable,
  f: ConnectionFilter,
): Promise<readonly ConnectionDetails[]> {
  return db.query<ConnectionDetails>(
    `select ${columns} from plumb.connections
     where environment = $1
       and ($2::text[] is null or integration_key = any ($2))
       and ($3::text is null or connection_id = $3)
       and ($4::text is null or end_user ->> 'id' = $4 or tags ->> 'end_user_id' = $4)
       and ($5::text is null or end_user -> 'organization' ->> 'id' = $5 or tags ->> 'organization_id' = $5)
       and ($6::jsonb is null or tags @> $6 or ${endUserTags} || tags @> $6)
       and ($7::text is null or connection_id ilike $7 or end_user ->> 'id' ilike $7
         or end_user ->> 'email' ilike $7 or end_user ->> 'display_name' ilike $7)
       and ($8::bigint is null or number < $8)
     order by number desc limit $9 offset $10`,
    [
      f.environment,
      f.integrationKeys ?? null,
      f.connectionId ?? null,
      f.endUserId ?? null,
      f.organizationId ?? null,
      f.tags === undefined ? null : JSON.stringify(f.tags),
      f.search === undefined ? null : `%${f.search.replace(/[\\%_]/g, '\\$&')}%`,
      f.before ?? null,
      f.limit,
      f.offset ?? 0,
    ],
  )
}

/** The connections of an app's installation, of all integrations that are of that app. */
export async function findInstallation(
  db: Queryable,
  f: {
    readonly environment: string
    readonly integrationKeys: readonly string[]
    readonly installationId: string
  },
): Promise<readonly ConnectionDetails[]> {
  return db.query<ConnectionDetails>(
    `select ${columns} from plumb.connections
     where environment = $1 and integration_key = any ($2) and connection_config ->> 'installation_id' = $3`,
    [f.environment, f.integrationKeys, f.installationId],
  )
}

/** Null when there is none of that name. */
export async function getConnectionDetails(
  db: Queryable,
  { environment, integrationKey, connectionId }: ConnectionName,
): Promise<ConnectionDetails | null> {
  const [found] = await db.query<ConnectionDetails>(
    `select ${columns} from plumb.connections
     where environment = $1 and integration_key = $2 and connection_id = $3`,
    [environment, integrationKey, connectionId],
  )
  return found ?? null
}

/** False when there is none of that name. */
export async function deleteConnection(db: Queryable, name: ConnectionName): Promise<boolean> {
  const rows = await db.query(
    `delete from plumb.connections
     where environment = $1 and integration_key = $2 and connection_id = $3 returning connection_id`,
    [name.environment, name.integrationKey, name.connectionId],
  )
  return rows.length === 1
}

/** Notes that somebody asked for its secret. */
export async function noteFetched(db: Queryable, name: ConnectionName): Promise<void> {
  await db.query(
    `update plumb.connections set last_fetched_at = now()
     where environment = $1 and integration_key = $2 and connection_id = $3`,
    [name.environment, name.integrationKey, name.connectionId],
  )
}

/** Replaces end user or tags where they are given. False when there is no such connection. */
export async function labelConnection(
  db: Queryable,
  label: ConnectionName & {
    readonly endUser?: EndUser | undefined
    readonly tags?: Readonly<Record<string, string>> | undefined
  },
): Promise<boolean> {
  const rows = await db.query(
    `update plumb.connections set end_user = coalesce($4::jsonb, end_user), tags = coalesce($5::jsonb, tags),
       updated_at = now()
     where environment = $1 and integration_key = $2 and connection_id = $3 returning connection_id`,
    [
      label.environment,
      label.integrationKey,
      label.connectionId,
      label.endUser === undefined ? null : JSON.stringify(label.endUser),
      label.tags === undefined ? null : JSON.stringify(label.tags),
    ],
  )
  return rows.length === 1
}

/**
 * Changes the metadata of several connections of one integration in one statement: replaces it, or merges the
 * given members into it. Returns the ids of those there are.
 */
export async function writeMetadata(
  db: Queryable,
  write: Omit<ConnectionName, 'connectionId'> & {
    readonly connectionIds: readonly string[]
    readonly metadata: Readonly<Record<string, unknown>>
    readonly merge: boolean
  },
): Promise<readonly string[]> {
  const rows = await db.query<{ id: string }>(
    `update plumb.connections
     set metadata = case when $5 then (metadata::jsonb || $4::jsonb)::json else $4::json end, updated_at = now()
     where environment = $1 and integration_key = $2 and connection_id = any ($3)
     returning connection_id as id`,
    [
      write.environment,
      write.integrationKey,
      write.connectionIds,
      JSON.stringify(write.metadata),
      write.merge,
    ],
  )
  return rows.map(({ id }) => id)
}

/** Connections whose token ends before `before` (ISO 8601) and that were not found unusable, soonest first. */
export async function listDueConnections(
  db: Queryable,
  due: { readonly environment: string; readonly before: string; readonly limit: number },
): Promise<readonly ConnectionName[]> {
  return db.query<ConnectionName>(
    `select environment, integration_key as "integrationKey", connection_id as "connectionId"
     from plumb.connections
     where environment = $1 and token_expires_at < $2 and state in ('ok', 'refreshing')
     order by token_expires_at limit $3`,
    [due.environment, due.before, due.limit],
  )
}
