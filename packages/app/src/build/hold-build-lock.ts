import { hostname } from 'node:os'
import { PlumbError } from '@plumb/protocol'
import type { Database } from '@plumb/store'

/**
 * Runs `work` as the one build of a data folder: workspaces and the harness's files belong to one at a time. Throws
 * PlumbError `build-running` instead of waiting, which might cost money twice. A killed build holds nothing.
 */
export async function holdBuildLock<Result>(
  db: Database,
  home: string,
  work: () => Promise<Result>,
): Promise<Result> {
  const outcome = await db.tryLock(`build on ${hostname()} in ${home}`, work)
  if (outcome.kind === 'done') return outcome.value
  throw new PlumbError({
    code: 'build-running',
    message: `Another build is running in the data folder ${home}.`,
    remedy:
      'Wait until it has ended and run the same command again, or set PLUMB_HOME to a folder of its own for this one.',
  })
}
