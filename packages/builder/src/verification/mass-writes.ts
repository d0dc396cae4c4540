import type { Finding, Receipt } from '@plumb/protocol'
import { createOperationMatcher } from '../reading/operation-matcher.js'
import type { Check, CheckInput } from './verification-input.js'

/** Writes of its own that an attempt may make before somebody is told, and before it is too many. */
const many = 25
const tooMany = 100

/** Did the agent change the test account in bulk, or with calls that empty it? */
export const massWrites: Check = {
  name: 'trace-mass-writes',
  run: (input) => {
    const writes = input.evidence.receipts.filter(
      ({ write, purpose, response }) =>
        write && purpose === 'explore' && response !== null && response.status < 300,
    )
    return [...crowd(writes), ...writes.flatMap((receipt) => sweeping(input, receipt))]
  },
}

function crowd(writes: readonly Receipt[]): Finding[] {
  const last = writes.at(-1)
  if (last === undefined || writes.length <= many) return []
  const message = `The agent changed the test account ${writes.length} times beside its dry runs.`
  return [finding(last, message, writes.length > tooMany ? 'reject' : 'warn')]
}

const emptying =
  /(^|[/_:.-])(purge|wipe|truncate|empty|clear|delete-?all|destroy|archive-?all)([/_:.-]|$)/i

/** One call that concerns more than one thing: a collection is deleted, or a list of ids is handed over to be. */
function sweeping(input: CheckInput, receipt: Receipt): Finding[] {
  const { request } = receipt
  const { pathname, searchParams } = new URL(request.url)
  const said = `${request.method} ${pathname}`
  if (emptying.test(pathname))
    return [finding(receipt, `${said} empties a part of the account.`, 'reject')]
  if (request.method !== 'DELETE') return []
  if (deletesCollection(input, receipt))
    return [finding(receipt, `${said} deletes a whole collection.`, 'reject')]
  const listed = [...searchParams.values()].some((value) => value.split(',').length > many)
  return listed ? [finding(receipt, `${said} deletes many things at once.`, 'reject')] : []
}

/** The last part of the path is one that the description writes out, such as DELETE /contacts. */
function deletesCollection(
  { description, baseUrl, provider }: CheckInput,
  { request }: Receipt,
): boolean {
  const matcher = createOperationMatcher(description, [baseUrl, provider.proxy.baseUrl])
  const operation = matcher.match('DELETE', request.url)
  const collection = description.operations.find(
    ({ method, path }) => method === 'GET' && path === operation?.path,
  )
  if (operation === null || operation.path.endsWith('}') || collection === undefined) return false
  return (
    collection.pagination !== null || /\blist\b/i.test(`${collection.id} ${collection.summary}`)
  )
}

function finding(receipt: Receipt, message: string, severity: Finding['severity']): Finding {
  return {
    check: massWrites.name,
    behaviour: 'H5',
    severity,
    message,
    remedy:
      'Make the few test data that the interaction needs, and delete one by one what you made.',
    pointer: { kind: 'receipt', receiptId: receipt.id },
  }
}
