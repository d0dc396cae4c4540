import { hostname } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { PlumbError } from '@plumb/protocol'
import { beatSlot, leaveSlot, listFreshSlots, returnToSlot, slotLock } from '@plumb/store'
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
  /** Aborted when others may do the work of the slot. */
  readonly lost: AbortSignal
  /** False while its lock is not held: its session has ended, such as with the server, and a new one is tried. */
  readonly isLocked: boolean
  /** Throws PlumbError `engine-lost`. */
  assertHeld(): void
  release(): Promise<void>
}

/** As many processes of one machine may do durable work on one database. */
const mostSlots = 1000
/** Between attempts to get the lock back that ended with its session. */
const againMs = 200

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
  const holding = new Holding(slot, o)
  return (await holding.take()) ? holding : null
}

/** Whether the slot is this process's, in a session that has its lock. */
type Confirm = (session: Queryable, slot: string) => Promise<boolean>

type SessionEnd = 'ended' | 'held' | 'taken over'

const confirmFirst: Confirm = async (session, slot) => {
  await beatSlot(session, slot)
  return true
}

class Holding implements HeldSlot {
  readonly slot: string
  readonly #o: SlotOptions
  readonly #lost = new AbortController()
  readonly #released = new AbortController()
  /** Taken before the beat was sent: others count from when it arrived. */
  #beatAt = performance.now()
  #ended: Promise<void> = Promise.resolve()
  isLocked = false

  constructor(slot: string, o: SlotOptions) {
    this.slot = slot
    this.#o = o
  }

  get lost(): AbortSignal {
    return this.#lost.signal
  }

  assertHeld(): void {
    if (!this.#lost.signal.aborted && !this.#overdue()) return
    const lost = new PlumbError({
      code: 'engine-lost',
      message: `Slot ${this.slot} was not confirmed for ${this.#o.leaseMs} ms; another process may do its work.`,
      remedy: 'Nothing: the work goes on from its last checkpoint.',
    })
    this.#lost.abort(lost)
    throw lost
  }

  async release(): Promise<void> {
    this.#released.abort()
    await this.#ended
  }

  /** Keeps the slot until it is released or lost. False when somebody else holds it. */
  async take(): Promise<boolean> {
    let session: Promise<SessionEnd> = Promise.resolve('ended')
    const locked = new Promise<'locked'>((resolve) => {
      session = this.#inSession(confirmFirst, () => resolve('locked'))
    })
    if ((await Promise.race([locked, session])) !== 'locked') return false
    this.#ended = this.#keep(session)
    return true
  }

  /** A session that ends is replaced: what runs need not stop for it, as long as nobody has taken it over. */
  async #keep(first: Promise<SessionEnd>): Promise<void> {
    const signal = AbortSignal.any([this.#released.signal, this.#lost.signal])
    const watch = setInterval(() => this.#overdue() && this.#lose(), this.#o.beatMs)
    try {
      for (let session = first; ; session = this.#inSession(returnToSlot)) {
        if ((await session.catch(() => null)) === 'taken over') this.#lose()
        if (signal.aborted) return
        await sleep(againMs, null, { signal }).catch(() => null)
        if (signal.aborted) return
      }
    } finally {
      clearInterval(watch)
    }
  }

  /** One session with the lock, until it ends. */
  async #inSession(confirm: Confirm, locked?: () => void): Promise<SessionEnd> {
    const outcome = await this.#o.db.tryLock(slotLock(this.slot), async (session, ended) => {
      const begun = performance.now()
      if (!(await confirm(session, this.slot))) return 'taken over'
      this.#beatAt = begun
      this.isLocked = true
      locked?.()
      await this.#beat(session, ended).finally(() => (this.isLocked = false))
      return 'ended'
    })
    return outcome.kind === 'held' ? 'held' : outcome.value
  }

  async #beat(session: Queryable, ended: AbortSignal): Promise<void> {
    const signal = AbortSignal.any([this.#released.signal, this.#lost.signal, ended])
    for (;;) {
      await sleep(this.#o.beatMs, null, { signal }).catch(() => null)
      if (this.#released.signal.aborted) return await leaveSlot(session, this.slot)
      if (signal.aborted) return
      const begun = performance.now()
      await beatSlot(session, this.slot)
      this.#beatAt = begun
    }
  }

  #overdue(): boolean {
    return performance.now() - this.#beatAt > this.#o.leaseMs
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
