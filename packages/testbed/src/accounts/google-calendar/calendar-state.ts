import { createHash } from 'node:crypto'
import type { AccountOptions } from '../test-account.js'

export type Resource = Readonly<Record<string, unknown>>

/** One resource with what change tracking needs; a deleted one stays as a tombstone. */
export type Stored = {
  readonly id: string
  readonly value: Resource
  /** Grows with every change in the account. */
  readonly version: number
  /** Epoch milliseconds. */
  readonly updatedAt: number
  readonly deleted: boolean
}

export type Collection = Map<string, Stored>

export type StoredCalendar = {
  readonly id: string
  calendar: Stored
  readonly events: Collection
  readonly rules: Collection
}

export type CalendarState = {
  readonly owner: string
  readonly calendars: Map<string, StoredCalendar>
  readonly calendarList: Collection
  readonly settings: Collection
  readonly clock: () => Date
  /** The version of the newest change. */
  version(): number
  /** Writes a resource as the newest change. */
  put(collection: Collection, id: string, value: Resource): Stored
  remove(collection: Collection, id: string): void
  stamp(id: string, value: Resource): Stored
  /** An id that follows from the seed and the number of ids so far. */
  newId(length: number): string
  /** A short proof that a page or sync token was issued by this account. */
  seal(text: string): string
  /** Sync tokens issued before this moment (epoch milliseconds) are refused. */
  syncHorizon: number
}

/** An account with no calendars yet. */
export function createCalendarState(owner: string, options: AccountOptions): CalendarState {
  const { seed, clock } = options
  let version = 0
  let ids = 0
  const digest = (text: string) => createHash('sha256').update(`${seed} ${text}`).digest('hex')
  const stored = (id: string, value: Resource, deleted: boolean): Stored => {
    version += 1
    return { id, value, version, updatedAt: clock().getTime(), deleted }
  }
  return {
    owner,
    calendars: new Map(),
    calendarList: new Map(),
    settings: new Map(),
    clock,
    version: () => version,
    put(collection, id, value) {
      const entry = stored(id, value, false)
      collection.set(id, entry)
      return entry
    },
    remove(collection, id) {
      const old = collection.get(id)
      if (old && !old.deleted) collection.set(id, stored(id, old.value, true))
    },
    stamp: (id, value) => stored(id, value, false),
    newId(length) {
      ids += 1
      return digest(`id ${ids}`).slice(0, length)
    },
    seal: (text) => digest(`seal ${text}`).slice(0, 12),
    syncHorizon: 0,
  }
}

/** Google's entity tags are quoted, also inside JSON. */
export function etagOf(stored: Stored): string {
  return `"${String(3_500_000_000_000_000 + stored.version)}"`
}
