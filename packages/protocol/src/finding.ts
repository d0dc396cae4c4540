/** Behaviour ids of the misbehaviour catalogue: `A1` ... `I3`; `T*` are plain defects (types, tests, lint). */
export type BehaviourId = `${'A' | 'B' | 'C' | 'D' | 'E' | 'F' | 'G' | 'H' | 'I' | 'T'}${number}`

/** Where the evidence for a finding stands. */
export type EvidencePointer =
  | { readonly kind: 'receipt'; readonly receiptId: string }
  | { readonly kind: 'execution'; readonly executionId: string }
  | { readonly kind: 'trace'; readonly sequence: number }
  | {
      readonly kind: 'code'
      readonly path: string
      /** From 1. */
      readonly line: number
      readonly column: number
    }

/** What a check found. `reject` ends the attempt as rejected; `warn` and `note` are shown only. */
export type Finding = {
  readonly check: string
  readonly behaviour: BehaviourId
  readonly severity: 'reject' | 'warn' | 'note'
  /** One sentence for a person, with the offending value. */
  readonly message: string
  readonly remedy: string | null
  readonly pointer: EvidencePointer | null
}
