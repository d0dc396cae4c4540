import { chooseKind } from './choose-kind.js'
import type { ChosenOperation } from './choose-operation.js'
import { chooseOperation } from './choose-operation.js'
import type { Draft, DraftRequest } from './draft-request.js'
import { emitAction } from './emit-action.js'
import { emitSync } from './emit-sync.js'
import type { EmittedSource } from './emitted-source.js'
import { plainLine } from './emit-zod.js'
import { indentSource } from './indent-source.js'
import { quote } from './names.js'

/**
 * Proposes a function for an interaction from the API description alone: the operation, complete TypeScript for
 * it, what remains open, and how sure the proposal is.
 */
export function draftFunction(request: DraftRequest): Draft {
  const kind = chooseKind(request.interaction, request.kind)
  const chosen = chooseOperation(request, kind)
  const { operation } = chosen
  const emitted = operation === null ? null : emit(request, kind, chosen)
  if (emitted === null) return withoutProposal(request, kind, chosen)
  const { questions } = emitted
  return {
    kind,
    operation,
    alternatives: chosen.alternatives,
    source: indentSource(emitted.lines),
    openQuestions: questions,
    confidence: Math.round(100 * chosen.certainty * 0.9 ** questions.length) / 100,
  }
}

function emit(
  request: DraftRequest,
  kind: 'action' | 'sync',
  chosen: ChosenOperation,
): EmittedSource | null {
  const { operation } = chosen
  if (operation === null) return null
  return kind === 'sync' ? emitSync(request, { operation }) : emitAction(request, { operation })
}

/** A file to start from where nothing can be proposed: it type-checks, and running it says what is missing. */
function withoutProposal(
  request: DraftRequest,
  kind: 'action' | 'sync',
  chosen: ChosenOperation,
): Draft {
  const { interaction } = request
  const { operation } = chosen
  const why =
    operation === null
      ? 'No operation of the API description fits this interaction.'
      : `${operation.id} answers with no list whose items could be stored.`
  const description = quote(plainLine(interaction.description))
  const lines =
    kind === 'sync'
      ? [
          "import { createSync } from '@plumb/sdk'",
          "import { z } from 'zod'",
          '',
          'const Item = z.object({ id: z.string() })',
          '',
          'export default createSync({',
          `description: ${description},`,
          "frequency: 'every hour',",
          'models: { Item },',
          'exec: async (ctx) => {',
          `throw new ctx.ActionError({ type: 'not_implemented', message: ${quote(why)} })`,
          '},',
          '})',
        ]
      : [
          "import { createAction } from '@plumb/sdk'",
          "import { z } from 'zod'",
          '',
          'export default createAction({',
          `description: ${description},`,
          'input: z.object({}),',
          'output: z.object({ id: z.string() }),',
          'exec: async (ctx) => {',
          `throw new ctx.ActionError({ type: 'not_implemented', message: ${quote(why)} })`,
          '},',
          '})',
        ]
  return {
    kind,
    operation,
    alternatives: chosen.alternatives,
    source: indentSource(lines),
    openQuestions: [`${why} Search with other words: plumb docs search.`],
    confidence: 0,
  }
}
