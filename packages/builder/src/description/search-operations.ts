import type { ApiDescription, Operation } from '@plumb/protocol'
import type { IndexedOperation, SearchIndex } from './search-index.js'
import { searchIndexOf } from './search-index.js'
import { relatedWords } from './thesaurus.js'
import type { Intent } from './words.js'
import { askedIntent, isVerb, wordsOf } from './words.js'

export type RankedOperation = { readonly operation: Operation; readonly score: number }

/** The operations that fit the words best, best first; without words all of them, in the document's order. */
export function searchOperations(
  description: ApiDescription,
  words: string | readonly string[],
  limit = 10,
): Operation[] {
  const text = typeof words === 'string' ? words : words.join(' ')
  if (text.trim() === '') return description.operations.slice(0, limit)
  return rankOperations(description, text)
    .slice(0, limit)
    .map(({ operation }) => operation)
}

/** The same with scores; operations that share no word with the text are left out. `intent` overrules its verb. */
export function rankOperations(
  description: ApiDescription,
  text: string,
  intent: Intent | null = askedIntent(wordsOf(text)),
): RankedOperation[] {
  const index = searchIndexOf(description)
  const words = [...new Set(wordsOf(text))]
  const query: Query = {
    words,
    nouns: words.filter((word) => !isVerb(word)),
    intent,
    known: new Set(words.flatMap((word) => [word, ...relatedWords(word)])),
  }
  return index.entries
    .map((entry) => ({ operation: entry.operation, score: scoreOf(entry, query, index) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score || a.operation.path.length - b.operation.path.length)
}

type Query = {
  readonly words: readonly string[]
  readonly nouns: readonly string[]
  readonly intent: Intent | null
  /** The words and those related to them. */
  readonly known: ReadonlySet<string>
}

function scoreOf(entry: IndexedOperation, query: Query, index: SearchIndex): number {
  const text = query.words.reduce((sum, word) => sum + wordScore(entry, word, index), 0)
  if (text === 0) return 0
  const penalty = entry.operation.deprecated ? 0.6 : 1
  return (
    (text + resourceScore(entry, query) + 4 * share(entry.names, query) + saidScore(entry, query)) *
    intentFactor(entry, query.intent) *
    penalty
  )
}

/** A verb says little beyond the intent; a related word counts for less than the word itself. */
function wordScore(entry: IndexedOperation, word: string, index: SearchIndex): number {
  if (isVerb(word)) return 0.5 * bm25(entry, word, index)
  const related = relatedWords(word).map((other) => 0.6 * bm25(entry, other, index))
  return Math.max(bm25(entry, word, index), ...related)
}

/** A summary that says nothing beyond what is asked is what is asked. */
function saidScore(entry: IndexedOperation, query: Query): number {
  if (entry.told.length === 0) return 3 * share(entry.names, query)
  const said = share(entry.told, query)
  return 3 * said + (said === 1 && entry.told.length > 1 ? 3 : 0)
}

/** The share of the operation's own words that the text asks for: `admin.users.invite` says more than "invite a user". */
function share(words: readonly string[], query: Query): number {
  const asked = words.filter((word) => query.known.has(word) || isVerb(word))
  return words.length === 0 ? 0 : asked.length / words.length
}

const k1 = 1.4
const b = 0.5

function bm25(entry: IndexedOperation, word: string, index: SearchIndex): number {
  const count = entry.counts.get(word)
  if (count === undefined) return 0
  const having = index.documentFrequency.get(word) ?? 1
  const rarity = Math.log(1 + (index.entries.length - having + 0.5) / (having + 0.5))
  const length = entry.length / Math.max(index.averageLength, 1)
  return (rarity * count * (k1 + 1)) / (count + k1 * (1 - b + b * length))
}

/** The resource a path ends in should be what the text is about: its last noun counts most. */
function resourceScore(entry: IndexedOperation, query: Query): number {
  if (entry.resource.length === 0 || query.nouns.length === 0) return 0
  const covered = entry.resource.filter((word) => query.nouns.includes(word)).length
  const exact = covered / entry.resource.length
  const parents = entry.parents.filter((word) => query.nouns.includes(word)).length
  const head = entry.resource.includes(query.nouns.slice(0, 3).at(-1) ?? '') ? 0.5 : 0
  return 3 * exact + 0.8 * Math.min(parents, 2) + head
}

const near: Readonly<Record<Intent, readonly Intent[]>> = {
  create: ['send'],
  send: ['create'],
  read: ['search'],
  list: ['search', 'read'],
  search: ['list'],
  update: [],
  delete: [],
}

function intentFactor(entry: IndexedOperation, intent: Intent | null): number {
  if (intent === null) return 1
  if (entry.intents.includes(intent)) return 1.6
  if (near[intent].some((other) => entry.intents.includes(other))) return 1.2
  return entry.intents.length === 0 ? 1 : 0.7
}
