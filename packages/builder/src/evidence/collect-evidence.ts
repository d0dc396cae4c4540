import type { Evidence } from '@plumb/protocol'
import { getSubmission, listExecutions, listReceipts, listTraceEvents } from '@plumb/store'
import type { Queryable } from '@plumb/store'

export type CollectInput = {
  readonly db: Queryable
  readonly attemptId: string
  /** Read-only files of the workspace whose content differs at the end. */
  readonly protectedFilesChanged?: readonly string[]
}

/** Gathers what the gateway, the runner and the tracer have written about an attempt. */
export async function collectEvidence(input: CollectInput): Promise<Evidence> {
  const { db, attemptId, protectedFilesChanged = [] } = input
  const submission = await getSubmission(db, attemptId)
  const receipts = await listReceipts(db, { attemptId })
  const executions = await listExecutions(db, { attemptId })
  const trace = await listTraceEvents(db, attemptId)
  return { attemptId, submission, receipts, executions, trace, protectedFilesChanged }
}
