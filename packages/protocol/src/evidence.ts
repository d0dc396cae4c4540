import type { Execution } from './execution.js'
import type { Receipt } from './receipt.js'
import type { Submission } from './submission.js'
import type { TraceEvent } from './trace-event.js'

/** Everything that is known about an attempt and was not written by its agent. */
export type Evidence = {
  readonly attemptId: string
  /** Null when the attempt handed in nothing. */
  readonly submission: Submission | null
  /** Whole chain of the attempt, in order. */
  readonly receipts: readonly Receipt[]
  readonly executions: readonly Execution[]
  readonly trace: readonly TraceEvent[]
  /** Read-only files of the workspace whose content differs at the end. */
  readonly protectedFilesChanged: readonly string[]
}
