import { resultOf, returned } from './execution-result.js'
import type { KnownValues } from './known-values.js'
import { shapeOfText } from './leaves.js'
import type { LeafValue } from './leaves.js'
import { leafAt } from './provenance.js'
import type { Provenance } from './provenance.js'
import type { Rehearsed } from './rehearsal.js'
import { isWord } from './steering-values.js'

/** A leaf of the output that is a copy of the answer in one run and not in another. */
export type FalseCopy = {
  readonly path: string
  /** What the answer says there in the recording. */
  readonly recorded: LeafValue
  readonly now: LeafValue
  /** `stuck`: what was recorded comes out, though no answer says it any more. `invented`: nobody says it. */
  readonly kind: 'stuck' | 'invented'
}

/** Looks at what is known to be copied from an answer, in a run whose answers are others. */
export function falseCopy(
  provenance: readonly Provenance[],
  run: Rehearsed,
  known: KnownValues,
): FalseCopy | null {
  if (!returned(run.execution)) return null
  const result = resultOf(run.execution)
  for (const { path, value, source } of provenance) {
    if (source.kind !== 'response') continue
    const now = leafAt(result, path.split('.'))
    const kind = now === undefined || known.has(now) ? null : judged(value, now)
    if (kind !== null && now !== undefined) return { path, recorded: value, now, kind }
  }
  return null
}

function judged(recorded: LeafValue, now: LeafValue): FalseCopy['kind'] | null {
  if (now === null || now === '' || typeof now === 'boolean') return null
  if (now === recorded) return isTelling(now) ? 'stuck' : null
  return typeof now === 'string' ? 'invented' : null
}

/** A word may be the default of an enumeration, a small number a count. */
function isTelling(value: LeafValue): boolean {
  return typeof value === 'number' ? Math.abs(value) >= 1000 : !isWord(value)
}

/** One leaf of the output for each place of the answers that it is copied from. */
export function copiedPlaces(provenance: readonly Provenance[]): Provenance[] {
  const places = new Map<string, Provenance>()
  for (const one of provenance) {
    if (one.source.kind !== 'response') continue
    const place = `${one.source.call} ${shapeOfText(one.source.leaf)}`
    if (!places.has(place)) places.set(place, one)
  }
  return [...places.values()]
}
