import type { Attempt, AttemptGivens, Execution, Receipt, TraceEvent } from '@plumb/protocol'
import { getGivens, listExecutions, listReceipts, listTraceEvents } from '@plumb/store'
import type { Queryable } from '@plumb/store'

/** All that is kept of an attempt. */
export type AttemptRecord = {
  readonly attempt: Attempt
  readonly trace: readonly TraceEvent[]
  readonly receipts: readonly Receipt[]
  readonly executions: readonly Execution[]
  /** Null for an attempt of an earlier version, and for one that never got a workspace. */
  readonly givens: AttemptGivens | null
}

/** Reads what is kept of an attempt. */
export async function readAttemptRecord(db: Queryable, attempt: Attempt): Promise<AttemptRecord> {
  const attemptId = attempt.id
  return {
    attempt,
    trace: await listTraceEvents(db, attemptId),
    receipts: await listReceipts(db, { attemptId }),
    executions: await listExecutions(db, { attemptId }),
    givens: await getGivens(db, attemptId),
  }
}
