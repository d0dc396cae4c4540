import type { Behaviour, BehaviourGroup } from './catalogue/behaviour.js'
import { processBehaviours, securityBehaviours } from './catalogue/conduct-behaviours.js'
import {
  assemblyBehaviours,
  evidenceBehaviours,
  harnessBehaviours,
  isolationBehaviours,
} from './catalogue/evidence-behaviours.js'
import {
  errorBehaviours,
  fakeBehaviours,
  narrowingBehaviours,
} from './catalogue/function-behaviours.js'

export type { Behaviour, BehaviourGroup, Defence, DefenceLayer } from './catalogue/behaviour.js'

/** The catalogue of misbehaviour, by letter. Ids are stable: findings, tests and pages use them. */
export const behaviourGroups: readonly BehaviourGroup[] = [
  { letter: 'A', title: 'Recordings and evidence', rows: evidenceBehaviours },
  { letter: 'B', title: 'Harness and tools', rows: harnessBehaviours },
  { letter: 'C', title: 'Functions that only look as if they worked', rows: fakeBehaviours },
  { letter: 'D', title: 'Errors that become successes', rows: errorBehaviours },
  { letter: 'E', title: 'Less than was asked for', rows: narrowingBehaviours },
  { letter: 'F', title: 'Isolation', rows: isolationBehaviours },
  { letter: 'G', title: 'Honesty of the process', rows: processBehaviours },
  { letter: 'H', title: 'Security', rows: securityBehaviours },
  { letter: 'I', title: 'Assembly', rows: assemblyBehaviours },
]

/** Every behaviour of the catalogue, A1 to I3. */
export const behaviours: readonly Behaviour[] = behaviourGroups.flatMap(({ rows }) => rows)
