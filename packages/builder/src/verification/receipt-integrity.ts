import type { Finding, Receipt } from '@plumb/protocol'
import { verifyReceipts } from '@plumb/store'
import type { Check, CheckInput } from './verification-input.js'

/** Are the receipts whole, signed by the gateway, and of the right account and host? */
export const receiptIntegrity: Check = {
  name: 'receipt-integrity',
  run: (input) => [...brokenReceipts(input), ...foreignReceipts(input), ...missingReceipts(input)],
}

function brokenReceipts({ evidence, publicKeys }: CheckInput): Finding[] {
  return verifyReceipts(evidence.receipts, publicKeys).map((problem) =>
    reject('A5', problem.message, problem.receiptId),
  )
}

function foreignReceipts(input: CheckInput): Finding[] {
  const hosts = allowedHosts(input)
  const { integrationKey, connectionId } = input.connection
  return input.evidence.receipts.flatMap((receipt) => {
    if (receipt.integrationKey !== integrationKey || receipt.connectionId !== connectionId) {
      const other = `${receipt.integrationKey}/${receipt.connectionId}`
      return [
        reject(
          'F2',
          `A call used the connection ${other} instead of ${integrationKey}/${connectionId}.`,
          receipt.id,
        ),
      ]
    }
    // The token endpoint of a refresh is the gateway's own business.
    if (receipt.purpose === 'refresh' || isAllowed(receipt, hosts)) return []
    return [
      reject(
        'A6',
        `A call went to ${new URL(receipt.request.url).host}, which is no host of the provider.`,
        receipt.id,
      ),
    ]
  })
}

function allowedHosts({ baseUrl, provider }: CheckInput): string[] {
  const urls = [baseUrl, provider.proxy.baseUrl].filter((url) => URL.canParse(url))
  return [...urls.map((url) => new URL(url).host), ...provider.proxy.hosts]
}

function isAllowed(receipt: Receipt, hosts: readonly string[]): boolean {
  const { host } = new URL(receipt.request.url)
  return hosts.some(
    (allowed) => host === allowed || (allowed.startsWith('*.') && host.endsWith(allowed.slice(1))),
  )
}

/** Every answered call that a dry run says it made has its receipt. */
function missingReceipts({ evidence, dryRuns }: CheckInput): Finding[] {
  const known = new Set(evidence.receipts.map(({ id }) => id))
  return dryRuns.flatMap((execution) =>
    execution.calls
      .filter(
        ({ receiptId, status }) => status !== null && (receiptId === null || !known.has(receiptId)),
      )
      .map((call): Finding => ({
        ...reject('A5', `The dry run's call ${call.method} ${call.url} has no receipt.`, ''),
        pointer: { kind: 'execution', executionId: execution.id },
      })),
  )
}

function reject(behaviour: Finding['behaviour'], message: string, receiptId: string): Finding {
  return {
    check: receiptIntegrity.name,
    behaviour,
    severity: 'reject',
    message,
    remedy: 'Calls count only when the gateway made them: use "plumb request" and "plumb dryrun".',
    pointer: { kind: 'receipt', receiptId },
  }
}
