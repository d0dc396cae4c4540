import { PlumbError } from '@plumb/protocol'
import type { Execution } from '@plumb/protocol'
import { endSlice, finishSyncRun, listLostSlices } from '@plumb/store'
import type { RunEnding } from '@plumb/store'
import { accessFailure, retryAfter, runFailure } from './run-failure.js'
import type { RunFailure } from './run-failure.js'
import { countsOf } from './slice.js'
import type { Slice } from './slice.js'

/** `next`: another slice goes on from the checkpoint. */
export type SliceEnd = 'next' | 'ended'

/** Says what the end of the function means for its run. Throws when a later attempt is to repeat the slice. */
export async function concludeSlice(slice: Slice, { outcome }: Execution): Promise<SliceEnd> {
  const { run, refused, paused, start, parts } = slice
  if (outcome.kind === 'returned') return finish(slice, { state: 'success' })
  if (refused !== null) return failSlice(slice, accessFailure(refused))
  if (slice.gone) return finish(slice, { state: 'cancelled' })
  // The function may see what is only our own stopping.
  run.signal.throwIfAborted()
  run.assertOwned()
  if (paused === 'asked') return finish(slice, { state: 'paused' })
  if (paused === 'budget') {
    return start.ageMs < parts.limits.longestRunMs ? goOn(slice) : failSlice(slice, endless(slice))
  }
  const failure = runFailure(outcome)
  if (failure.code === 'database-unavailable')
    throw new PlumbError({ ...failure, code: failure.code })
  return failSlice(slice, failure)
}

async function goOn(slice: Slice): Promise<SliceEnd> {
  const { parts, start, log } = slice
  const kept = await endSlice(parts.store.db, start, countsOf(slice))
  // Where nobody has taken it over, its sync was removed since it saved its checkpoint.
  if (!kept) return finish(slice, { state: 'cancelled' })
  log.finish({ state: 'paused' })
  return 'next'
}

/** Ends the run as failed, and says when it is tried again. */
export async function failSlice(slice: Slice, failure: RunFailure): Promise<SliceEnd> {
  // What failed may have failed because somebody removed the sync or its connection.
  const lost = await listLostSlices(slice.parts.store.db, [slice.start])
  if (lost.length > 0) return finish(slice, { state: 'cancelled' })
  const { code, message, remedy } = failure
  const error = { code, message, remedy }
  const { limits, random } = slice.parts
  const { failures } = slice.start
  const retryMs = retryAfter(failure, { failures, firstRetryMs: limits.firstRetryMs, random })
  return finish(slice, { state: 'failed', error, ...(retryMs !== undefined && { retryMs }) })
}

async function finish(
  slice: Slice,
  { state, error, retryMs }: Pick<RunEnding, 'state' | 'error' | 'retryMs'>,
): Promise<SliceEnd> {
  const { parts, start, log } = slice
  const ended = await finishSyncRun(parts.store.db, start, {
    ...{ state, counts: countsOf(slice) },
    ...(error !== undefined && { error }),
    ...(retryMs !== undefined && { retryMs }),
  })
  log.finish({ state: ended ? state : 'cancelled', ...(error !== undefined && { error }) })
  if (ended) await parts.ended(start.runId)
  return 'ended'
}

function endless({ start, parts }: Slice): RunFailure {
  const { longestRunMs } = parts.limits
  return {
    ...{ kind: 'code', code: 'sync-budget-spent' },
    message: `The run of "${start.name}" went on for ${Math.round(start.ageMs / 1000)} s in ${start.slices + 1} slices; a run may take ${longestRunMs / 1000} s.`,
    remedy:
      'Make sure that the last page ends the loop: an API may answer with pages for ever. It goes on from its checkpoint next time.',
  }
}
