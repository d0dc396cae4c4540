import { canonicalJson } from '@plumb/protocol'
import type { Finding } from '@plumb/protocol'
import type { Check } from '../verification-input.js'
import { toolCalls } from './tool-calls.js'
import type { ToolCall } from './tool-calls.js'

const tolerated = 3

/** Did the agent repeat the same call with the same failure again and again? */
export const repeatedLoops: Check = {
  name: 'trace-loops',
  run: ({ evidence }) => {
    const findings: Finding[] = []
    let streak: ToolCall[] = []
    for (const call of [...toolCalls(evidence.trace), null]) {
      const [first] = streak
      if (first && call && fingerprint(first) === fingerprint(call)) {
        streak.push(call)
        continue
      }
      if (first && streak.length > tolerated) findings.push(finding(first, streak.length))
      streak = call && failed(call) ? [call] : []
    }
    return findings
  },
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

function finding(first: ToolCall, times: number): Finding {
  return {
    check: repeatedLoops.name,
    behaviour: 'G3',
    severity: 'warn',
    message: `The agent repeated the same failing ${first.tool} call ${times} times.`,
    remedy: 'Read the error and change something before trying again, or end with "plumb blocked".',
    pointer: { kind: 'trace', sequence: first.sequence },
  }
}
