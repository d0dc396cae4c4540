import { once } from 'node:events'
import { hostname } from 'node:os'
import { setTimeout as delay } from 'node:timers/promises'
import { PlumbError } from '@plumb/protocol'
import type { Database } from '@plumb/store'

/** A build that was just told to stop closes what it had opened; so long a new one waits for it, in milliseconds. */
const patienceMs = 15_000
const pauseMs = 250
/** Between attempts to get the lock back that ended with its session; shorter than the pauses of those who wait. */
const againMs = 50

export type BuildLock = {
  readonly db: Database
  /** The data folder: workspaces and the harness's files in it belong to one build at a time. */
  readonly home: string
  readonly signal: AbortSignal
  /** Default 15,000 milliseconds. */
  readonly patienceMs?: number
}

/**
 * Runs `work` as the one build of a data folder. Waits a little for a build that is ending; throws PlumbError
 * `build-running` for one that goes on. A killed build holds nothing.
 */
export async function holdBuildLock<Result>(
  lock: BuildLock,
  work: () => Promise<Result>,
): Promise<Result> {
  const name = `build on ${hostname()} in ${lock.home}`
  for (let waited = 0; waited <= (lock.patienceMs ?? patienceMs); waited += pauseMs) {
    const outcome = await lock.db.tryLock(name, (_session, lost) =>
      holding({ db: lock.db, name, lost }, work),
    )
    if (outcome.kind === 'done') return outcome.value
    await delay(pauseMs, null, { signal: lock.signal })
  }
  throw new PlumbError({
    code: 'build-running',
    message: `Another build is running in the data folder ${lock.home}.`,
    remedy:
      'Wait until it has ended and run the same command again, or set PLUMB_HOME to a folder of its own for this one.',
  })
}

type Holding = Pick<BuildLock, 'db'> & { readonly name: string; readonly lost: AbortSignal }

/** A build goes on when its database is started again: the lock that ended with the session is taken anew meanwhile. */
async function holding<Result>(held: Holding, work: () => Promise<Result>): Promise<Result> {
  const done = new AbortController()
  const kept = keepHeld(held, done.signal)
  try {
    return await work()
  } finally {
    done.abort()
    await kept
  }
}

async function keepHeld({ db, name, lost }: Holding, done: AbortSignal): Promise<void> {
  await aborted(AbortSignal.any([lost, done]))
  while (!done.aborted) {
    await db
      .tryLock(name, (_session, again) => aborted(AbortSignal.any([again, done])))
      // The database is not back yet.
      .catch(() => null)
    await delay(againMs, null, { signal: done }).catch(() => null)
  }
}

async function aborted(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await once(signal, 'abort')
}
