import type { Finding, Receipt } from '@plumb/protocol'
import { createdBy, deletingCall } from '../reading/resource-operations.js'
import { succeeded } from '../reading/succeeded.js'
import type { Check, CheckInput } from './verification-input.js'

/** What did the attempt make in the test account that nothing can delete afterwards? */
export const residueLeft: Check = {
  name: 'trace-residue',
  run: (input) => {
    const { evidence, description, baseUrl, provider } = input
    const place = { description, baseUrl, providerBaseUrl: provider.proxy.baseUrl }
    const handedIn = new Set(input.dryRuns.map(({ id }) => id))
    return evidence.receipts.flatMap((receipt) => {
      const made = isMaking(input, receipt) ? createdBy(receipt) : null
      if (made === null || deletingCall(receipt, made.url, place) !== null) return []
      if (wasDeleted(evidence.receipts, receipt, made.url)) return []
      return [finding(receipt, handedIn.has(receipt.executionId ?? ''))]
    })
  },
}

function isMaking({ provider }: CheckInput, receipt: Receipt): boolean {
  const { write, purpose } = receipt
  return write && /^(explore|dryrun)$/.test(purpose) && succeeded(receipt, provider)
}

function wasDeleted(receipts: readonly Receipt[], made: Receipt, url: string): boolean {
  return receipts.some(
    ({ request, response, sequence }) =>
      sequence > made.sequence &&
      request.method === 'DELETE' &&
      request.url.split('?')[0] === url.split('?')[0] &&
      (response?.status ?? 500) < 300,
  )
}

/** What the handed-in function makes is what it is for; what was made beside it could have been left undone. */
function finding({ id, request }: Receipt, isTask: boolean): Finding {
  return {
    check: residueLeft.name,
    behaviour: 'H6',
    severity: isTask ? 'note' : 'warn',
    message: `What ${request.method} ${new URL(request.url).pathname} made stays in the test account: the API has no operation that deletes it.`,
    remedy: 'Delete it by hand, and make only what the interaction needs.',
    pointer: { kind: 'receipt', receiptId: id },
  }
}
