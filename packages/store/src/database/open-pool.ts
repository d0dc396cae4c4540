import pg from 'pg'
import { isConnectionLost } from './explain-database-error.js'

/** A pool whose sessions may be lost at any time: the next statement opens another one. */
export function openPool(connection: pg.PoolConfig): pg.Pool {
  const pool = new pg.Pool(connection)
  pool.on('error', () => undefined)
  // A session may be ended in the same breath in which it is opened, before whoever waits for it can listen: an event
  // that nobody hears would end the process.
  pool.on('connect', (session) => session.on('error', () => undefined))
  return pool
}

/**
 * A pool for a library that tries again by itself when a session was lost, and knows that by some of the words for it:
 * whatever the system calls it, such as a broken pipe, it is told in words that are known.
 */
export function openRetriedPool(connection: pg.PoolConfig): pg.Pool {
  const pool = openPool(connection)
  pool.on('connect', (session) => retell(session, 'query'))
  retell(pool, 'query')
  retell(pool, 'connect')
  return pool
}

/** Changes what the method rejects with. Calls with a callback are the driver's own. */
function retell(part: pg.Pool | pg.PoolClient, method: 'query' | 'connect'): void {
  const asked = Reflect.get(part, method) as (...args: unknown[]) => unknown
  Reflect.set(part, method, (...args: unknown[]) => {
    const answer = Reflect.apply(asked, part, args)
    return answer instanceof Promise ? answer.catch(refuse) : answer
  })
}

function refuse(error: unknown): never {
  if (!isConnectionLost(error)) throw error
  throw new Error(`Connection terminated unexpectedly: ${String(error)}`, { cause: error })
}
