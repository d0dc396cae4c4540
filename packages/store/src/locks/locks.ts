import type { Queryable } from '../database/database.js'

/** One lock of one connection. */
export type LockName = {
  readonly environment: string
  readonly integrationKey: string
  readonly connectionId: string
  readonly key: string
}

/** A lock, and the execution that holds it or would. */
export type OwnedLock = LockName & { readonly owner: string }

/**
 * Takes a lock that is free or whose time is up, and extends the owner's own; false when somebody else holds it. The
 * clock is the database's, so that processes agree.
 */
export async function acquireLock(
  db: Queryable,
  lock: OwnedLock & { readonly ttlMs: number },
): Promise<boolean> {
  const rows = await db.query(
    `insert into plumb.locks as l (environment, integration_key, connection_id, key, owner, expires_at)
     values ($1, $2, $3, $4, $5, ${endOf('$6')})
     on conflict (environment, integration_key, connection_id, key)
     do update set owner = excluded.owner, expires_at = ${endOf('$6')}
     where l.owner = excluded.owner or l.expires_at <= clock_timestamp()
     returning 1`,
    [...valuesOf(lock), lock.owner, lock.ttlMs],
  )
  return rows.length > 0
}

/** Frees locks of an owner, whatever their time; tells whether one of them was held still. */
export async function releaseLocks(
  db: Queryable,
  { keys, ...lock }: Omit<OwnedLock, 'key'> & { readonly keys: readonly string[] },
): Promise<boolean> {
  const rows = await db.query<{ held: boolean }>(
    `delete from plumb.locks
     where environment = $1 and integration_key = $2 and connection_id = $3 and key = any ($4) and owner = $5
     returning expires_at > clock_timestamp() as held`,
    [lock.environment, lock.integrationKey, lock.connectionId, keys, lock.owner],
  )
  return rows.some(({ held }) => held)
}

/** Forgets locks whose owners died and that nobody wanted since. */
export async function deleteExpiredLocks(db: Queryable): Promise<void> {
  await db.query(
    `delete from plumb.locks where ctid = any (array(
       select ctid from plumb.locks where expires_at <= clock_timestamp() for update skip locked))`,
  )
}

const endOf = (ttlMs: string): string => `clock_timestamp() + ${ttlMs} * interval '1 millisecond'`

function valuesOf(lock: LockName): readonly string[] {
  return [lock.environment, lock.integrationKey, lock.connectionId, lock.key]
}
