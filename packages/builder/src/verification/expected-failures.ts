import type { Finding } from '@plumb/protocol'
import { succeeded } from '../reading/succeeded.js'
import { dryRunCalls } from './dry-run-calls.js'
import type { Check } from './verification-input.js'

/** Did any dry run meet something else than the failures that the brief expects? */
export const expectedFailures: Check = {
  name: 'expected-failures',
  run: (input) => {
    const receipts = dryRunCalls(input).map(({ receipt }) => receipt)
    const [first] = receipts
    if (first === undefined || receipts.some((receipt) => succeeded(receipt, input.provider)))
      return []
    const { expectedStatuses = [] } = input.interaction
    // Redirects and the like are answers of another kind, and no failures.
    const fine = receipts.some(({ response }) => response !== null && response.status < 400)
    const expected = receipts.some(({ response }) =>
      expectedStatuses.includes(response?.status ?? 0),
    )
    return fine || !expected ? [] : [finding(first.response?.status ?? 0, first.id)]
  },
}

function finding(status: number, receiptId: string): Finding {
  return {
    check: expectedFailures.name,
    behaviour: 'A10',
    severity: 'reject',
    message: `Every call of every dry run was answered with an expected failure (${status}), so nothing shows that the function works.`,
    remedy: 'Make a dry run in which the thing is there; create it under your namespace first.',
    pointer: { kind: 'receipt', receiptId },
  }
}
