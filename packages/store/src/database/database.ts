import type { Pool } from 'pg'

/** Anything SQL can be sent to: the database, an open transaction, or the session that holds a lock. */
export type Queryable = {
  /** Rows of one statement. Times come back as ISO 8601 text, bigint and numeric as numbers. */
  query<Row>(sql: string, params?: readonly unknown[]): Promise<Row[]>
}

export type LockOutcome<T> =
  { readonly kind: 'done'; readonly value: T } | { readonly kind: 'held' }

export type Database = Queryable & {
  readonly kind: 'embedded' | 'external'
  /** Commits when `fn` resolves, rolls back when it throws. */
  transaction<T>(fn: (db: Queryable) => Promise<T>): Promise<T>
  /**
   * Runs `fn` while no other process, and no other caller in this one, holds the lock of that name. The signal is
   * aborted when the session ends that holds it, such as with its server.
   */
  withLock<T>(name: string, fn: (db: Queryable, lost: AbortSignal) => Promise<T>): Promise<T>
  /** The same without waiting: `held` when somebody else has the lock. A process that is killed loses its locks. */
  tryLock<T>(
    name: string,
    fn: (db: Queryable, lost: AbortSignal) => Promise<T>,
  ): Promise<LockOutcome<T>>
  /**
   * Sessions for a library that brings its own SQL and tries again by itself, `size` at most; each lost session is an
   * error "Connection terminated unexpectedly". Whoever asks for it ends it before `close`.
   */
  openPool(size: number): Pool
  /**
   * Hears notifications of a channel: their payloads, and null when some may have been missed. Returns what stops it.
   * A pooler between this process and the database may keep notifications away.
   */
  listen(channel: string, hear: (payload: string | null) => void): () => void
  close(): Promise<void>
}
