import type { Finding, Receipt } from '@plumb/protocol'
import type { Check, CheckInput } from './verification-input.js'

/** Does one call of the function change the account at most as often as the brief allows? */
export const declaredWrites: Check = {
  name: 'declared-writes',
  run: (input) => {
    const { executions } = input.evidence
    const sourceHash = input.compiled?.sourceHash
    const own = executions.filter((execution) => execution.sourceHash === sourceHash)
    return own.flatMap((execution) => excess(input, execution.id))
  },
}

function excess(input: CheckInput, executionId: string): Finding[] {
  const { writes } = input.interaction
  const limit = typeof writes === 'boolean' ? Number(writes) : (writes ?? null)
  const made = input.evidence.receipts.filter(
    (receipt) => receipt.executionId === executionId && receipt.write && mayHaveHappened(receipt),
  )
  // Without a declaration one write is what an interaction is; more may be right, so a person is told.
  if (made.length <= (limit ?? 1)) return []
  const calls = made.map(({ request }) => `${request.method} ${new URL(request.url).pathname}`)
  return [
    {
      check: declaredWrites.name,
      behaviour: 'D6',
      severity: limit === null ? 'warn' : 'reject',
      message: `One call of the function made ${made.length} writes (${calls.join(', ')}); ${limit === null ? 'the brief does not say how many it may make' : `the brief allows ${limit}`}.`,
      remedy:
        'Make each change once, and read its result from the answer. If the interaction needs more, set "writes" in the brief.',
      pointer: { kind: 'receipt', receiptId: made.at(-1)?.id ?? '' },
    },
  ]
}

/** A call turned away for its rate changed nothing. */
function mayHaveHappened({ response, failure }: Receipt): boolean {
  if (response) return response.status !== 429
  return failure?.code !== 'connection-refused'
}
