import type { OracleInput } from './oracle.js'
import type { Rehearsal, Rehearsed } from './rehearsal.js'

/** A sync whose run is broken off, and the run that was left alone. */
export type InterruptionInput = {
  readonly input: OracleInput
  readonly rehearsal: Rehearsal
  readonly baseline: Rehearsed
}
