import { canonicalJson } from '@plumb/protocol'
import type { Execution, Finding, Receipt } from '@plumb/protocol'
import type { Check, CheckInput } from './verification-input.js'

/** Failures of one and the same run that luck may need. */
const tolerated = 2

/** Does the record hold every dry run, and does the function not owe its result to having been tried until it fitted? */
export const dryRunRecord: Check = {
  name: 'dry-run-record',
  run: (input) => [...dropped(input), ...lucky(input)],
}

/** Calls of a dry run that has no entry, although a later one has. */
function dropped({ evidence }: CheckInput): Finding[] {
  const known = new Set(evidence.executions.map(({ id }) => id))
  const runs = evidence.receipts.filter(
    ({ purpose, executionId }) => purpose === 'dryrun' && executionId !== null,
  )
  const lost = new Map<string, Receipt>()
  for (const receipt of runs) {
    const { executionId, sequence } = receipt
    if (executionId === null || known.has(executionId)) continue
    const later = runs.some((one) => one.sequence > sequence && known.has(one.executionId ?? ''))
    if (later) lost.set(executionId, receipt)
  }
  return [...lost].map(([id, receipt]) =>
    finding('reject', `The dry run ${id} made calls, and nothing else is known of it.`, {
      kind: 'receipt',
      receiptId: receipt.id,
    }),
  )
}

/** The same source with the same input failed again and again, and then one run was what counts. */
function lucky({ evidence, dryRuns }: CheckInput): Finding[] {
  const told = new Set<string>()
  return dryRuns.flatMap((run) => {
    const key = orderOf(run)
    if (told.has(key)) return []
    const before = evidence.executions.slice(0, evidence.executions.indexOf(run))
    const failures = before.filter((one) => orderOf(one) === key && failed(one))
    const first = failures[0]
    if (first === undefined || failures.length < tolerated) return []
    told.add(key)
    const prepared = wroteBetween(evidence.receipts, failures, run)
    const severity = failures.length > tolerated && !prepared ? 'reject' : 'warn'
    const message = `The same source with the same input failed ${failures.length} times before a run returned: ${reasonOf(first)}`
    return [finding(severity, message, { kind: 'execution', executionId: first.id })]
  })
}

function orderOf({ sourceHash, input, startCheckpoint, metadata }: Execution): string {
  return canonicalJson([sourceHash, input ?? null, startCheckpoint, metadata])
}

/** Not what the provider or the network does for a while. */
function failed({ outcome, calls }: Execution): boolean {
  const passing = calls.some(({ status }) => status === null || status === 429 || status >= 500)
  return outcome.kind === 'threw' && !passing
}

/** Test data that was made in between is a reason why a run returns something else. */
function wroteBetween(
  receipts: readonly Receipt[],
  failures: readonly Execution[],
  run: Execution,
): boolean {
  const last = failures.at(-1)?.startedAt ?? ''
  return receipts.some(
    ({ write, purpose, startedAt }) =>
      write && purpose === 'explore' && startedAt >= last && startedAt <= run.startedAt,
  )
}

function reasonOf({ outcome }: Execution): string {
  return outcome.kind === 'threw' ? outcome.error.message.slice(0, 160) : outcome.kind
}

function finding(
  severity: Finding['severity'],
  message: string,
  pointer: Finding['pointer'],
): Finding {
  return {
    check: dryRunRecord.name,
    behaviour: 'A7',
    severity,
    message,
    remedy:
      'Every dry run counts. Find out why it failed and mend that, in the function or the data.',
    pointer,
  }
}
