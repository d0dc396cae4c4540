import type { Verdict } from '@plumb/protocol'

/** A verdict in one line for a person; empty for plain acceptance. */
export function explainVerdict(verdict: Verdict): string {
  switch (verdict.kind) {
    case 'accepted':
      return ''
    case 'rejected':
      return verdict.findings.find(({ severity }) => severity === 'reject')?.message ?? ''
    case 'blocked':
      return `${verdict.cause.message} ${verdict.cause.remedy}`
    case 'exhausted':
      return `${verdict.budget}: ${verdict.detail}`
  }
}
