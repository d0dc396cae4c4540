import type { Attempt, Execution, Receipt, TimelineEntry, TraceEvent } from '@plumb/protocol'
import { attemptSteps } from './attempt-steps.js'
import { firstDivergence } from './first-divergence.js'
import type { Divergence } from './first-divergence.js'

export type AttemptRecord = {
  readonly attempt: Attempt
  readonly trace: readonly TraceEvent[]
  readonly receipts: readonly Receipt[]
  readonly executions: readonly Execution[]
}

export type Timeline = {
  readonly entries: readonly TimelineEntry[]
  readonly divergence: Divergence | null
}

/** What happened in an attempt, in order, with the place where it first went wrong. */
export function timeline({ attempt, trace, receipts, executions }: AttemptRecord): Timeline {
  const divergence = firstDivergence(trace, receipts, executions)
  const start = Date.parse(attempt.startedAt)
  const entries = attemptSteps(trace, executions).map((step) => ({
    sequence: step.sequence,
    seconds: Math.max(0, (Date.parse(step.at) - start) / 1000),
    text: step.detail === '' ? step.what : `${step.what} -> ${step.detail}`,
    state: step.state,
    divergence: step.sequence === divergence?.sequence,
  }))
  return { entries, divergence }
}
