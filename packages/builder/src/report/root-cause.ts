import type { RootCause, RootCauseGroup, TraceEvent } from '@plumb/protocol'
import type { AttemptRecord } from './attempt-record.js'
import { attemptSteps } from './attempt-steps.js'
import { firstDivergence } from './divergence/first-divergence.js'
import { rootCauseTitles } from './divergence/premise-kinds.js'
import { totalTokens } from './total-tokens.js'

/** The first divergence of an attempt, and what it cost; null when there was none. */
export function rootCause(record: AttemptRecord): RootCause | null {
  const findings = record.attempt.verdict?.findings ?? []
  const divergence = firstDivergence({ ...record, findings })
  if (divergence === null) return null
  const left = leftAt(record, divergence)
  const lost = record.trace.filter(
    ({ sequence }) => sequence >= divergence.sequence && sequence <= left,
  )
  return { ...divergence, seconds: secondsOf(lost), tokens: tokensOf(lost) }
}

/**
 * Sequence of the step that left the premise behind: the last that it made fail, the one that contradicts it, and at
 * least the next that went well. An attempt that came to nothing never left it.
 */
function leftAt(
  { attempt, trace, executions }: AttemptRecord,
  { sequence, consequences, contradiction }: RootCauseSteps,
): number {
  const end = trace.at(-1)?.sequence ?? sequence
  const kind = attempt.verdict?.kind
  if (kind === 'rejected' || kind === 'exhausted') return end
  const good = attemptSteps(trace, executions).find(
    (step) => step.sequence > sequence && step.state === 'ok',
  )
  const last = [...consequences, contradiction?.sequence ?? 0, good?.sequence ?? end]
  return Math.max(sequence, ...last)
}

type RootCauseSteps = Pick<RootCause, 'sequence' | 'consequences' | 'contradiction'>

function secondsOf(events: readonly TraceEvent[]): number {
  const [first, last] = [events[0], events.at(-1)]
  return first && last ? Math.max(0, (Date.parse(last.at) - Date.parse(first.at)) / 1000) : 0
}

function tokensOf(events: readonly TraceEvent[]): number {
  return events.reduce(
    (total, event) => total + (event.kind === 'usage' ? totalTokens(event.tokens) : 0),
    0,
  )
}

/** What is needed of an attempt to group it. */
export type CausedAttempt = {
  readonly id: string
  readonly interaction: string
  readonly outcome: RootCauseGroup['attempts'][number]['outcome']
  readonly rootCause: RootCause | null
}

/** Attempts by what they have in common; the cause of most attempts first, then the one that cost most time. */
export function groupByRootCause(attempts: readonly CausedAttempt[]): RootCauseGroup[] {
  const groups = new Map<string, RootCauseGroup>()
  for (const { rootCause: cause, ...attempt } of attempts) {
    if (cause === null) continue
    const key = `${cause.kind} ${cause.subject}`
    const { kind, subject, premise } = cause
    const known = groups.get(key) ?? {
      ...{ kind, subject, premise, title: rootCauseTitles[kind] },
      ...{ seconds: 0, tokens: 0, attempts: [] },
    }
    groups.set(key, {
      ...known,
      seconds: known.seconds + cause.seconds,
      tokens: known.tokens + cause.tokens,
      attempts: [...known.attempts, { ...attempt, sequence: cause.sequence }],
    })
  }
  return [...groups.values()].sort(
    (a, b) => b.attempts.length - a.attempts.length || b.seconds - a.seconds,
  )
}
