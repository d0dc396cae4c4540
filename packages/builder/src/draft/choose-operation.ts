import type { ApiDescription, Interaction, Operation } from '@plumb/protocol'
import { objectOf } from '../description/document.js'
import { findList } from '../description/schema-shape.js'
import { rankOperations } from '../description/search-operations.js'
import { relatedWords } from '../description/thesaurus.js'
import { askedIntent, isVerb, wordsOf } from '../description/words.js'
import { candidatesOf } from './candidate-inputs.js'
import type { DraftRequest } from './draft-request.js'
import { interactionText } from './draft-request.js'
import { matchNames } from './match-names.js'
import { normaliseFields } from './normalise-fields.js'

export type ChosenOperation = {
  readonly operation: Operation | null
  readonly alternatives: readonly Operation[]
  /** How far the choice leads, 0 to 1. */
  readonly certainty: number
}

const considered = 12
const maxAlternatives = 5

/** Picks the operation that fits the words, the input, the writes and the kind of an interaction best. */
export function chooseOperation(request: DraftRequest, kind: 'action' | 'sync'): ChosenOperation {
  const { description, interaction, operationId } = request
  const ranked = rank(description, interaction, kind)
  if (operationId !== undefined) {
    const operation = description.operations.find(({ id }) => id === operationId) ?? null
    const others = ranked.map((entry) => entry.operation).filter((other) => other !== operation)
    return {
      operation,
      alternatives: others.slice(0, maxAlternatives),
      certainty: operation === null ? 0 : 1,
    }
  }
  const [best, second] = ranked
  if (best === undefined) return { operation: null, alternatives: [], certainty: 0 }
  const lead = second === undefined ? 1 : (best.score - second.score) / best.score
  return {
    operation: best.operation,
    alternatives: ranked.slice(1, maxAlternatives + 1).map(({ operation }) => operation),
    certainty: Math.min(1, 0.55 + lead * 2) * coverage(best.operation, interaction),
  }
}

/** How much of what an interaction talks about the operation talks about too, 0.4 to 1. */
function coverage(operation: Operation, interaction: Interaction): number {
  const asked = wordsOf(firstSentence(interaction.description)).filter((word) => !isVerb(word))
  if (asked.length === 0) return 1
  const { id, path, summary, description } = operation
  const told = new Set(wordsOf(`${id} ${path} ${summary} ${description.slice(0, 600)}`))
  const known = asked.filter(
    (word) => told.has(word) || relatedWords(word).some((other) => told.has(other)),
  )
  return 0.4 + (0.6 * known.length) / asked.length
}

type Ranked = { readonly operation: Operation; readonly score: number }

function rank(
  description: ApiDescription,
  interaction: Interaction,
  kind: 'action' | 'sync',
): Ranked[] {
  const scores = new Map<Operation, number>()
  const ranked = (text: string): Ranked[] =>
    kind === 'sync' ? rankOperations(description, text, 'list') : rankOperations(description, text)
  const main = ranked(firstSentence(interaction.description))
  const id = ranked(interaction.id.replaceAll('-', ' '))
  const all = ranked(interactionText(interaction))
  for (const [list, weight] of [
    [main, 1],
    [id, 0.7],
    [all, 0.3],
  ] as const) {
    const top = list[0]?.score ?? 1
    for (const { operation, score } of list.slice(0, 60)) {
      scores.set(operation, (scores.get(operation) ?? 0) + (weight * score) / top)
    }
  }
  return [...scores]
    .map(([operation, score]) => ({
      operation,
      score: score * fitOf(operation, { description, interaction, kind }),
    }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score)
    .slice(0, considered)
}

const firstSentence = (text: string): string => text.split(/(?<=[.;])\s/)[0] ?? text

type Fit = {
  readonly description: ApiDescription
  readonly interaction: Interaction
  readonly kind: 'action' | 'sync'
}

function fitOf(operation: Operation, fit: Fit): number {
  return (
    kindFit(operation, fit) *
    writeFit(operation, fit.interaction) *
    inputFit(operation, fit) *
    listFit(operation, fit) *
    updateFit(operation, fit)
  )
}

function kindFit(operation: Operation, { description, kind }: Fit): number {
  if (kind === 'action') return 1
  if (findList(operation, description.schemas) === null) return 0.15
  return operation.method === 'GET' || operation.pagination !== null ? 1 : 0.3
}

function writeFit(operation: Operation, interaction: Interaction): number {
  const { writes } = interaction
  const isRead = operation.method === 'GET' || operation.method === 'HEAD'
  if (writes === undefined) return readFit(operation, interaction)
  if (writes === true || (typeof writes === 'number' && writes > 0)) return isRead ? 0.3 : 1.15
  return isRead ? 1.15 : 0.5
}

/** Words that only read should not lead to a call that changes something. */
function readFit(operation: Operation, interaction: Interaction): number {
  const intent = askedIntent(wordsOf(interaction.description))
  const isRead = operation.method === 'GET' || operation.pagination !== null
  if (intent === 'read' || intent === 'list' || intent === 'search') return isRead ? 1 : 0.7
  return 1
}

/** Changing some members is what "update" asks for: replacing the whole would drop the others. */
function updateFit(operation: Operation, { description, interaction, kind }: Fit): number {
  if (kind === 'sync' || operation.method !== 'PUT') return 1
  if (/\b(replace|overwrite|set)\b/i.test(interaction.description)) return 1
  const hasPatch = description.operations.some(
    (other) => other.method === 'PATCH' && other.path === operation.path,
  )
  return hasPatch ? 0.8 : 1
}

/** "List ..." with a result of several things wants a list; "get ..." of one wants one. */
function listFit(operation: Operation, { description, interaction, kind }: Fit): number {
  if (kind === 'sync' || operation.method !== 'GET') return 1
  const intent = askedIntent(wordsOf(interaction.description))
  const isList = findList(operation, description.schemas) !== null
  if (intent === 'list' || intent === 'search') return isList ? 1.15 : 0.6
  return intent === 'read' && isList && /\b(a|an|one|the|single)\b/i.test(interaction.description)
    ? 0.9
    : 1
}

function inputFit(operation: Operation, { description, interaction }: Fit): number {
  if (interaction.input === undefined) return 1
  const asked = Object.keys(objectOf(normaliseFields(interaction.input).properties))
  if (asked.length === 0) return 1
  const candidates = candidatesOf(description, operation)
  const matched = matchNames(asked, candidates, ({ path }) => path.at(-1) ?? '')
  const covered = matched.size / asked.length
  const required = candidates.filter(
    (candidate) => candidate.required && candidate.place === 'path',
  )
  const used = new Set(matched.values())
  const left = required.filter((candidate) => !used.has(candidate)).length
  return (0.6 + 0.5 * covered) * 0.85 ** left
}
