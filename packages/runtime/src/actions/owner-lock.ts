import { setTimeout as sleep } from 'node:timers/promises'
import type { Database } from '@plumb/store'

/** Says which process runs something: its name is a lock that it holds while it lives. */
export type OwnerLock = {
  /** The name of this process; the lock is held from the first time it is asked for, and again when it was lost. */
  name(): Promise<string>
  /** Whether another process of that name still lives; false for this one. */
  lives(name: string | null): Promise<boolean>
  close(): Promise<void>
}

type LockTimes = {
  /** From the loss of the lock to the next attempt to have it again, in milliseconds. */
  readonly againMs: number
  /** How long a process that lives may be without its lock, such as after a restart of the database. */
  readonly graceMs: number
}

type Hold = { readonly taken: Promise<void>; readonly ended: Promise<void> }

const lockOf = (name: string): string => `action owner ${name}`
const usualTimes: LockTimes = { againMs: 200, graceMs: 1500 }

export function openOwnerLock(
  db: Pick<Database, 'withLock' | 'tryLock'>,
  newId: () => string,
  { againMs, graceMs }: LockTimes = usualTimes,
): OwnerLock {
  const name = newId()
  const closing = new AbortController()
  let hold: Hold | null = null
  let kept: Promise<void> = Promise.resolve()
  const isFree = async (other: string): Promise<boolean> =>
    (await db.tryLock(lockOf(other), async () => undefined)).kind === 'done'
  /** What this process runs is its own, also while it has nothing new to run. */
  const keep = async (first: Hold): Promise<void> => {
    for (let now = first; ; now = hold) {
      await now.ended
      if (closing.signal.aborted) return
      await sleep(againMs, null, { signal: closing.signal }).catch(() => null)
      if (closing.signal.aborted) return
      hold = holdLock(db, name, closing.signal)
    }
  }
  return {
    async name() {
      if (hold === null) {
        hold = holdLock(db, name, closing.signal)
        kept = keep(hold)
      }
      try {
        await hold.taken
      } catch {
        // The database may have been away a moment ago: by then the lock has been asked for again.
        await sleep(2 * againMs)
        await hold.taken
      }
      return name
    },
    async lives(other) {
      if (other === null || other === name) return false
      if (!(await isFree(other))) return true
      await sleep(graceMs)
      return !(await isFree(other))
    },
    async close() {
      closing.abort()
      await kept
    },
  }
}

/** Holds the lock until it is lost or `released`. */
function holdLock(db: Pick<Database, 'withLock'>, name: string, released: AbortSignal): Hold {
  let tell: () => void = () => undefined
  let fail: (error: unknown) => void = () => undefined
  const taken = new Promise<void>((resolve, reject) => {
    tell = resolve
    fail = reject
  })
  taken.catch(() => undefined)
  const ended = db
    .withLock(lockOf(name), async (_session, lost) => {
      tell()
      await aborted(AbortSignal.any([released, lost]))
    })
    .catch(fail)
  return { taken, ended }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
