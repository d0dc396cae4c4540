import type { Finding, Verdict } from '@plumb/protocol'
import type { AgentOutcome } from './agent/run-agent.js'
import type { DeskEnding } from './desk/desk-state.js'
import type { BlockedClaim } from './verification/verification-input.js'

/** What is already decided when the agent has stopped, and what verification still has to look at. */
export type Ending =
  | { readonly kind: 'decided'; readonly verdict: Verdict }
  | { readonly kind: 'verify'; readonly claim: BlockedClaim | null }

/**
 * Reads how an attempt ended. What the control side saw itself outranks what the harness reports: access that the
 * gateway found lost is blocked, a submission is verified also when the session broke afterwards.
 */
export function readEnding(outcome: AgentOutcome, ending: DeskEnding | null): Ending {
  if (ending?.kind === 'access-lost') {
    return { kind: 'decided', verdict: { kind: 'blocked', cause: ending.cause, findings: [] } }
  }
  if (ending?.kind === 'submitted') return { kind: 'verify', claim: null }
  if (ending?.kind === 'claimed-blocked') return { kind: 'verify', claim: ending }
  if (outcome.kind === 'exhausted') {
    const detail = `${outcome.used} of ${outcome.limit} used`
    return exhausted(outcome.budget, detail)
  }
  if (outcome.kind === 'harness-failed') return exhausted('harness', outcome.detail)
  return { kind: 'verify', claim: null }
}

function exhausted(
  budget: Extract<Verdict, { kind: 'exhausted' }>['budget'],
  detail: string,
): Ending {
  const findings = budget === 'repeated-calls' ? [loop(detail)] : []
  return { kind: 'decided', verdict: { kind: 'exhausted', budget, detail, findings } }
}

function loop(detail: string): Finding {
  return {
    check: 'budget',
    behaviour: 'G3',
    severity: 'reject',
    message: `The agent made the same call again and again while nothing changed: ${detail}.`,
    remedy: 'Read the answer and change something, or end with "plumb blocked".',
    pointer: null,
  }
}
