import { createRequire, syncBuiltinESMExports } from 'node:module'
import type { RunClock } from '@plumb/protocol'
import { createRandomness } from './randomness.js'
import { stoppedGlobals } from './stopped-globals.js'

type Members = Record<string, unknown>

/**
 * Runs `work` while time stands still, waiting takes none, and randomness follows from the seed, for everything in this
 * process; afterwards all is as it was. One piece of work at a time.
 */
export async function withStoppedClock<T>(clock: RunClock, work: () => Promise<T>): Promise<T> {
  const undo = stop(clock)
  try {
    return await work()
  } finally {
    undo()
  }
}

function stop(clock: RunClock): () => void {
  const randomness = createRandomness()
  randomness.seed(clock.seed)
  const stopped = stoppedGlobals(clock, randomness)
  const { setTimeout: later } = globalThis
  const soon = (callback: () => void, _ms?: number, ...args: []) => later(callback, 0, ...args)
  const node = createRequire(import.meta.url)('node:crypto') as Members
  const undo = [
    replace(globalThis, { Date: stopped.Date, setTimeout: soon }),
    replace(Math, { random: () => randomness.fraction() }),
    replace(crypto, {
      randomUUID: stopped.crypto.randomUUID,
      getRandomValues: stopped.crypto.getRandomValues,
    }),
    replace(node, {
      randomUUID: () => randomness.uuid(),
      randomBytes: (size: number) => randomness.bytes(size),
    }),
  ]
  syncBuiltinESMExports()
  return () => {
    for (const restore of undo) restore()
    syncBuiltinESMExports()
  }
}

/** Sets members; the returned function puts back what was there. */
function replace(target: object, members: Members): () => void {
  const before = Object.keys(members).map(
    (name) => [name, Object.getOwnPropertyDescriptor(target, name)] as const,
  )
  for (const [name, value] of Object.entries(members)) {
    Object.defineProperty(target, name, { value, configurable: true, writable: true })
  }
  return () => {
    for (const [name, descriptor] of before) {
      if (descriptor === undefined) Reflect.deleteProperty(target, name)
      else Object.defineProperty(target, name, descriptor)
    }
  }
}
