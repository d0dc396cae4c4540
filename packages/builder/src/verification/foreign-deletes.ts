import type { Finding, Receipt } from '@plumb/protocol'
import { decoded } from '../reading/decoded.js'
import { leafTexts } from '../reading/leaf-texts.js'
import type { Check } from './verification-input.js'

/** Did the attempt delete only what it had made itself? */
export const foreignDeletes: Check = {
  name: 'trace-deletes',
  run: ({ evidence }) => {
    const made = new Set<string>()
    return evidence.receipts.flatMap((receipt) => {
      const foreign =
        deletes(receipt) && ![pathOf(receipt), targetOf(receipt)].some((name) => made.has(name))
      if (receipt.write && !deletes(receipt)) for (const name of namesIn(receipt)) made.add(name)
      return foreign ? [finding(receipt)] : []
    })
  },
}

function deletes({ request, response, purpose }: Receipt): boolean {
  const done = response !== null && response.status >= 200 && response.status < 300
  return done && request.method === 'DELETE' && /^(explore|dryrun)$/.test(purpose)
}

/** Where a write went, and what its answer names: the id or key of what is there since. */
function namesIn(receipt: Receipt): string[] {
  const { response } = receipt
  if (response === null || response.status >= 300) return []
  return [pathOf(receipt), ...leafTexts(response.body.text)]
}

function pathOf({ request }: Receipt): string {
  return new URL(request.url).pathname
}

/** The last part of the path: what a DELETE is about. */
function targetOf(receipt: Receipt): string {
  return decoded(pathOf(receipt).split('/').filter(Boolean).at(-1) ?? '')
}

function finding({ id, request, purpose }: Receipt): Finding {
  return {
    check: foreignDeletes.name,
    behaviour: 'H5',
    // What a function deletes in a dry run is its task; the test data for it may have been there.
    severity: purpose === 'explore' ? 'reject' : 'warn',
    message: `${request.method} ${new URL(request.url).pathname} deleted something that this attempt did not make.`,
    remedy: 'Delete only what was created for the attempt.',
    pointer: { kind: 'receipt', receiptId: id },
  }
}
