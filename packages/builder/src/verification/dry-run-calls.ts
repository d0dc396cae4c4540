import type { Operation, Receipt } from '@plumb/protocol'
import { createOperationMatcher } from '../reading/operation-matcher.js'
import type { CheckInput } from './verification-input.js'

/** A call that a dry run of the submitted source made, and the operation that it is; null for none that is described. */
export type DryRunCall = { readonly receipt: Receipt; readonly operation: Operation | null }

/** Every call of the dry runs of the submitted source, in order. */
export function dryRunCalls(input: CheckInput): DryRunCall[] {
  const { evidence, dryRuns } = input
  const runs = new Set(dryRuns.map(({ id }) => id))
  const receipts = evidence.receipts.filter(
    ({ executionId, purpose }) =>
      executionId !== null && runs.has(executionId) && purpose === 'dryrun',
  )
  const matcher = operationsOf(input)
  return receipts.map((receipt) => ({
    receipt,
    operation: matcher.match(receipt.request.method, receipt.request.url),
  }))
}

/** Recognises the operations of the API, wherever the connection's calls go. */
export function operationsOf({ description, baseUrl, provider }: CheckInput) {
  return createOperationMatcher(description, [baseUrl, provider.proxy.baseUrl])
}
