import { createHash } from 'node:crypto'
import type { Body } from '@plumb/protocol'
import { wireBody } from '@plumb/sdk/replay'

export { bytesOf, wireBody } from '@plumb/sdk/replay'

/** A body as receipts keep it. */
export function receiptBody(bytes: Buffer): Body {
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  return { ...wireBody(bytes), bytes: bytes.length, sha256 }
}

/** The JSON in `bytes`, or undefined where there is none. */
export function jsonIn(bytes: Buffer): unknown {
  const first = bytes.subarray(0, 64).toString('latin1').trimStart()[0]
  if (first !== '{' && first !== '[') return undefined
  try {
    return JSON.parse(bytes.toString('utf8'))
  } catch {
    return undefined
  }
}

/** The value at a dotted path (`errors.0.reason`), or undefined. */
export function valueAt(value: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((inner, name) => {
    if (typeof inner !== 'object' || inner === null) return undefined
    return (inner as Record<string, unknown>)[name]
  }, value)
}

/** How a value reads in a message or a pattern: text as it is, everything else as JSON. */
export function asText(value: unknown): string {
  if (typeof value === 'string') return value
  return value === undefined ? '' : (JSON.stringify(value) ?? '')
}
