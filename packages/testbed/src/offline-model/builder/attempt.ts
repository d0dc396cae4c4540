import type { Call } from './dry-run.js'
import type { FunctionPlan } from './function-plan.js'
import type { Values } from './work.js'

/** One function on its way to a good run. Calls are those of runs of the present source. */
export type Attempt = {
  plan: FunctionPlan
  values: Values
  calls: readonly Call[]
  replaced: number
  revised: number
  waits: number
  hasRecord: boolean
}

export const startAttempt = (plan: FunctionPlan, values: Values): Attempt => ({
  plan,
  values,
  calls: [],
  replaced: 0,
  revised: 0,
  waits: 0,
  hasRecord: false,
})
