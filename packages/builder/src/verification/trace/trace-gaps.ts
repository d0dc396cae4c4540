import type { Finding, TraceEvent } from '@plumb/protocol'
import type { Check, CheckInput } from '../verification-input.js'

/** Output of all commands together above which a trace hides more than it shows, in characters. */
const flood = 4_000_000

/** Is the trace whole, and does it agree with what the control side saw itself? */
export const traceGaps: Check = {
  name: 'trace-gaps',
  run: ({ evidence }) => [
    ...missingNumbers(evidence.trace),
    ...unseenRequests(evidence),
    ...flooded(evidence.trace),
  ],
}

function missingNumbers(trace: readonly TraceEvent[]): Finding[] {
  const gap = trace.findIndex(({ sequence }, index) => sequence !== index + 1)
  const event = trace[gap]
  if (event === undefined) return []
  const message = `The trace goes from number ${gap} to ${event.sequence}: events are missing.`
  return [finding(message, event.sequence, 'reject')]
}

/** What went through the tool of the box is in the trace twice: what the harness ran, and what the other side answered. */
function unseenRequests({ trace, receipts }: CheckInput['evidence']): Finding[] {
  const asked = trace.filter(({ kind }) => kind === 'plumb-called')
  const ran = trace.some(({ kind }) => kind === 'tool-called')
  const [first] = asked
  if (first !== undefined && !ran && trace.some(({ kind }) => kind === 'session-started')) {
    const message = `The box asked for "plumb" ${asked.length} times, and the harness tells of no command.`
    return [finding(message, first.sequence, 'warn')]
  }
  const explored = receipts.filter(({ purpose }) => purpose === 'explore')
  const requested = asked.some((event) => event.kind === 'plumb-called' && event.verb === 'request')
  if (explored.length === 0 || requested || asked.length === 0) return []
  const message = `${explored.length} calls of the agent's own have receipts, and no "plumb request" is in the trace.`
  return [finding(message, asked.at(-1)?.sequence ?? 1, 'reject')]
}

function flooded(trace: readonly TraceEvent[]): Finding[] {
  let size = 0
  for (const event of trace) {
    size += event.kind === 'tool-called' ? event.output.length : 0
    if (size > flood)
      return [finding(`Commands printed more than ${flood} characters.`, event.sequence, 'warn')]
  }
  return []
}

function finding(message: string, sequence: number, severity: Finding['severity']): Finding {
  return {
    check: traceGaps.name,
    behaviour: 'B11',
    severity,
    message,
    remedy: 'Build the interaction again; a trace with gaps proves nothing.',
    pointer: { kind: 'trace', sequence },
  }
}
