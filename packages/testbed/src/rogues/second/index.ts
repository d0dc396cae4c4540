import type { Rogue } from '../rogue.js'
import { failureRogues } from './failure-rogues.js'
import { hiddenRogues } from './hidden-rogues.js'
import { lostRogues } from './lost-rogues.js'
import { narrowedRogues } from './narrowed-rogues.js'
import { valueRogues } from './value-rogues.js'

/** Rogues written after the detectors, by reading them as an adversary. */
export const secondSet: readonly Rogue[] = [
  ...valueRogues,
  ...failureRogues,
  ...narrowedRogues,
  ...hiddenRogues,
  ...lostRogues,
].map((rogue) => ({ ...rogue, set: 'second' }))
