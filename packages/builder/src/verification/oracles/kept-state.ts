import type { Finding } from '@plumb/protocol'
import type { OracleInput } from './oracle.js'
import { outlivingName } from './outliving-state.js'
import { ownCode } from './source-literals.js'

/** Names that a run changes and the next one still sees: what is in them depends on the runs before. */
export function keptState({ compiled, recorded }: OracleInput): Finding[] {
  const changed = outlivingName(ownCode(compiled.code))
  if (changed === null) return []
  return [
    {
      check: 'two-identities',
      behaviour: 'C10',
      severity: 'warn',
      message: `The function changes "${changed}", which outlives a run, so a run depends on those before it.`,
      remedy:
        'Keep what a run needs inside of exec, and what the next one needs in the checkpoint.',
      pointer: recorded.pointer,
    },
  ]
}
