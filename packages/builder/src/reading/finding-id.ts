import { createHash } from 'node:crypto'
import { canonicalJson } from '@plumb/protocol'
import type { Finding } from '@plumb/protocol'

/** The name of a finding of an attempt, the same whenever it is asked for: `fnd_` and 16 hexadecimal digits. */
export function findingId(attemptId: string, finding: Finding): string {
  const { check, behaviour, pointer, message } = finding
  const told = canonicalJson([attemptId, check, behaviour, pointer, message])
  return `fnd_${createHash('sha256').update(told).digest('hex').slice(0, 16)}`
}
