import { hostname } from 'node:os'
import { setTimeout as delay } from 'node:timers/promises'
import { PlumbError } from '@plumb/protocol'
import type { Database } from '@plumb/store'

/** A build that was just told to stop closes what it had opened; so long a new one waits for it, in milliseconds. */
const patienceMs = 15_000
const pauseMs = 250

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
    const outcome = await lock.db.tryLock(name, work)
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
