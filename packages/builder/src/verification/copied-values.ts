import type { Execution, Finding, Receipt } from '@plumb/protocol'
import { writtenValues } from '@plumb/toolchain'
import type { WrittenValue } from '@plumb/toolchain'
import { answerOf } from '../reading/answer-of.js'
import { decoded } from '../reading/decoded.js'
import { submittedPath } from './submission-integrity.js'
import type { Check, CheckInput } from './verification-input.js'

/** Does the function hold values that an answer of the account gave, and return them as if it had read them? */
export const copiedValues: Check = {
  name: 'copied-values',
  run: (input) => {
    const written = writtenValues(input.source)
    if (written.length === 0) return []
    const copied = new Set(input.dryRuns.flatMap((run) => copiedIn(input, run, written)))
    return [...copied].map(finding)
  },
}

/** What came from the account and out of the function, and was not sent or given by the caller. */
function copiedIn(
  { evidence }: CheckInput,
  execution: Execution,
  written: readonly WrittenValue[],
): WrittenValue[] {
  const calls = evidence.receipts.filter(({ executionId }) => executionId === execution.id)
  const answered = leaves(calls.map(answerOf))
  const returned = leaves([execution.outcome, execution.records])
  const given = JSON.stringify([execution.input, execution.metadata, ...calls.map(sentBy)])
  return written.filter(
    ({ text }) => answered.has(text) && returned.has(text) && !given.includes(text),
  )
}

function sentBy({ request }: Receipt): string {
  return `${decoded(request.url)} ${request.body?.text ?? ''}`
}

function leaves(value: unknown, found = new Set<unknown>()): Set<unknown> {
  if (typeof value !== 'object' || value === null) found.add(value)
  else for (const member of Object.values(value)) leaves(member, found)
  return found
}

function finding({ text, line, column }: WrittenValue): Finding {
  return {
    check: copiedValues.name,
    behaviour: 'C1',
    severity: 'reject',
    message: `The function holds ${JSON.stringify(text)}, which the account answered, and returned it.`,
    remedy: 'Take the values of the output from the answer.',
    pointer: { kind: 'code', path: submittedPath, line, column },
  }
}
