import { hostname } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { PlumbError } from '@plumb/protocol'
import { beatSlot, leaveSlot, listFreshSlots, slotLock } from '@plumb/store'
import type { Database, Queryable } from '@plumb/store'

type SlotTimes = {
  /** Silence after which others may take the work of a slot over, in milliseconds. */
  readonly leaseMs: number
  readonly beatMs: number
}

export type SlotOptions = SlotTimes & {
  readonly db: Database
  /** Default: the name of this machine. */
  readonly host?: string
}

/** The place of this process among those that do durable work: its lock is free when the process is gone. */
export type HeldSlot = {
  readonly slot: string
  /** Aborted when the lock was lost, or when others may think so. */
  readonly lost: AbortSignal
  /** Throws PlumbError `engine-lost`. */
  assertHeld(): void
  release(): Promise<void>
}

/** As many processes of one machine may do durable work on one database. */
const mostSlots = 1000

/** Takes the first free slot of this machine: `<host>-0`, `<host>-1`, ... */
export async function takeSlot(o: SlotOptions): Promise<HeldSlot> {
  const fresh = new Set(await listFreshSlots(o.db, o.leaseMs))
  for (let n = 0; n < mostSlots; n += 1) {
    const slot = `${o.host ?? hostname()}-${n}`
    // Its holder may only have lost its session for a moment, and wants it back.
    const held = fresh.has(slot) ? null : await holdSlot(o, slot)
    if (held !== null) return held
  }
  throw new PlumbError({
    code: 'engine-open',
    message: `All ${mostSlots} places of this machine for durable work are taken.`,
    remedy: 'Stop some of the servers that use this database.',
  })
}

/** Null when somebody else holds it. */
export async function holdSlot(o: SlotOptions, slot: string): Promise<HeldSlot | null> {
  return new Promise((resolve, reject) => {
    o.db
      .tryLock(slotLock(slot), async (session) => {
        const begun = performance.now()
        await beatSlot(session, slot)
        const holding = new Holding(slot, o, begun)
        resolve(holding)
        await holding.keep(session)
      })
      .then(() => resolve(null), reject)
  })
}

class Holding implements HeldSlot {
  readonly slot: string
  readonly #times: SlotTimes
  readonly #lost = new AbortController()
  readonly #released = new AbortController()
  /** Taken before the beat was sent: others count from when it arrived. */
  #beatAt: number
  #ended: Promise<void> = Promise.resolve()

  constructor(slot: string, times: SlotTimes, beatAt: number) {
    this.slot = slot
    this.#times = times
    this.#beatAt = beatAt
  }

  get lost(): AbortSignal {
    return this.#lost.signal
  }

  assertHeld(): void {
    if (!this.#lost.signal.aborted && !this.#overdue()) return
    const lost = new PlumbError({
      code: 'engine-lost',
      message: `Slot ${this.slot} was not confirmed for ${this.#times.leaseMs} ms; another process may do its work.`,
      remedy: 'Nothing: the work goes on from its last checkpoint.',
    })
    this.#lost.abort(lost)
    throw lost
  }

  async release(): Promise<void> {
    this.#released.abort()
    await this.#ended
  }

  /** Beats until the slot is released or lost; the lock ends with the session afterwards. */
  keep(session: Queryable): Promise<void> {
    this.#ended = this.#beat(session)
    return this.#ended
  }

  async #beat(session: Queryable): Promise<void> {
    const watch = setInterval(() => this.#overdue() && this.#lose(), this.#times.beatMs)
    try {
      while (!this.#lost.signal.aborted) {
        await sleep(this.#times.beatMs, null, { signal: this.#released.signal }).catch(() => null)
        if (this.#released.signal.aborted) return await leaveSlot(session, this.slot)
        const begun = performance.now()
        await beatSlot(session, this.slot)
        this.#beatAt = begun
      }
    } catch {
      this.#lose()
    } finally {
      clearInterval(watch)
    }
  }

  #overdue(): boolean {
    return performance.now() - this.#beatAt > this.#times.leaseMs
  }

  #lose(): void {
    try {
      this.#beatAt = Number.NEGATIVE_INFINITY
      this.assertHeld()
    } catch {
      // Told through the signal.
    }
  }
}
