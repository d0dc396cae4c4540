import type { Execution, RunClock } from '@plumb/protocol'

/** Clock and randomness of a recorded run. A dry run that starts with it can be repeated to the byte. */
export function runClockOf({ id, startedAt }: Pick<Execution, 'id' | 'startedAt'>): RunClock {
  return { now: startedAt, seed: id }
}
