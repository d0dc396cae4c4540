import { PlumbError } from '@plumb/protocol'
import type { BlockedCause } from '@plumb/protocol'
import type { RunCounts, SliceStart } from '@plumb/store'
import type { WorkflowRun } from '../engine/engine.js'
import type { OperationLog } from '../logs/log-writer.js'
import type { StoredRecords } from '../records/open-stored-records.js'
import type { PauseReason } from './slice-checkpoints.js'
import type { SyncParts } from './sync-parts.js'

/** What a slice must stop for, and must not write after. */
export type SliceRun = Pick<WorkflowRun, 'signal' | 'assertOwned' | 'progressed'>

/** One uninterrupted execution of a sync: a run has one, or a row of them. */
export type Slice = {
  readonly parts: SyncParts
  readonly start: SliceStart
  readonly run: SliceRun
  readonly log: OperationLog
  readonly records: StoredRecords
  readonly stop: AbortController
  /** Why it was ended at a checkpoint. */
  paused: PauseReason | null
  /** What the provider said when it refused the connection. */
  refused: BlockedCause | null
  /** Its run was taken over, or its sync is gone. */
  gone: boolean
}

/** What the run has done up to now, over all its slices. */
export function countsOf({ start, records }: Slice): RunCounts {
  const counts = new Map(Object.entries(start.counts))
  for (const [model, { added, updated, deleted }] of Object.entries(records.counts())) {
    const before = counts.get(model) ?? { added: 0, updated: 0, deleted: 0 }
    counts.set(model, {
      added: before.added + added,
      updated: before.updated + updated,
      deleted: before.deleted + deleted,
    })
  }
  return Object.fromEntries(counts)
}

export function takenOver({ runId }: SliceStart): PlumbError {
  return new PlumbError({
    code: 'engine-lost',
    message: `Run "${runId}" was taken over or removed while it was executed.`,
    remedy: 'Nothing: if its sync is still there, it goes on from its last checkpoint.',
  })
}
