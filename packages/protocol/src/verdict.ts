import type { BudgetKind } from './trace-event.js'
import type { Finding } from './finding.js'

/** Why access to an account is missing, and what the person must do. */
export type BlockedCause = {
  readonly kind: 'access-revoked' | 'missing-scope' | 'unreachable' | 'not-possible'
  readonly message: string
  readonly remedy: string
  readonly receiptIds: readonly string[]
}

export type Verdict =
  | { readonly kind: 'accepted'; readonly findings: readonly Finding[] }
  | { readonly kind: 'rejected'; readonly findings: readonly Finding[] }
  | {
      readonly kind: 'blocked'
      readonly cause: BlockedCause
      readonly findings: readonly Finding[]
    }
  | {
      readonly kind: 'exhausted'
      readonly budget: BudgetKind | 'gave-up' | 'harness'
      readonly detail: string
      readonly findings: readonly Finding[]
    }

export type Outcome = Verdict['kind']
