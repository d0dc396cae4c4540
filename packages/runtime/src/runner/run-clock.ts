import type { RunClock } from '@plumb/protocol'

/** The time a function sees. */
export type FunctionClock = {
  /** Milliseconds since 1970. */
  now(): number
  /** Stops at `clock.now`, or follows the machine's time for null. */
  set(clock: RunClock | null): void
  readonly stopped: boolean
  /** Moves a stopped clock forward to `at`. */
  advanceTo(at: number): void
}

/** One clock for live and replayed runs; `real` reads the machine's time. */
export function createFunctionClock(real: () => number): FunctionClock {
  let stoppedAt: number | null = null
  return {
    now: () => stoppedAt ?? real(),
    set(clock) {
      stoppedAt = clock === null ? null : Date.parse(clock.now)
    },
    get stopped() {
      return stoppedAt !== null
    },
    advanceTo(at) {
      if (stoppedAt !== null && at > stoppedAt) stoppedAt = at
    },
  }
}
