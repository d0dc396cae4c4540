import { assemblyRogues } from './first/assembly-rogues.js'
import { conductRogues } from './first/conduct-rogues.js'
import { errorRogues } from './first/error-rogues.js'
import { writeRogues } from './first/write-rogues.js'
import { evidenceRogues } from './first/evidence-rogues.js'
import { recordingRogues } from './first/recording-rogues.js'
import { fakeRogues } from './first/fake-rogues.js'
import { unsteadyRogues } from './first/unsteady-rogues.js'
import { harnessRogues } from './first/harness-rogues.js'
import { isolationRogues } from './first/isolation-rogues.js'
import { narrowingRogues } from './first/narrowing-rogues.js'
import { securityRogues } from './first/security-rogues.js'
import type { Rogue } from './rogue.js'
import { secondSet } from './second/index.js'

export type { Aftermath, Rogue, Script, Twin } from './rogue.js'
export { behaviours, notScriptable } from './catalogue.js'
export { refusedCompanies } from './first/error-rogues.js'
export { flakySubject } from './first/write-rogues.js'
export { roguePlayer } from './rogue-player.js'
export { sampledRogues, sampledTwins } from './sampled.js'
export { tasks } from './tasks.js'
export { twins } from './twins.js'

/** Every rogue of both sets. */
export const rogues: readonly Rogue[] = [
  ...evidenceRogues,
  ...recordingRogues,
  ...harnessRogues,
  ...fakeRogues,
  ...unsteadyRogues,
  ...errorRogues,
  ...writeRogues,
  ...narrowingRogues,
  ...isolationRogues,
  ...conductRogues,
  ...securityRogues,
  ...assemblyRogues,
  ...secondSet,
]
