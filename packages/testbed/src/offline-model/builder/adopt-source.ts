import type { Play } from '../conversation/play-from-start.js'
import { planFunction } from './function-plan.js'
import type { Attempt } from './attempt.js'
import type { Work } from './work.js'

/** Writes the function and works with it from now on; what earlier runs showed is about another text. */
export function* adoptSource(work: Work, attempt: Attempt, source: string): Play<void> {
  yield* work.tools.write('function.ts', source)
  attempt.plan = planFunction(work, attempt.plan.operation, source)
  attempt.calls = []
}
