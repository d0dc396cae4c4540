import { chooseKind } from './choose-kind.js'
import type { ChosenOperation } from './choose-operation.js'
import { chooseOperation } from './choose-operation.js'
import type { Draft, DraftRequest } from './draft-request.js'
import { emitAction } from './emit-action.js'
import { emitSync } from './emit-sync.js'
import type { EmittedSource } from './emitted-source.js'
import { plainLine } from './emit-zod.js'
import { indentSource } from './indent-source.js'
import { skeleton } from './skeleton.js'

/**
 * Proposes a function for an interaction from the API description alone: the operation, complete TypeScript for
 * it, what remains open, and how sure the proposal is.
 */
export function draftFunction(request: DraftRequest): Draft {
  const kind = chooseKind(request.interaction, request.kind)
  const chosen = chooseOperation(request, kind)
  const emitted = emit(request, kind, chosen)
  if (emitted === null) return withoutProposal(request, kind, chosen)
  const { operation, alternatives, certainty } = chosen
  const { lines, questions } = emitted
  return {
    kind,
    operation,
    alternatives,
    source: indentSource(lines),
    openQuestions: questions,
    confidence: Math.round(100 * certainty * 0.9 ** questions.length) / 100,
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

function withoutProposal(
  request: DraftRequest,
  kind: 'action' | 'sync',
  chosen: ChosenOperation,
): Draft {
  const { operation, alternatives } = chosen
  const why =
    operation === null
      ? 'No operation of the API description fits this interaction.'
      : `${operation.id} answers with no list whose items could be stored.`
  return {
    kind,
    operation,
    alternatives,
    source: indentSource(skeleton(kind, plainLine(request.interaction.description), why)),
    openQuestions: [`${why} Search with other words: plumb docs search.`],
    confidence: 0,
  }
}
