import type { Execution, Finding } from '@plumb/protocol'
import { recordingsFromReceipts } from '@plumb/runtime'
import { compareExecutions } from '../reading/compare-executions.js'
import { replayExecution } from '@plumb/toolchain'
import type { Check, CheckInput } from './verification-input.js'

/** Does every successful dry run of the submitted source give the same bytes again from its receipts? */
export const strictReplay: Check = {
  name: 'replay',
  run: async (input) => {
    const findings: Finding[] = []
    for (const execution of input.dryRuns) findings.push(...(await replayed(input, execution)))
    return findings
  },
}

async function replayed(input: CheckInput, recorded: Execution): Promise<Finding[]> {
  if (!input.compiled) return []
  const receipts = input.evidence.receipts.filter(({ executionId }) => executionId === recorded.id)
  const { execution, unused, unknown } = await replayExecution({
    ...input,
    compiled: input.compiled,
    recorded,
    recordings: recordingsFromReceipts(receipts),
  })
  if (unknown.length > 0) {
    return unknown.map(({ message }) =>
      finding('C11', `The replay asked for something else: ${message}`, recorded),
    )
  }
  const unasked = unused.map(({ request }) =>
    finding('C10', `The replay did not repeat ${request.method} ${request.url}.`, recorded),
  )
  const differences = compareExecutions(recorded, execution)
  return [...unasked, ...differences.map((text) => finding('T2', text, recorded))]
}

function finding(behaviour: Finding['behaviour'], message: string, recorded: Execution): Finding {
  return {
    check: strictReplay.name,
    behaviour,
    severity: 'reject',
    message,
    remedy:
      'The same answers must give the same result: take times and random values from the answers or the input.',
    pointer: { kind: 'execution', executionId: recorded.id },
  }
}
