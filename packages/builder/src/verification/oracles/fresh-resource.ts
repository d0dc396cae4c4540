import type { Receipt } from '@plumb/protocol'
import { requestOfReceipt } from '../../reading/request-of-receipt.js'
import { callAccount, parsed } from './account-call.js'
import { freshText } from './fresh-text.js'
import { mapLeaves } from './leaves.js'
import type { LiveAccount } from './live-account.js'
import type { OracleInput } from './oracle.js'

/** Makes what an earlier call made once more, under names of the verifier; null when the account refuses. */
export async function makeAgain(
  receipt: Receipt,
  { input, live }: { readonly input: OracleInput; readonly live: LiveAccount },
): Promise<unknown> {
  if (receipt.request.method === 'DELETE') return null
  const gateway = await live.open({ executionId: null, writes: 1 })
  const again = requestOfReceipt(receipt)
  const answer = await callAccount(
    gateway,
    { ...again, body: bodyOf(receipt, live.namespace) },
    input.signal,
  )
  return answer.status !== null && answer.status < 300 ? answer.body : null
}

function bodyOf({ request: { body } }: Receipt, namespace: string) {
  if (body === null) return null
  if (body.encoding === 'base64') return { encoding: body.encoding, text: body.text }
  const value = parsed(body.text)
  const other = (text: string, path: readonly (string | number)[]): string =>
    freshText(text, { path, namespace, schema: {} }) ?? text
  if (typeof value === 'object' && value !== null) {
    const changed = mapLeaves(value, (leaf) =>
      typeof leaf.value === 'string' ? other(leaf.value, leaf.path) : leaf.value,
    )
    return { encoding: 'utf8' as const, text: JSON.stringify(changed) }
  }
  const pairs = [...new URLSearchParams(body.text)].map(([name, text]): [string, string] => [
    name,
    other(text, [name]),
  ])
  return { encoding: 'utf8' as const, text: new URLSearchParams(pairs).toString() }
}
