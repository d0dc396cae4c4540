import type { OperationName } from './operation.js'
import { placeholderOf, segmentsOf } from './operation.js'
import { intentOf, isSameWord, wordsOf } from './words.js'

/** Words at the end of a name that say how a thing is identified, not what it is. */
const suffix =
  /^(id|uid|uuid|guid|gid|ids|key|number|num|no|slug|ts|ref|handle|code|sha|identifier|reference|name)$/

export type Reference = {
  /** What is pointed at, as words: `["issue"]`; empty where the name does not say (`id`). */
  readonly noun: readonly string[]
  /** How it is identified: `["number"]`; empty where the name does not say (`channel`). */
  readonly suffix: readonly string[]
}

/** Splits `issue_number` into the thing and the way it is identified. */
export function referenceOf(name: string): Reference {
  const words = wordsOf(name)
  const end = words.findLastIndex((word) => !suffix.test(word))
  return { noun: words.slice(0, end + 1), suffix: words.slice(end + 1) }
}

const noise = /^(v?\d+|api|rest|services?|data|list|me|by)$/

/** Whether a part of a path is one verb; a plural (`posts`, `books`) is a thing. */
function isVerb(segment: string): boolean {
  const [word = '', ...rest] = wordsOf(segment)
  const isPlural = segment.toLowerCase() !== word
  return rest.length === 0 && !isPlural && intentOf(word) !== null
}

/** The thing that a part of a path is about: `issues`, `conversations.list`, `widgets:search`. */
export function nounOfSegment(segment: string): string[] {
  // `users.lookupByEmail` is about users: what follows "by" says how, not what.
  const plain = segment.replace(/\.(json|xml)$/, '').replace(/By[A-Z].*$|[_-]by[_-].*$/, '')
  const words = wordsOf(plain)
  if (words.length === 1) return isVerb(plain) || noise.test(words[0] ?? '') ? [] : words
  return words.filter((word) => intentOf(word) === null && !noise.test(word))
}

/** The thing that an operation is about: the last part of its path that is no placeholder and no verb. */
export function nounOfPath(path: string): string[] {
  const parts = segmentsOf(path).filter(
    (segment) => placeholderOf(segment) === null && !segment.startsWith(':'),
  )
  return parts.map(nounOfSegment).findLast((words) => words.length > 0) ?? []
}

/** Whether a name, such as a parameter's, means the things an operation is about: their last words agree. */
export function isAbout(noun: readonly string[], other: readonly string[]): boolean {
  const [a, b] = [noun.at(-1), other.at(-1)]
  return a !== undefined && b !== undefined && isSameWord(a, b)
}

/** The verbs of an operation that names a method instead of a thing: `chat.postMessage`, `rooms/{id}/archive`. */
export function methodWords({ path }: Pick<OperationName, 'path'>): string[] {
  const last = segmentsOf(path).at(-1) ?? ''
  if (placeholderOf(last) !== null) return []
  const method = last.split(/[.:]/).at(-1) ?? last
  const words = wordsOf(method)
  const startsWithVerb = words.length > 1 ? intentOf(words[0] ?? '') !== null : isVerb(method)
  return /[.:]/.test(last) || startsWithVerb ? words.filter((word) => intentOf(word) !== null) : []
}
