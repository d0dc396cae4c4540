import { PlumbError } from '@plumb/protocol'

/** Where the locks of one connection are kept. */
export type LockStore = {
  /** Takes a lock that is free or whose time is up, and extends the owner's own; false when somebody else has it. */
  acquire(lock: OwnedKey & { readonly ttlMs: number }): Promise<boolean>
  /** Frees locks of the owner; tells whether one of them was held still. */
  release(locks: { readonly keys: readonly string[]; readonly owner: string }): Promise<boolean>
}

type OwnedKey = { readonly key: string; readonly owner: string }

const mostLocks = 100
const mostCharacters = 500
/** Longer than any execution: it matters only when the owner dies without releasing. */
const longestMs = 24 * 60 * 60 * 1000

/** Locks that end with the process. `now` is in milliseconds since 1970. */
export function memoryLocks(now: () => number): LockStore {
  const held = new Map<string, { readonly owner: string; readonly until: number }>()
  return {
    async acquire({ key, owner, ttlMs }) {
      const known = held.get(key)
      if (known !== undefined && known.owner !== owner && known.until > now()) return false
      held.set(key, { owner, until: now() + ttlMs })
      return true
    },
    async release({ keys, owner }) {
      const own = keys.flatMap((key) => {
        const lock = held.get(key)
        return lock?.owner === owner ? [{ key, lock }] : []
      })
      for (const { key } of own) held.delete(key)
      return own.some(({ lock }) => lock.until > now())
    },
  }
}

/** What one execution holds; one thing after the other, and nothing once it has ended. */
export class ExecutionLocks {
  readonly #store: LockStore
  readonly #owner: string
  /** What it may hold: also what it asked for without hearing the answer. */
  readonly #keys = new Set<string>()
  #last: Promise<unknown> = Promise.resolve()
  #ended = false

  constructor(store: LockStore, owner: string) {
    this.#store = store
    this.#owner = owner
  }

  /** Throws PlumbError `request-invalid` for a key or time that no lock has, and above 100 locks. */
  acquire(key: string, ttlMs: number): Promise<boolean> {
    return this.#inTurn(async () => {
      if (key === '' || key.length > mostCharacters) throw badKey(key)
      if (!(ttlMs > 0)) throw badTime(key, ttlMs)
      if (this.#keys.size >= mostLocks && !this.#keys.has(key)) throw tooMany(key)
      this.#keys.add(key)
      const time = Math.min(ttlMs, longestMs)
      const acquired = await this.#store.acquire({ key, owner: this.#owner, ttlMs: time })
      if (!acquired) this.#keys.delete(key)
      return acquired
    })
  }

  /** False when the lock was not held. */
  release(key: string): Promise<boolean> {
    return this.#inTurn(async () => this.#keys.has(key) && this.#free([key]))
  }

  /** Frees all of them. What can not be freed ends with its time. */
  async end(): Promise<void> {
    this.#ended = true
    await this.#last
    if (this.#keys.size > 0) await this.#free([...this.#keys]).catch(() => undefined)
  }

  async #free(keys: readonly string[]): Promise<boolean> {
    const held = await this.#store.release({ keys, owner: this.#owner })
    for (const key of keys) this.#keys.delete(key)
    return held
  }

  #inTurn(work: () => Promise<boolean>): Promise<boolean> {
    const turn = this.#last.then(() => !this.#ended && work())
    this.#last = turn.catch(() => undefined)
    return turn
  }
}

function badKey(key: string): PlumbError {
  return new PlumbError({
    code: 'request-invalid',
    message: `A lock was asked for with the key ${JSON.stringify(key.slice(0, 100))} of ${key.length} characters. It must have 1 to ${mostCharacters}.`,
    remedy: 'Name the lock after what it protects, such as "invoice-42".',
  })
}

function badTime(key: string, ttlMs: number): PlumbError {
  return new PlumbError({
    code: 'request-invalid',
    message: `The lock "${key}" was asked for with a "ttlMs" of ${ttlMs}. It must be above 0.`,
    remedy: 'Give the milliseconds after which the lock ends when nobody releases it: 60000.',
  })
}

function tooMany(key: string): PlumbError {
  return new PlumbError({
    code: 'request-invalid',
    message: `The lock "${key}" was not taken: this execution holds ${mostLocks} locks already.`,
    remedy: 'Release locks when their work is done, or take one lock for several things.',
  })
}
