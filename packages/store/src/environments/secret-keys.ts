import type { ApiScope } from '@plumb/protocol'
import type { Queryable } from '../database/database.js'

/** A key that opens one environment, without the key itself. Times are ISO 8601. */
export type SecretKey = {
  readonly id: string
  readonly environment: string
  readonly name: string
  readonly scopes: readonly ApiScope[]
  readonly createdAt: string
  readonly lastUsedAt: string | null
  readonly revokedAt: string | null
}

const columns = `id, environment, name, scopes, created_at as "createdAt", last_used_at as "lastUsedAt",
  revoked_at as "revokedAt"`

/** Stores a key by the hash of its text, which is stored nowhere. */
export async function saveSecretKey(db: Queryable, key: SecretKey, hash: string): Promise<void> {
  await db.query(
    `insert into plumb.secret_keys (id, environment, name, hash, scopes, created_at)
     values ($1, $2, $3, $4, $5, $6)`,
    [key.id, key.environment, key.name, hash, JSON.stringify(key.scopes), key.createdAt],
  )
}

/** The keys of an environment, revoked ones too, the oldest first. */
export async function listSecretKeys(
  db: Queryable,
  environment: string,
): Promise<readonly SecretKey[]> {
  return db.query<SecretKey>(
    `select ${columns} from plumb.secret_keys where environment = $1 order by created_at, id`,
    [environment],
  )
}

/** The key whose text has that hash, unless it was revoked. */
export async function findSecretKey(db: Queryable, hash: string): Promise<SecretKey | null> {
  const [key] = await db.query<SecretKey>(
    `select ${columns} from plumb.secret_keys where hash = $1 and revoked_at is null`,
    [hash],
  )
  return key ?? null
}

/** False when the environment has no such key. One that was revoked before keeps its time. */
export async function revokeSecretKey(
  db: Queryable,
  key: { readonly environment: string; readonly id: string; readonly at: string },
): Promise<boolean> {
  const rows = await db.query(
    `update plumb.secret_keys set revoked_at = coalesce(revoked_at, $3)
     where environment = $1 and id = $2 returning id`,
    [key.environment, key.id, key.at],
  )
  return rows.length === 1
}

/** Notes that a key was used, to the minute: many calls with one key write one row a minute. */
export async function touchSecretKey(
  db: Queryable,
  key: { readonly id: string; readonly at: string },
): Promise<void> {
  await db.query(
    `update plumb.secret_keys set last_used_at = $2
     where id = $1 and (last_used_at is null or last_used_at < $2::timestamptz - interval '1 minute')`,
    [key.id, key.at],
  )
}
