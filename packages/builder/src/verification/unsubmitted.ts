import type { Finding } from '@plumb/protocol'
import type { ExportRefusal, VerificationInput } from './verification-input.js'

const claims = /\b(done|finished|complete[d]?|submitted|all set|works|successfully|ready)\b/i

/** Findings for an attempt that handed in nothing; a claim to be done is told from giving up. */
export function unsubmitted(
  input: Pick<VerificationInput, 'evidence' | 'exportRefusal'>,
): Finding[] {
  if (input.exportRefusal) return [refused(input.exportRefusal)]
  const { trace } = input.evidence
  const last = trace
    .filter((event) => event.kind === 'message' && event.role === 'assistant')
    .at(-1)
  const text = last?.kind === 'message' ? last.text : ''
  const claimed = claims.test(text)
  return [
    {
      check: 'submitted',
      behaviour: 'G1',
      severity: 'reject',
      message: claimed
        ? `The agent said "${text.trim().slice(0, 160)}" but submitted nothing.`
        : 'The attempt ended without a submission.',
      remedy: 'Only "plumb submit" hands a function in, after "plumb check" has passed.',
      pointer: last ? { kind: 'trace', sequence: last.sequence } : null,
    },
  ]
}

function refused({ reason, behaviour }: ExportRefusal): Finding {
  return {
    check: 'submitted',
    behaviour,
    severity: 'reject',
    message: `The submission could not be taken over: ${reason}`,
    remedy: 'Leave function.ts an ordinary text file.',
    pointer: null,
  }
}
