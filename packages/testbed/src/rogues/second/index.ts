import type { Rogue } from '../rogue.js'

/** Rogues written after the detectors, by reading them as an adversary. */
export const secondSet: readonly Rogue[] = []
