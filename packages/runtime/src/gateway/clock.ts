import { setTimeout as sleep } from 'node:timers/promises'

/** Time as a parameter: live calls wait for real, a replay only pretends. */
export type Clock = {
  /** Milliseconds since 1970. */
  now(): number
  /** Rejects with the signal's reason when it is aborted. */
  wait(ms: number, signal?: AbortSignal): Promise<void>
}

export const systemClock: Clock = {
  now: () => Date.now(),
  wait: async (ms, signal) => {
    await sleep(ms, undefined, signal === undefined ? {} : { signal })
  },
}

/** A clock that starts at `startMs`, stands still, and jumps by whatever is waited for. */
export function virtualClock(startMs: number): Clock {
  let now = startMs
  return {
    now: () => now,
    wait: async (ms, signal) => {
      signal?.throwIfAborted()
      now += ms
    },
  }
}
