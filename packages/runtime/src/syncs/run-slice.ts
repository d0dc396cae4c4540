import { beginSlice, finishSyncRun, isDatabaseUnavailable, listLostSlices } from '@plumb/store'
import type { SliceStart } from '@plumb/store'
import { openStoredRecords } from '../records/open-stored-records.js'
import type { StoredRecords } from '../records/open-stored-records.js'
import { concludeSlice, failSlice } from './conclude-slice.js'
import type { SliceEnd } from './conclude-slice.js'
import { executeSlice } from './execute-slice.js'
import { brokenFailure } from './run-failure.js'
import { takenOver } from './slice.js'
import type { Slice, SliceRun } from './slice.js'
import type { SyncParts } from './sync-parts.js'

/**
 * Executes a sync until it ends, or until it has used up its time and has saved a checkpoint. Throws only what a later
 * attempt can mend: the database is away, or this process must let go.
 */
export async function runSlice(parts: SyncParts, runId: string, run: SliceRun): Promise<SliceEnd> {
  const { db } = parts.store
  const start = await beginSlice(db, runId)
  if (start === null) {
    await finishSyncRun(db, { runId, fence: null }, { state: 'cancelled', counts: null })
    return 'ended'
  }
  const { environment, integrationKey, connectionId, name } = start
  const log = parts.logs.start({ environment, integrationKey, connectionId, kind: 'sync', name })
  const slice: Slice = {
    ...{ parts, start, run, log, stop: new AbortController() },
    ...{ paused: null, refused: null, gone: false },
    records: recordsOf(parts, start, { run, gone: () => (slice.gone = true) }),
  }
  try {
    return await concludeSlice(slice, await executeSlice(slice))
  } catch (error) {
    if (run.signal.aborted || isDatabaseUnavailable(error)) {
      log.finish({ state: 'paused' })
      throw error
    }
    return await failSlice(slice, brokenFailure(error))
  }
}

/** Records that a slice can not change any more once its run was taken over, or its sync removed. */
function recordsOf(
  { store }: SyncParts,
  start: SliceStart,
  o: { readonly run: SliceRun; readonly gone: () => void },
): StoredRecords {
  const { environment, integrationKey, connectionId, variant } = start
  return openStoredRecords(store, {
    ...{ environment, integrationKey, connectionId, variant },
    async guard(tx) {
      o.run.assertOwned()
      const lost = await listLostSlices(tx, [start])
      if (lost.length === 0) return
      o.gone()
      throw takenOver(start)
    },
  })
}
