import { PlumbError } from '@plumb/protocol'
import { readCheckpoint, writeCheckpoint } from '@plumb/store'
import type { Database, RunCounts, SliceFence } from '@plumb/store'
import type { CheckpointStore } from '../execution/checkpoints.js'

/** Why a slice ends at a checkpoint. */
export type PauseReason = 'budget' | 'asked'

type PausingOptions = {
  readonly db: Database
  readonly slice: SliceFence
  /** Of the run, kept with each checkpoint. */
  readonly counts: () => RunCounts
  /** Whether the slice has used up its time. */
  readonly spent: () => boolean
  readonly pause: (reason: PauseReason) => void
  /** Told that something was saved. */
  readonly saved: () => Promise<void>
}

/**
 * The stored checkpoint of a sync, for one slice. Where one was saved, the slice may end: the function never hears that
 * it was, and its next slice begins right there. A cleared checkpoint is no such place.
 */
export function pausingCheckpoints(o: PausingOptions): CheckpointStore {
  const { db, slice, counts, spent, pause, saved } = o
  return {
    async read() {
      const stored = await readCheckpoint(db, slice)
      if (stored !== null) return stored
      throw new PlumbError({
        code: 'engine-lost',
        message: `Run "${slice.runId}" was taken over before it began.`,
        remedy: 'Nothing: the run goes on where it was taken over.',
      })
    },
    async write(checkpoint, expected) {
      const written = await writeCheckpoint(db, slice, { checkpoint, expected, counts: counts() })
      if (written === null) return null
      await saved()
      if (checkpoint !== null && written.stopAsked) pause('asked')
      else if (checkpoint !== null && spent()) pause('budget')
      return written.version
    },
  }
}
