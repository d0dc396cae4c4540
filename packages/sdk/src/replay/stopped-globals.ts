import type { RunClock } from '@plumb/protocol'
import type { Randomness } from './randomness.js'

/** `Date`, `Math` and `crypto` as a function sees them in a replay: time stands still, randomness repeats. */
export function stoppedGlobals(clock: RunClock, randomness: Randomness) {
  const now = Date.parse(clock.now)
  const stoppedDate = new Proxy(Date, {
    construct: (target, args: unknown[]): object =>
      args.length === 0 ? new target(now) : (Reflect.construct(target, args) as Date),
    apply: () => new Date(now).toString(),
    get: (target, name, receiver): unknown =>
      name === 'now' ? () => now : Reflect.get(target, name, receiver),
  })
  const math = Object.create(Math, { random: { value: () => randomness.fraction() } }) as Math
  const seeded = {
    randomUUID: () => randomness.uuid(),
    getRandomValues: (target: Uint8Array) => {
      target.set(randomness.bytes(target.length))
      return target
    },
    subtle: crypto.subtle,
  }
  return { Date: stoppedDate, Math: math, crypto: seeded }
}
