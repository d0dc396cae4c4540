import type { AttemptClaim, Outcome, TraceEvent } from '@plumb/protocol'

const done =
  /\b(done|finished|complete[d]?|submitted|handed in|all set|works|successfully|ready)\b/i
const gaveUp = /\b(blocked|cannot|could not|unable|not possible|failed|gave up)\b/i

/** What the agent said at its end that it had reached, and whether the verdict bears that out. */
export function attemptClaim(
  trace: readonly TraceEvent[],
  outcome: Outcome | null,
): AttemptClaim | null {
  const claim = claimIn(trace)
  if (claim === null || outcome === null) return null
  return { claim, borneOut: outcome === (claim === 'done' ? 'accepted' : 'blocked') }
}

/** The commands count before the words. */
function claimIn(trace: readonly TraceEvent[]): AttemptClaim['claim'] | null {
  if (trace.some((event) => event.kind === 'plumb-called' && event.verb === 'blocked'))
    return 'blocked'
  if (trace.some(({ kind }) => kind === 'submitted')) return 'done'
  const said = trace.filter((event) => event.kind === 'message' && event.role === 'assistant')
  const last = said.at(-1)
  const text = last?.kind === 'message' ? last.text : ''
  if (gaveUp.test(text)) return 'blocked'
  return done.test(text) ? 'done' : null
}
