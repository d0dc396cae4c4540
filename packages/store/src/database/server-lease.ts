import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import type { Cluster } from './cluster.js'
import { errorCode, isConnectionLost } from './explain-database-error.js'
import { removeSocketDir } from './socket-directory.js'

/**
 * A session that keeps an embedded server running. Users share a lock; who leaves and can have the lock alone
 * is the last one and stops the server. A process that dies loses its session, and with it its share.
 */
export type ServerLease = {
  readonly connection: pg.ClientConfig
  /** Resolves when the session has ended, for whatever reason. */
  readonly lost: Promise<void>
  release(): Promise<void>
}

const leaseKey = 7_568_162
/** How long each way of stopping gets. */
const stopMs = 15_000

/** The lease of a server that answers; otherwise whether it is on its way (up or down) or silent. */
export async function knock(cluster: Cluster): Promise<ServerLease | 'starting' | 'silent'> {
  const connection = await connectionOf(cluster)
  const session = new pg.Client(connection)
  session.on('error', () => undefined)
  const lost = new Promise<void>((resolve) => session.once('end', () => resolve()))
  try {
    await session.connect()
    await session.query('select pg_advisory_lock_shared($1)', [leaseKey])
  } catch (error) {
    await session.end().catch(() => undefined)
    if (['ENOENT', 'ECONNREFUSED'].includes(errorCode(error))) return 'silent'
    if (isConnectionLost(error)) return 'starting'
    throw error
  }
  return { connection, lost, release: () => release(cluster, session) }
}

async function release(cluster: Cluster, session: pg.Client): Promise<void> {
  try {
    // Given back first: of two that leave at once, neither may take the other's share for a user.
    await session.query('select pg_advisory_unlock_shared($1)', [leaseKey])
    const result = await session.query<{ alone: boolean }>(
      'select pg_try_advisory_lock($1) as alone',
      [leaseKey],
    )
    if (result.rows[0]?.alone === true) await stopServer(cluster)
  } catch (error) {
    // The server is gone already.
    if (!isConnectionLost(error)) throw error
  } finally {
    await session.end().catch(() => undefined)
  }
}

/** A running server says itself where its socket is: another user's temporary directory may differ from ours. */
async function connectionOf(cluster: Cluster): Promise<pg.ClientConfig> {
  const lines = await readLock(cluster)
  const socketDir = lines[4]?.trim()
  return {
    host: socketDir === undefined || socketDir === '' ? cluster.socketDir : socketDir,
    port: 5432,
    user: 'plumb',
    database: 'postgres',
    password: '',
    ssl: false,
    application_name: 'plumb',
  }
}

async function readLock(cluster: Cluster): Promise<string[]> {
  const text = await readFile(join(cluster.pgData, 'postmaster.pid'), 'utf8').catch(() => '')
  return text.split('\n')
}

async function stopServer(cluster: Cluster): Promise<void> {
  const pid = Number.parseInt((await readLock(cluster))[0] ?? '', 10)
  if (!(pid > 0)) return
  // A fast shutdown writes everything, and on a full disk waits for space for ever. After an immediate one the
  // next start recovers from the log.
  const stopped = (await signalAndWait(pid, 'SIGINT')) || (await signalAndWait(pid, 'SIGQUIT'))
  if (stopped) await removeSocketDir(cluster.socketDir)
}

async function signalAndWait(pid: number, signal: NodeJS.Signals): Promise<boolean> {
  process.kill(pid, signal)
  const begun = performance.now()
  while (isAlive(pid) && performance.now() - begun < stopMs) await sleep(10)
  return !isAlive(pid)
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
