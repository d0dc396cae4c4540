import type { Queryable } from '../database/database.js'

/** The part of a session that its opener decides; stored as it comes. */
export type StoredSession<Body> = {
  readonly id: string
  readonly environment: string
  readonly body: Body
  readonly reconnect: ConnectionOfSession | null
  readonly connected: ConnectionOfSession | null
  readonly createdAt: string
  readonly expiresAt: string
}

export type ConnectionOfSession = {
  readonly integrationKey: string
  readonly connectionId: string
}

const columns = `id, environment, body, reconnect, connected, created_at as "createdAt", expires_at as "expiresAt"`

/** Stores a session under the hash of its token. */
export async function saveConnectSession(
  db: Queryable,
  session: Omit<StoredSession<unknown>, 'connected'> & { readonly tokenHash: string },
): Promise<void> {
  await db.query(
    `insert into plumb.connect_sessions (id, environment, token_hash, body, reconnect, created_at, expires_at)
     values ($1, $2, $3, $4, $5, $6, $7)`,
    [
      session.id,
      session.environment,
      session.tokenHash,
      JSON.stringify(session.body),
      session.reconnect === null ? null : JSON.stringify(session.reconnect),
      session.createdAt,
      session.expiresAt,
    ],
  )
}

/** By the hash of its token, or by its id; also one that has ended. */
export async function getConnectSession<Body>(
  db: Queryable,
  key: { readonly tokenHash: string } | { readonly id: string },
): Promise<StoredSession<Body> | null> {
  const [by, value] = 'id' in key ? ['id', key.id] : ['token_hash', key.tokenHash]
  const [found] = await db.query<StoredSession<Body>>(
    `select ${columns} from plumb.connect_sessions where ${by} = $1`,
    [value],
  )
  return found ?? null
}

/** Notes what a session led to. */
export async function noteConnected(
  db: Queryable,
  id: string,
  connected: ConnectionOfSession,
): Promise<void> {
  await db.query('update plumb.connect_sessions set connected = $2 where id = $1', [
    id,
    JSON.stringify(connected),
  ])
}

export async function deleteConnectSession(db: Queryable, id: string): Promise<void> {
  await db.query('delete from plumb.connect_sessions where id = $1', [id])
}

/** Removes sessions, and with them their authorisations, that ended before `before` (ISO 8601). Returns how many. */
export async function deleteEndedSessions(db: Queryable, before: string): Promise<number> {
  const rows = await db.query(
    'delete from plumb.connect_sessions where expires_at < $1 returning id',
    [before],
  )
  return rows.length
}
