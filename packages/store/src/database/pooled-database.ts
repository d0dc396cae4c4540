import pg from 'pg'
import type { Database, Queryable } from './database.js'
import { explainDatabaseError } from './explain-database-error.js'
import { openListener } from './listener.js'
import { openPool, openRetriedPool } from './open-pool.js'

/** Sessions one process keeps for statements; locks come on top. */
const poolSize = 10

type PooledDatabaseOptions = {
  readonly kind: Database['kind']
  readonly connection: pg.ClientConfig
  /** Names the database in messages; must hold no password. */
  readonly where: string
  /** Runs after the last session has ended. */
  readonly onClose?: () => Promise<void>
}

/** The one implementation of `Database`: a pool of sessions on any PostgreSQL. */
export function openPooledDatabase(o: PooledDatabaseOptions): Database {
  const pool = openPool({ ...o.connection, types, max: poolSize })
  const queues = new Map<string, Promise<unknown>>()
  const listener = openListener({ ...o.connection, keepAlive: true })
  let closed: Promise<void> | undefined

  return {
    kind: o.kind,
    ...queryOn(pool, o.where),
    transaction: (fn) => transaction(pool, o.where, fn),
    withLock(name, fn) {
      const held = (queues.get(name) ?? Promise.resolve()).then(() => holdLock(o, name, fn))
      const settled = held
        .catch(() => undefined)
        .then(() => {
          if (queues.get(name) === settled) queues.delete(name)
        })
      queues.set(name, settled)
      return held
    },
    tryLock: (name, fn) =>
      inSession(o, async (db, lost) => {
        const [row] = await db.query<{ taken: boolean }>(
          `select pg_try_advisory_lock(${lockKey}) as taken`,
          [name],
        )
        return row?.taken === true ? { kind: 'done', value: await fn(db, lost) } : { kind: 'held' }
      }),
    openPool: (size) => openRetriedPool({ ...o.connection, max: size }),
    listen: (channel, hear) => listener.listen(channel, hear),
    close: () =>
      (closed ??= listener
        .close()
        .then(() => pool.end())
        .then(() => o.onClose?.())),
  }
}

function queryOn(session: pg.Pool | pg.ClientBase, where: string): Queryable {
  return {
    async query<Row>(sql: string, params: readonly unknown[] = []) {
      try {
        const result = await session.query(sql, [...params])
        return result.rows as Row[]
      } catch (error) {
        throw explainDatabaseError(error, where)
      }
    },
  }
}

async function transaction<T>(
  pool: pg.Pool,
  where: string,
  fn: (db: Queryable) => Promise<T>,
): Promise<T> {
  const session = await pool.connect().catch((error: unknown) => {
    throw explainDatabaseError(error, where)
  })
  const db = queryOn(session, where)
  let broken = false
  try {
    await db.query('begin')
    const result = await fn(db)
    await db.query('commit')
    return result
  } catch (error) {
    await session.query('rollback').catch(() => (broken = true))
    throw error
  } finally {
    session.release(broken)
  }
}

const lockKey = `hashtextextended('plumb lock ' || $1, 0)`

async function holdLock<T>(
  o: PooledDatabaseOptions,
  name: string,
  fn: (db: Queryable, lost: AbortSignal) => Promise<T>,
): Promise<T> {
  return inSession(o, async (db, lost) => {
    await db.query(`select pg_advisory_lock(${lockKey})`, [name])
    return fn(db, lost)
  })
}

/** A session of its own holds a lock, so that waiting for one never starves the pool; the lock ends with it. */
async function inSession<T>(
  o: PooledDatabaseOptions,
  fn: (db: Queryable, lost: AbortSignal) => Promise<T>,
): Promise<T> {
  const session = new pg.Client({ ...o.connection, types })
  const lost = new AbortController()
  session.on('error', () => undefined)
  session.on('end', () => lost.abort())
  await session.connect().catch((error: unknown) => {
    throw explainDatabaseError(error, o.where)
  })
  try {
    return await fn(queryOn(session, o.where), lost.signal)
  } finally {
    await session.end().catch(() => undefined)
  }
}

const { builtins } = pg.types
const asNumber = (text: string) => Number(text)
const parsers = new Map<number, (text: string) => unknown>([
  [builtins.INT8, asNumber],
  [builtins.NUMERIC, asNumber],
  [builtins.TIMESTAMPTZ, (text) => new Date(text).toISOString()],
])
const types: pg.CustomTypesConfig = {
  getTypeParser: (oid, format): unknown => parsers.get(oid) ?? pg.types.getTypeParser(oid, format),
}
