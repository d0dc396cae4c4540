import type { Database } from '@plumb/store'

/** Says which process runs something: its name is a lock that it holds while it lives. */
export type OwnerLock = {
  /** The name of this process; the lock is held from the first time it is asked for. */
  name(): Promise<string>
  /** Whether another process of that name still lives; false for this one. */
  lives(name: string | null): Promise<boolean>
  close(): Promise<void>
}

const lockOf = (name: string): string => `action owner ${name}`

export function openOwnerLock(
  db: Pick<Database, 'withLock' | 'tryLock'>,
  newId: () => string,
): OwnerLock {
  const name = newId()
  let held: { readonly taken: Promise<string>; readonly ended: Promise<void> } | null = null
  let release: () => void = () => undefined
  const released = new Promise<void>((resolve) => {
    release = resolve
  })
  const hold = () => {
    let tell: (name: string) => void = () => undefined
    let fail: (error: unknown) => void = () => undefined
    const taken = new Promise<string>((resolve, reject) => {
      tell = resolve
      fail = reject
    })
    const ended = db
      .withLock(lockOf(name), async (_session, lost) => {
        tell(name)
        await Promise.race([released, once(lost)])
        lost.throwIfAborted()
      })
      // The next who asks for the name takes the lock again, as after a restart of the database.
      .catch((error: unknown) => {
        held = null
        fail(error)
      })
    taken.catch(() => undefined)
    return { taken, ended }
  }
  return {
    name: () => (held ??= hold()).taken,
    async lives(other) {
      if (other === null || other === name) return false
      return (await db.tryLock(lockOf(other), async () => undefined)).kind === 'held'
    },
    async close() {
      release()
      await held?.ended
    },
  }
}

function once(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
