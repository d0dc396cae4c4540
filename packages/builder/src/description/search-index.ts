import type { ApiDescription, Operation } from '@plumb/protocol'
import { lastResource } from './schema-shape.js'
import type { Intent } from './words.js'
import { intentOf, wordsOf } from './words.js'

/** One operation prepared for ranking. */
export type IndexedOperation = {
  readonly operation: Operation
  /** Weighted number of times each word occurs. */
  readonly counts: ReadonlyMap<string, number>
  readonly length: number
  readonly intents: readonly Intent[]
  /** Words of the resource the path ends in, and of the ones before it. */
  readonly resource: readonly string[]
  readonly parents: readonly string[]
  /** The different words of id and path. */
  readonly names: readonly string[]
  /** The different words of the summary. */
  readonly told: readonly string[]
}

export type SearchIndex = {
  readonly entries: readonly IndexedOperation[]
  readonly documentFrequency: ReadonlyMap<string, number>
  readonly averageLength: number
}

const weights = {
  id: 4,
  resource: 4,
  path: 2,
  summary: 3,
  tags: 1.5,
  parameters: 0.3,
  sentence: 2,
  description: 0.3,
}

const indexes = new WeakMap<ApiDescription, SearchIndex>()

/** The index of a description, built at its first use and kept as long as the description lives. */
export function searchIndexOf(description: ApiDescription): SearchIndex {
  const known = indexes.get(description)
  if (known !== undefined) return known
  const index = buildIndex(description)
  indexes.set(description, index)
  return index
}

function buildIndex(description: ApiDescription): SearchIndex {
  const entries = description.operations.map(indexOperation)
  const documentFrequency = new Map<string, number>()
  for (const { counts } of entries) {
    for (const word of counts.keys()) {
      documentFrequency.set(word, (documentFrequency.get(word) ?? 0) + 1)
    }
  }
  const total = entries.reduce((sum, { length }) => sum + length, 0)
  return { entries, documentFrequency, averageLength: total / Math.max(entries.length, 1) }
}

function indexOperation(operation: Operation): IndexedOperation {
  const segments = operation.path.split('/').filter((segment) => segment !== '')
  const names = segments.filter((segment) => !segment.includes('{'))
  const resource = resourceWords(operation)
  const counts = new Map<string, number>()
  const add = (text: string, weight: number): void => {
    for (const word of wordsOf(text)) counts.set(word, (counts.get(word) ?? 0) + weight)
  }
  add(operation.id.includes(' ') ? '' : operation.id, weights.id)
  add(names.join(' '), weights.path)
  add(lastResource(operation.path), weights.resource)
  add(operation.summary, weights.summary)
  add(operation.tags.join(' '), weights.tags)
  add(firstSentence(operation.description), weights.sentence)
  add(operation.description.slice(0, 400), weights.description)
  add(operation.parameters.map(({ name }) => name).join(' '), weights.parameters)
  const length = [...counts.values()].reduce((sum, count) => sum + count, 0)
  const parents = wordsOf(names.slice(0, -1).join(' '))
  const id = operation.id.includes(' ') ? '' : operation.id
  const named = [...new Set(wordsOf(`${id} ${names.join(' ')}`))]
  const intents = intentsOf(operation)
  const told = [...new Set(wordsOf(operation.summary))]
  return { operation, counts, length, intents, resource, parents, names: named, told }
}

function firstSentence(text: string): string {
  return text.split(/(?<=[.!?])\s|\n/)[0]?.slice(0, 200) ?? ''
}

function resourceWords(operation: Operation): string[] {
  return wordsOf(lastResource(operation.path)).filter(
    (word) => intentOf([word]) === null || word === 'list',
  )
}

function intentsOf(operation: Operation): Intent[] {
  const name = operation.id.includes(' ') ? '' : operation.id
  const last = name.split(/[./_]/).at(-1) ?? ''
  const told = [
    intentOf(wordsOf(last)) ?? intentOf(wordsOf(name)),
    intentOf(wordsOf(operation.summary)),
  ]
  const intents = new Set([...told, ...byMethod(operation)].filter((intent) => intent !== null))
  return [...intents]
}

function byMethod(operation: Operation): Intent[] {
  const onItem = /\{[^}]+\}$/.test(operation.path)
  if (operation.method === 'GET') return [onItem || operation.pagination === null ? 'read' : 'list']
  if (operation.method === 'DELETE') return ['delete']
  if (operation.method === 'PUT' || operation.method === 'PATCH') return ['update']
  return onItem ? ['update'] : []
}
