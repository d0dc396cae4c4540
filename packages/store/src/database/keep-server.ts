import { setTimeout as sleep } from 'node:timers/promises'
import type { Cluster } from './cluster.js'
import type { ServerLease } from './server-lease.js'
import { startServer } from './start-server.js'

/** Between attempts, such as while the disk is full. */
const restMs = 1000

/**
 * Keeps the embedded server of a lease running: when it is killed it is started again, or adopted from whoever was
 * faster, for as long as the lease is held. Statements in between fail, each with its reason.
 */
export function keepServer(cluster: Cluster, first: ServerLease): ServerLease {
  const closing = new AbortController()
  const { signal } = closing
  const closed = new Promise<void>((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true })
  })
  let lease = first
  const watch = async (): Promise<void> => {
    for (;;) {
      await Promise.race([lease.lost, closed])
      if (signal.aborted) return
      lease = await startServer(cluster, signal).catch(async () => {
        await sleep(restMs, null, { signal }).catch(() => null)
        return lease
      })
    }
  }
  const watching = watch()
  return {
    ...first,
    release: async () => {
      closing.abort()
      await watching
      await lease.release()
    },
  }
}
