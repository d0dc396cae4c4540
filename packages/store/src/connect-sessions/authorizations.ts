import type { Queryable } from '../database/database.js'

/** One way to a provider and back; secrets of it are encrypted by the caller. */
export type StoredAuthorization = {
  readonly stateHash: string
  readonly sessionId: string
  readonly environment: string
  readonly integrationKey: string
  readonly browserHash: string
  readonly encryptedBody: string
  readonly createdAt: string
  readonly expiresAt: string
}

export async function saveAuthorization(db: Queryable, a: StoredAuthorization): Promise<void> {
  await db.query(
    `insert into plumb.authorizations (state_hash, session_id, environment, integration_key, browser_hash,
       encrypted_body, created_at, expires_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [
      a.stateHash,
      a.sessionId,
      a.environment,
      a.integrationKey,
      a.browserHash,
      a.encryptedBody,
      a.createdAt,
      a.expiresAt,
    ],
  )
}

/** As it is stored, and whether somebody came back with it already. */
export async function getAuthorization(
  db: Queryable,
  stateHash: string,
): Promise<(StoredAuthorization & { readonly usedAt: string | null }) | null> {
  const [found] = await db.query<StoredAuthorization & { readonly usedAt: string | null }>(
    `select state_hash as "stateHash", session_id as "sessionId", environment,
       integration_key as "integrationKey", browser_hash as "browserHash", encrypted_body as "encryptedBody",
       created_at as "createdAt", expires_at as "expiresAt", used_at as "usedAt"
     from plumb.authorizations where state_hash = $1`,
    [stateHash],
  )
  return found ?? null
}

/** True for the one caller that takes it; everybody after comes too late. */
export async function takeAuthorization(
  db: Queryable,
  stateHash: string,
  at: string,
): Promise<boolean> {
  const rows = await db.query(
    `update plumb.authorizations set used_at = $2
     where state_hash = $1 and used_at is null and expires_at > $2 returning state_hash`,
    [stateHash, at],
  )
  return rows.length === 1
}
