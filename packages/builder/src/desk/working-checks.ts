import { firstLevelChecks } from '../verification/verify.js'

/** These look at the hand-in itself, or use inputs that an agent may not see; they are asked only when it is over. */
const ofHandIn = new Set(['submission-integrity', 'declared-operations', 'live-oracles'])

/** What `plumb check` asks: the checks that are about the function and its dry runs, not the agent's conduct. */
export const workingChecks = firstLevelChecks.filter(
  ({ name }) => !ofHandIn.has(name) && !name.startsWith('trace-'),
)
