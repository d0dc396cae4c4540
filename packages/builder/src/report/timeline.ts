import type { RootCause, TimelineEntry } from '@plumb/protocol'
import type { AttemptRecord } from './attempt-record.js'
import { attemptSteps } from './attempt-steps.js'
import { rootCause } from './root-cause.js'

export type Timeline = {
  readonly entries: readonly TimelineEntry[]
  readonly divergence: RootCause | null
}

/** What happened in an attempt, in order, with the place where it first went wrong. */
export function timeline(record: AttemptRecord): Timeline {
  const { attempt, trace, executions } = record
  const divergence = rootCause(record)
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
