import type { Finding } from '@plumb/protocol'
import type { Check, CheckInput } from '../verification-input.js'
import { shellLine, toolCalls } from './tool-calls.js'

/** Did the agent run commands that do not exist? Shown, and counted as wishes for the tool. */
export const inventedCommands: Check = {
  name: 'trace-commands',
  run: (input) => [...unknownVerbs(input), ...unknownPrograms(input)],
}

function unknownVerbs({ evidence }: CheckInput): Finding[] {
  return evidence.trace.flatMap((event) =>
    event.kind === 'plumb-called' && !event.known
      ? [
          finding(
            event.sequence,
            `"plumb ${[event.verb, ...event.args].join(' ').slice(0, 120)}" is no command.`,
          ),
        ]
      : [],
  )
}

function unknownPrograms({ evidence }: CheckInput): Finding[] {
  return toolCalls(evidence.trace)
    .filter(({ exitCode }) => exitCode === 127)
    .map((call) =>
      finding(
        call.sequence,
        `${JSON.stringify((shellLine(call) ?? call.tool).slice(0, 120))} ran a program that does not exist.`,
      ),
    )
}

function finding(sequence: number, message: string): Finding {
  return {
    check: inventedCommands.name,
    behaviour: 'G2',
    severity: 'warn',
    message,
    remedy: '"plumb help" lists the verbs.',
    pointer: { kind: 'trace', sequence },
  }
}
