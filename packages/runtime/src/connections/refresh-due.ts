import { listDueConnections } from '@plumb/store'
import type { ConnectionName, Database } from '@plumb/store'
import type { Gateway } from '../gateway/connection-gateway.js'

export type RefreshDueOptions = {
  readonly gateway: Gateway
  /** Milliseconds since 1970. */
  readonly now: number
  /** How long before its end a token is renewed, in milliseconds. Default: ten minutes. */
  readonly aheadMs?: number
  /** At most so many at once. Default 500. */
  readonly limit?: number
  readonly signal?: AbortSignal
}

/** What a round of renewing did, by name of the connection. */
export type RefreshRound = {
  readonly renewed: readonly ConnectionName[]
  /** Refused for good: these need to be reconnected. */
  readonly lost: readonly ConnectionName[]
  /** Tried again in the next round. */
  readonly failed: readonly { readonly connection: ConnectionName; readonly message: string }[]
}

/**
 * Renews the tokens of one environment that end soon, for connections that nobody calls. Of several servers one does
 * a round at a time; null when another one is at it.
 */
export async function refreshDue(
  store: { readonly db: Database; readonly environment: string },
  options: RefreshDueOptions,
): Promise<RefreshRound | null> {
  const { environment } = store
  const { now, aheadMs = 600_000, limit = 500 } = options
  const before = new Date(now + aheadMs).toISOString()
  const outcome = await store.db.tryLock(`refresh due ${environment}`, async () => {
    const due = await listDueConnections(store.db, { environment, before, limit })
    return renewAll(due, options)
  })
  return outcome.kind === 'held' ? null : outcome.value
}

const atOnce = 8

async function renewAll(
  due: readonly ConnectionName[],
  options: RefreshDueOptions,
): Promise<RefreshRound> {
  const renewed: ConnectionName[] = []
  const lost: ConnectionName[] = []
  const failed: { connection: ConnectionName; message: string }[] = []
  const queue = [...due]
  const work = async () => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      options.signal?.throwIfAborted()
      try {
        const found = await renewOne(next, options)
        if (found === 'lost') lost.push(next)
        else renewed.push(next)
      } catch (error) {
        if (options.signal?.aborted === true) throw error
        failed.push({ connection: next, message: messageOf(error) })
      }
    }
  }
  await Promise.all(Array.from({ length: Math.min(atOnce, due.length) }, work))
  return { renewed, lost, failed }
}

async function renewOne(name: ConnectionName, options: RefreshDueOptions): Promise<string> {
  const client = await options.gateway.forConnection({ ...name, purpose: 'refresh' })
  const current = await client.credential?.({ renew: true }, options.signal)
  return current?.kind ?? 'usable'
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
