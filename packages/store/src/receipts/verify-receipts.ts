import { verify, type KeyObject } from 'node:crypto'
import type { Receipt } from '@plumb/protocol'
import { receiptHash } from './receipt-hash.js'

export type ReceiptProblem = {
  readonly kind:
    | 'broken-hash'
    | 'broken-signature'
    | 'unknown-key'
    | 'gap'
    | 'duplicate'
    | 'wrong-previous-hash'
    | 'reordered'
  readonly receiptId: string
  readonly chain: string
  readonly message: string
}

/**
 * Everything wrong with whole chains of receipts; an empty list means that they are as the gateway wrote them.
 * Give every receipt of each chain, from its first on: one that is left out is a gap. What is missing at the
 * end of a chain cannot be seen from the chain alone.
 */
export function verifyReceipts(
  receipts: readonly Receipt[],
  publicKeys: ReadonlyMap<string, KeyObject>,
): readonly ReceiptProblem[] {
  const chains = new Map<string, Receipt[]>()
  for (const receipt of receipts) {
    const chain = chains.get(receipt.chain)
    if (chain === undefined) chains.set(receipt.chain, [receipt])
    else chain.push(receipt)
  }
  return [
    ...receipts.flatMap((receipt) => contentProblems(receipt, publicKeys)),
    ...[...chains.values()].flatMap((chain) => [...orderProblems(chain), ...linkProblems(chain)]),
  ]
}

function contentProblems(
  receipt: Receipt,
  publicKeys: ReadonlyMap<string, KeyObject>,
): ReceiptProblem[] {
  const problems: ReceiptProblem[] = []
  const hash = receiptHash(receipt)
  if (hash !== receipt.hash) {
    const message = `states hash ${receipt.hash}, but its content has ${hash}`
    problems.push(problem(receipt, 'broken-hash', message))
  }
  const key = publicKeys.get(receipt.keyId)
  if (key === undefined) {
    problems.push(problem(receipt, 'unknown-key', `is signed with unknown key "${receipt.keyId}"`))
  } else if (!isSigned(receipt, key)) {
    const message = `has a signature that key "${receipt.keyId}" did not make`
    problems.push(problem(receipt, 'broken-signature', message))
  }
  return problems
}

function isSigned(receipt: Receipt, key: KeyObject): boolean {
  return verify(null, Buffer.from(receipt.hash), key, Buffer.from(receipt.signature, 'base64'))
}

function orderProblems(chain: readonly Receipt[]): ReceiptProblem[] {
  return chain.flatMap((receipt, index) => {
    const before = chain[index - 1]
    if (before === undefined || before.sequence <= receipt.sequence) return []
    return [problem(receipt, 'reordered', `comes after number ${before.sequence}`)]
  })
}

function linkProblems(chain: readonly Receipt[]): ReceiptProblem[] {
  const sorted = [...chain].sort((a, b) => a.sequence - b.sequence)
  return sorted.flatMap((receipt, index) => {
    const before = sorted[index - 1] ?? { sequence: 0, hash: null }
    const expected = before.sequence + 1
    if (receipt.sequence < expected) {
      return [problem(receipt, 'duplicate', 'has a number that another receipt has too')]
    }
    if (receipt.sequence > expected) {
      return [problem(receipt, 'gap', `follows number ${expected - 1}`)]
    }
    if (receipt.previousHash === before.hash) return []
    const message = `states previous hash ${receipt.previousHash}, but the one before has ${before.hash}`
    return [problem(receipt, 'wrong-previous-hash', message)]
  })
}

function problem(receipt: Receipt, kind: ReceiptProblem['kind'], message: string): ReceiptProblem {
  const subject = `Receipt ${receipt.id} (number ${receipt.sequence} of chain ${receipt.chain})`
  return { kind, receiptId: receipt.id, chain: receipt.chain, message: `${subject} ${message}.` }
}
