import type { AttemptClaim, Outcome, TraceEvent } from '@plumb/protocol'

const done =
  /\b(done|finished|complete[d]?|submitted|handed in|all set|works|successfully|ready)\b/i
const gaveUp = /\b(blocked|cannot|could not|unable|not possible|failed|gave up)\b/i

/** What the agent said at its end that it had reached, and whether the verdict bears that out. */
export function attemptClaim(
  trace: readonly TraceEvent[],
  outcome: Outcome | null,
): AttemptClaim | null {
  const said = trace
    .filter((event) => event.kind === 'message' && event.role === 'assistant')
    .at(-1)
  const blocked = trace.some((event) => event.kind === 'plumb-called' && event.verb === 'blocked')
  const submitted = trace.some(({ kind }) => kind === 'submitted')
  const text = said?.kind === 'message' ? said.text : ''
  const claim = blocked || (!submitted && gaveUp.test(text)) ? 'blocked' : 'done'
  const claimed = blocked || submitted || done.test(text) || claim === 'blocked'
  if (!claimed || outcome === null) return null
  return { claim, borneOut: claim === 'done' ? outcome === 'accepted' : outcome === 'blocked' }
}
