import type { JsonObject } from '@plumb/protocol'
import type { Operation } from '../api/operation.js'
import { objectOf, propertiesOf, textOf } from '../api/schema.js'
import type { Intent } from '../api/words.js'
import { intentOf, intentsOf, isSameWord, wordsOf } from '../api/words.js'
import type { Play } from '../conversation/play-from-start.js'
import { intentOfOperation } from './references.js'
import type { Task } from './task.js'
import type { Work } from './work.js'
import { searchOperations, showOperations } from './work.js'

/** What `plumb draft` proposes. */
export type Proposal = {
  readonly operation: string | null
  readonly alternatives: readonly string[]
  readonly confidence: number
  readonly source: string
}

export function proposalOf(answer: JsonObject): Proposal {
  const { operation, alternatives, confidence, source } = answer
  return {
    operation: textOf(operation) || null,
    alternatives: Array.isArray(alternatives) ? alternatives.map(textOf) : [],
    confidence: typeof confidence === 'number' ? confidence : 0,
    source: textOf(source),
  }
}

const sure = 0.85

/** The operations worth building on, best first. A proposal that is not sure is compared with its alternatives. */
export function* chooseOperations(work: Work, proposal: Proposal): Play<Operation[]> {
  const { task } = work
  const { operation, alternatives, confidence } = proposal
  const first = operation === null ? [] : yield* showOperations(work, [operation])
  const [proposed] = first
  if (proposed !== undefined && confidence >= sure && agrees(proposed, task)) {
    return first
  }
  const words = [...new Set(wordsOf(task.id))]
  const searched = yield* searchOperations(work, words)
  const ids = [
    ...(operation === null ? [] : [operation]),
    ...alternatives.slice(0, 5),
    ...searched.slice(0, 4).map(({ id }) => id),
  ]
  const shown = yield* showOperations(work, [...new Set(ids)])
  const known = wordWeights(shown)
  const candidates = [...new Set(shown)].filter(
    (one) => one === proposed || intentFit(one, task) >= 0,
  )
  const things = confidence < doubtful ? askedThings(task.description) : []
  const fitting = candidates.filter((one) => speaksOf(one, things))
  const scored = fitting.map((one) => ({
    one,
    score: fit(one, task, known) + (one === proposed ? confidence : 0),
  }))
  const best = scored.sort((a, b) => b.score - a.score)[0]?.score ?? 0
  return scored.filter(({ score }) => score >= best * closeEnough).map(({ one }) => one)
}

const doubtful = 0.7

/** The words for the thing that a text asks for: those before the first preposition; none where only a part is changed. */
export function askedThings(text: string): string[] {
  if (intentsOf(text)[0] === 'update') return []
  const [what = ''] = text.split(/[.;?,]|\s(?:to|of|in|on|for|from|with|by|at|into|between)\s/i)
  return wordsOf(what).filter((word) => !small.has(word) && intentOf(word) === null)
}

function speaksOf(operation: Operation, things: readonly string[]): boolean {
  const spoken = [...spokenBy(operation)]
  return things.length === 0 || things.some((one) => spoken.some((word) => isSameWord(word, one)))
}

/** Operations that fit much worse than the best one are not what is asked for, also when that one fails. */
const closeEnough = 0.85

/** Whether the kind of change and the named inputs are what the operation offers. */
function agrees(operation: Operation, task: Task): boolean {
  return intentFit(operation, task) >= 0 && inputFit(operation, task) >= 0.5
}

/** Words that few of the operations have say more about which one is meant. */
function wordWeights(operations: readonly Operation[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const operation of operations)
    for (const word of spokenBy(operation)) counts.set(word, (counts.get(word) ?? 0) + 1)
  return new Map(
    [...counts].map(([word, count]) => [word, Math.log(1 + operations.length / count)]),
  )
}

function spokenBy(operation: Operation): Set<string> {
  const { id, path, summary, description, fields } = operation
  const said = `${id} ${path} ${summary} ${description.slice(0, 600)} ${fields.map(({ name }) => name).join(' ')}`
  return new Set(wordsOf(said))
}

const small = new Set(
  'a an the of in on at to for from with by is are be and or not it its this that which who when only all any one own can our from so has have'.split(
    ' ',
  ),
)

/** How well an operation does what the task asks: its words, its kind of change, its inputs and its answer. */
export function fit(
  operation: Operation,
  task: Task,
  weights: ReadonlyMap<string, number>,
): number {
  const asked = [...new Set(wordsOf(`${task.id} ${task.description}`))].filter(
    (word) => !small.has(word) && intentOf(word) === null,
  )
  const own = spokenBy(operation)
  const names = new Set(wordsOf(`${operation.id} ${operation.path}`))
  const words = asked.reduce(
    (sum, word) => sum + (own.has(word) ? (weights.get(word) ?? 0) * (names.has(word) ? 2 : 1) : 0),
    0,
  )
  return (
    words / Math.max(asked.length, 1) +
    2 * intentFit(operation, task) +
    1.5 * inputFit(operation, task) +
    outputFit(operation, task)
  )
}

const near: Readonly<Record<Intent, readonly Intent[]>> = {
  create: [],
  update: [],
  delete: [],
  read: ['list'],
  list: ['read'],
}

/** 1 for the kind of change that the words ask for, 0 for one close to it, -1 for another. */
function intentFit(operation: Operation, task: Task): number {
  const own = intentOfOperation(operation)
  if (task.kind === 'sync') return own === 'list' ? 1 : -1
  const asked = intentsOf(
    `${task.id.replaceAll('-', ' ')}. ${task.description.split(/[.;]\s/)[0] ?? ''}`,
  )
  const partial = /\b(partial|only|without touching|rest of it|leave)\b/i.test(task.words)
  const bonus = own === 'update' ? ((operation.method === 'PATCH') === partial ? 0.15 : 0) : 0
  if (asked.length === 0 || asked.includes(own)) return 1 + bonus
  return near[own].some((intent) => asked.includes(intent)) ? 0 : -1
}

/** The share of the task's inputs that the operation takes; 1 where none are named. */
function inputFit(operation: Operation, { input }: Task): number {
  const asked = namesIn(input)
  if (asked.length === 0) return 1
  const own = new Set(
    operation.fields
      .flatMap(({ name, schema }) => [name, ...Object.keys(propertiesOf(schema))])
      .map(plain),
  )
  return asked.filter((name) => own.has(plain(name))).length / asked.length
}

function outputFit({ answer }: Operation, { output }: Task): number {
  const asked = namesIn(output)
  if (asked.length === 0) return 0.5
  const own = new Set(deepNames(answer ?? {}, 0).map(plain))
  return asked.filter((name) => own.has(plain(name))).length / asked.length
}

const plain = (name: string) => wordsOf(name).join('')

/** The members that a brief names, in its short form or as JSON Schema. */
export function namesIn(fields: JsonObject | null): string[] {
  if (fields === null) return []
  const properties = objectOf(fields['properties'])
  const named =
    Object.keys(properties).length > 0
      ? Object.keys(properties)
      : Object.keys(fields).filter((name) => fields['type'] !== 'object' || name !== 'type')
  return named.map((name) => name.replace(/\?$/, ''))
}

function deepNames(schema: JsonObject, depth: number): string[] {
  if (depth > 4) return []
  const members = Object.entries(propertiesOf(schema))
  const items = objectOf(schema['items'])
  return [
    ...members.flatMap(([name, inner]) => [name, ...deepNames(inner, depth + 1)]),
    ...(Object.keys(items).length > 0 ? deepNames(items, depth) : []),
  ]
}
