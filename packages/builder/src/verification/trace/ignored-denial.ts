import type { Finding, Receipt } from '@plumb/protocol'
import type { Check } from '../verification-input.js'

const tolerated = 8

/** Did the agent go on calling although the account refused one call after the other? */
export const ignoredDenial: Check = {
  name: 'trace-denial',
  run: ({ evidence }) => {
    let streak: Receipt[] = []
    for (const receipt of evidence.receipts) {
      if (receipt.purpose === 'probe' || receipt.purpose === 'refresh') continue
      const status = receipt.response?.status
      streak = status === 401 || status === 403 ? [...streak, receipt] : []
      if (streak.length > tolerated) return [finding(streak)]
    }
    return []
  },
}

function finding(streak: readonly Receipt[]): Finding {
  const [first] = streak
  return {
    check: ignoredDenial.name,
    behaviour: 'G4',
    severity: 'warn',
    message: `The agent went on for ${streak.length} calls after the account answered ${first?.response?.status ?? 'no'}.`,
    remedy: 'End with "plumb blocked --reason access" and the receipt.',
    pointer: { kind: 'receipt', receiptId: first?.id ?? '' },
  }
}
