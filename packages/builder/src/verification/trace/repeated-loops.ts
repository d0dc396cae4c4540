import { canonicalJson } from '@plumb/protocol'
import type { Finding, TraceEvent } from '@plumb/protocol'
import type { Check } from '../verification-input.js'
import { stepsOf } from './tool-calls.js'
import type { ToolCall } from './tool-calls.js'

const tolerated = 3

/** Did the agent repeat the same call with the same failure again and again? */
export const repeatedLoops: Check = {
  name: 'trace-loops',
  run: ({ evidence }) => {
    const calls = evidence.trace.filter((event) => event.kind === 'tool-called')
    const found = streaks(calls.map((call) => toolStep(call)))
    if (found.length > 0) return found
    // What a shell line adds around a command makes no other command of it.
    return streaks(evidence.trace.flatMap((event) => plumbStep(event) ?? []))
  },
}

/** One call as loops see it; `key` is null for one that did not fail, or that may have changed something. */
type Step = { readonly key: string | null; readonly name: string; readonly sequence: number }

function streaks(steps: readonly Step[]): Finding[] {
  const findings: Finding[] = []
  let streak: Step[] = []
  for (const step of [...steps, null]) {
    const [first] = streak
    if (first && step && first.key === step.key) {
      streak.push(step)
      continue
    }
    if (first && streak.length > tolerated) findings.push(finding(first, streak.length))
    streak = step?.key ? [step] : []
  }
  return findings
}

function toolStep(call: ToolCall): Step {
  const { sequence, tool } = call
  return { key: failed(call) ? fingerprint(call) : null, name: tool, sequence }
}

function failed({ status, exitCode }: ToolCall): boolean {
  return status === 'error' || (exitCode !== null && exitCode !== 0)
}

/** Call and answer with ids and times taken out, so that only what matters is compared. */
function fingerprint({ tool, input, output, exitCode }: ToolCall): string {
  const text = canonicalJson([tool, input, exitCode, output])
  return text
    .replace(/"(receiptId|executionId|id)\\?":\\?"[^"]*"/g, '')
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z?/g, '')
}

const idle =
  /^(plumb|sleep|true|false|echo|printf|cat|ls|date|wait|pwd|head|tail|for|do|done|seq|in|:)$/

/** A command of the `plumb` tool; what else the agent does in between may have changed what it answers. */
function plumbStep(event: TraceEvent): Step | null {
  const { sequence } = event
  if (event.kind === 'plumb-called') {
    const { verb, args, exitCode } = event
    const words = args.map((word) => word.trim()).filter((word) => word !== '')
    const key = exitCode === 0 ? null : canonicalJson([verb, words, exitCode])
    return { key, name: `plumb ${verb}`, sequence }
  }
  if (event.kind !== 'tool-called' || changesNothing(event)) return null
  return { key: null, name: event.tool, sequence }
}

function changesNothing(call: ToolCall): boolean {
  if (/^(read|grep|glob|list)$/.test(call.tool)) return true
  const steps = stepsOf(call)
  return (
    steps.length > 0 &&
    steps.every(({ command, writes }) => writes.length === 0 && idle.test(command.words[0] ?? ''))
  )
}

function finding({ name, sequence }: Step, times: number): Finding {
  return {
    check: repeatedLoops.name,
    behaviour: 'G3',
    severity: 'warn',
    message: `The agent repeated the same failing ${name} call ${times} times.`,
    remedy: 'Read the error and change something before trying again, or end with "plumb blocked".',
    pointer: { kind: 'trace', sequence },
  }
}
