import { acquireLock, releaseLocks } from '@plumb/store'
import type { LockName, Queryable } from '@plumb/store'
import { escapeText } from '../records/escape-json.js'
import type { LockStore } from './locks.js'

/** The locks of a connection, for all its executions in all processes. A lock outlives the process that dies with it. */
export function storedLocks(db: Queryable, connection: Omit<LockName, 'key'>): LockStore {
  const { environment, integrationKey, connectionId } = connection
  const place = { environment, integrationKey, connectionId }
  return {
    acquire: (lock) => acquireLock(db, { ...place, ...lock, key: escapeText(lock.key) }),
    release: ({ keys, owner }) => releaseLocks(db, { ...place, owner, keys: keys.map(escapeText) }),
  }
}
