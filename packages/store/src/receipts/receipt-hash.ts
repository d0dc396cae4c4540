import { createHash } from 'node:crypto'
import { canonicalJson, type Receipt } from '@plumb/protocol'

/** SHA-256 (hex) over the canonical JSON of every member but `hash` and `signature`. */
export function receiptHash(receipt: Omit<Receipt, 'hash' | 'signature'>): string {
  const covered = Object.entries(receipt).filter(([key]) => key !== 'hash' && key !== 'signature')
  return createHash('sha256')
    .update(canonicalJson(Object.fromEntries(covered)))
    .digest('hex')
}
