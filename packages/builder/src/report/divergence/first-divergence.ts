import type { Divergence } from '@plumb/protocol'
import { attemptClues } from './attempt-clues.js'
import type { DivergenceEvidence } from './attempt-clues.js'
import { premiseKinds } from './premise-kinds.js'

/**
 * The earliest premise of an attempt that later steps contradict, with the evidence. The last error of an attempt is
 * often only its consequence. Null: none.
 */
export function firstDivergence(evidence: DivergenceEvidence): Divergence | null {
  const clues = attemptClues(evidence)
  const found = premiseKinds.map((find) => find(clues)).filter((one) => one !== null)
  return found.sort((a, b) => a.sequence - b.sequence)[0] ?? null
}
