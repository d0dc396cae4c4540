import type { BehaviourId } from '@plumb/protocol'

const sizes = { A: 11, B: 11, C: 11, D: 9, E: 9, F: 6, G: 7, H: 8, I: 3 } as const

/** Every behaviour of the catalogue, in its order. */
export const behaviours: readonly BehaviourId[] = Object.entries(sizes).flatMap(([group, size]) =>
  Array.from({ length: size }, (_, at) => `${group}${at + 1}` as BehaviourId),
)

/** Behaviours that no script can show, each with the reason. Empty: where a thing is impossible, its rogue shows that. */
export const notScriptable: Readonly<Record<string, string>> = {}
