import type { Finding } from '@plumb/protocol'
import type { Fault } from './faults.js'
import type { OracleInput } from './oracle.js'
import type { Call, Rehearsed } from './rehearsal.js'

export type FaultEvidence = {
  readonly input: OracleInput
  readonly baseline: Rehearsed
  readonly faulted: Rehearsed
  /** The call that failed, as it was in the undisturbed run. */
  readonly target: Call
  readonly fault: Fault
}

/** A finding before its place is told; `what` goes on after "the call failed, and". */
export type Told = Pick<Finding, 'behaviour' | 'severity'> & { readonly what: string }
