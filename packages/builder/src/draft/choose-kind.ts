import type { Interaction } from '@plumb/protocol'
import { interactionText } from './draft-request.js'

/** The kind a brief names, or what its words say: keeping a copy is a sync, everything else an action. */
export function chooseKind(interaction: Interaction, given?: 'action' | 'sync'): 'action' | 'sync' {
  if (given !== undefined) return given
  if (interaction.kind !== undefined) return interaction.kind
  const text = interactionText(interaction)
  const isSync =
    /\b(sync(s|ed|hroni[sz]e[sd]?)?|mirror(s|ed)?|replicat(e|es|ed)|in step|up to date|keep (a |an )?(local )?cop(y|ies)|incrementally|continuously)\b/i.test(
      text,
    )
  return isSync ? 'sync' : 'action'
}
