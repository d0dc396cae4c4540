import type { Execution, Finding, Receipt } from '@plumb/protocol'
import { succeeded } from '../reading/succeeded.js'
import type { Check, CheckInput } from './verification-input.js'

/** Did a dry run return a result although the provider refused? */
export const errorLaundering: Check = {
  name: 'error-laundering',
  run: (input) => input.dryRuns.flatMap((execution) => laundered(input, execution)),
}

function laundered(input: CheckInput, execution: Execution): Finding[] {
  const calls = input.evidence.receipts.filter(
    ({ executionId, purpose }) => executionId === execution.id && purpose === 'dryrun',
  )
  const failed = calls.filter(
    (receipt, index) => !isGood(input, receipt) && !wasRetried(receipt, calls.slice(index + 1)),
  )
  const denied = failed.find(({ response }) => response?.status === 401 || response?.status === 403)
  if (denied) return [finding('D1', 'reject', denied)]
  const broken = failed.find(({ response }) => response === null || response.status >= 500)
  if (broken) return [finding('D3', 'reject', broken)]
  const refused = failed.find(({ response }) => response !== null && response.status >= 400)
  if (!refused) return []
  // A call that succeeded afterwards may be the right way on: look whether it is there, then create it.
  const wentOn = calls.slice(calls.indexOf(refused) + 1).some((receipt) => isGood(input, receipt))
  return [finding('D2', wentOn ? 'warn' : 'reject', refused)]
}

function isGood({ provider, interaction }: CheckInput, receipt: Receipt): boolean {
  return succeeded(receipt, provider, interaction.expectedStatuses)
}

function wasRetried({ request }: Receipt, later: readonly Receipt[]): boolean {
  return later.some(
    (next) => next.request.method === request.method && next.request.url === request.url,
  )
}

function finding(
  behaviour: Finding['behaviour'],
  severity: Finding['severity'],
  { id, request, response, failure }: Receipt,
): Finding {
  const answer = response ? String(response.status) : (failure?.code ?? 'no answer')
  const { pathname } = new URL(request.url)
  return {
    check: errorLaundering.name,
    behaviour,
    severity,
    message: `${request.method} ${pathname} was answered with ${answer}, and the function still returned a result.`,
    remedy:
      'Let the error through. A status that is a normal answer belongs into "expectedStatuses" of the brief.',
    pointer: { kind: 'receipt', receiptId: id },
  }
}
