import { readFile, rm, stat, truncate } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { PlumbError } from '@plumb/protocol'
import type { Cluster } from './cluster.js'
import { diskFull } from './explain-database-error.js'
import { launchServer } from './postgres-program.js'
import { knock, type ServerLease } from './server-lease.js'
import { makeSocketDir } from './socket-directory.js'

/** After a crash, remains of the old server can make starts fail for a moment, which on a busy machine is longer. */
const retryMs = 5_000
const leastLaunches = 10
/** Recovery after a crash may replay much work; the server answers only then. */
const recoveryMs = 300_000
const logLimitBytes = 1_000_000

/** Adopts the cluster's running server, or starts it. The lease keeps it running. */
export async function startServer(cluster: Cluster, signal?: AbortSignal): Promise<ServerLease> {
  const begun = performance.now()
  let server: LaunchedServer = { alive: false }
  const launches: number[] = []
  for (;;) {
    signal?.throwIfAborted()
    const answer = await knock(cluster)
    if (typeof answer === 'object') return answer
    const waiting = answer === 'starting' || server.alive
    const isOver = waiting ? performance.now() - begun > recoveryMs : haveFailed(launches)
    if (isOver) throw await explainFailure(cluster)
    if (!waiting) {
      launches.push(performance.now())
      server = await launchOnce(cluster)
    }
    await sleep(server.alive ? 20 : 200)
  }
}

/** Counted from the first of them: before it, another server may have taken its time to stop. */
function haveFailed(launches: readonly number[]): boolean {
  const [first] = launches
  if (first === undefined || launches.length < leastLaunches) return false
  return performance.now() - first > retryMs
}

type LaunchedServer = { alive: boolean }

async function launchOnce(cluster: Cluster): Promise<LaunchedServer> {
  await makeSocketDir(cluster)
  await removeStaleLocks(cluster)
  await boundLog(cluster.logFile)
  const child = launchServer(cluster, serverArguments(cluster))
  const server = { alive: true }
  const ended = () => (server.alive = false)
  child.once('exit', ended)
  child.once('error', ended)
  return server
}

function serverArguments(cluster: Cluster): string[] {
  const settings: Record<string, string> = {
    listen_addresses: '',
    unix_socket_directories: cluster.socketDir,
    unix_socket_permissions: '0700',
    port: '5432',
    max_connections: '100',
    shared_buffers: '64MB',
    work_mem: '8MB',
    // Without parallel plans the size of /dev/shm, tiny in containers, does not matter.
    max_parallel_workers_per_gather: '0',
    io_method: 'sync',
    wal_level: 'minimal',
    max_wal_senders: '0',
    max_wal_size: '256MB',
    min_wal_size: '48MB',
    jit: 'off',
    timezone: 'UTC',
    log_timezone: 'UTC',
    log_min_messages: 'warning',
    ...(cluster.durable
      ? {}
      : { fsync: 'off', full_page_writes: 'off', synchronous_commit: 'off' }),
  }
  const words = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  return ['-D', cluster.pgData, ...words]
}

/** A process id is reused after a restart of a container; PostgreSQL would take its new holder for a server. */
async function removeStaleLocks(cluster: Cluster): Promise<void> {
  const lock = join(cluster.pgData, 'postmaster.pid')
  const text = await readFile(lock, 'utf8').catch(() => '')
  const pid = Number.parseInt(text, 10)
  if (!(pid > 0)) return
  const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => null)
  if (command === null || command.includes('postgres')) return
  await rm(lock, { force: true })
  await rm(join(cluster.socketDir, '.s.PGSQL.5432.lock'), { force: true })
}

async function boundLog(path: string): Promise<void> {
  const size = await stat(path).then(
    (found) => found.size,
    () => 0,
  )
  if (size > logLimitBytes) await truncate(path)
}

async function explainFailure(cluster: Cluster): Promise<PlumbError> {
  const log = await readFile(cluster.logFile, 'utf8').catch(() => '')
  const tail = log.trim().split('\n').slice(-5).join('\n')
  if (/No space left on device|Disk quota exceeded/.test(tail)) return diskFull(cluster.dataDir)
  return new PlumbError({
    code: 'database-unavailable',
    message: `The embedded PostgreSQL in ${cluster.dataDir} did not start: ${tail || 'it wrote nothing to its log'}`,
    remedy: `Read ${cluster.logFile}, mend what it names, and run the command again.`,
  })
}
