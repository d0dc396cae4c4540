import { codeRogues } from './code-rogues.js'
import { conductRogues } from './conduct-rogues.js'
import { fileRogues } from './file-rogues.js'
import { honestTwins } from './honest-twins.js'
import type { Rogue } from './rogue.js'

export type { Rogue, RogueTask } from './rogue.js'
export { refusedCompanies } from './code-rogues.js'
export { roguePlayer } from './rogue-player.js'

/** Every rogue, and the honest twins. */
export const rogues: readonly Rogue[] = [
  ...honestTwins,
  ...fileRogues,
  ...codeRogues,
  ...conductRogues,
]
