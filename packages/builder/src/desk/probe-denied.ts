import type { BlockedCause, Provider } from '@plumb/protocol'
import { checkConnection } from '@plumb/runtime'
import type { ConnectionStore, Gateway } from '@plumb/runtime'
import { listReceipts } from '@plumb/store'
import { requestOfReceipt } from '../reading/request-of-receipt.js'
import { succeeded } from '../reading/succeeded.js'

export type ProbeOrder = {
  readonly tools: Pick<ConnectionStore, 'db' | 'environment' | 'keys'> & {
    readonly gateway: Gateway
  }
  readonly provider: Provider
  readonly connection: { readonly integrationKey: string; readonly connectionId: string }
  readonly attemptId: string
  readonly signal: AbortSignal
}

/**
 * Asks once more for what is said to be refused. A revoked credential shows at the check endpoint. Where a scope is
 * missing, the refused call itself is made again: what it then creates is in the ledger of the attempt. A refused
 * DELETE is believed, because its receipt is the gateway's.
 */
export async function probeDenied(
  { tools, provider, connection, attemptId, signal }: ProbeOrder,
  cause: BlockedCause,
): Promise<'still-missing' | 'open'> {
  if (cause.kind === 'access-revoked') {
    const found = await checkConnection(tools, connection, signal)
    return found.kind === 'ok' ? 'open' : 'still-missing'
  }
  const receipts = await listReceipts(tools.db, { ids: cause.receiptIds })
  const safest = ['GET', 'POST', 'PATCH', 'PUT']
  const [denied] = receipts
    .filter(({ request }) => safest.includes(request.method))
    .sort((a, b) => safest.indexOf(a.request.method) - safest.indexOf(b.request.method))
  if (denied === undefined) return 'still-missing'
  const client = await tools.gateway.forConnection({
    ...{ ...connection, attemptId, purpose: 'probe', writeLimit: 1 },
    chain: `verification ${attemptId}`,
  })
  const answer = await client.request(requestOfReceipt(denied), signal)
  if (answer.kind !== 'answered') return 'still-missing'
  const ids = answer.call.receiptId === null ? [] : [answer.call.receiptId]
  const [receipt] = await listReceipts(tools.db, { ids })
  return receipt !== undefined && succeeded(receipt, provider) ? 'open' : 'still-missing'
}
