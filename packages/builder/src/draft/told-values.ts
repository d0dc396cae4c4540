import { wordsOf } from '../description/words.js'
import type { Candidate } from './candidate-inputs.js'
import { quote } from './names.js'

/**
 * The special value of a path parameter that its documentation quotes and the words ask for, as TypeScript:
 * "the primary calendar" where the description says `use "primary" for the user's own`.
 */
export function documentedWord(candidate: Candidate, words: string): string | null {
  if (candidate.place !== 'path' || candidate.shape.kind !== 'string') return null
  const nouns = nounsOf(candidate)
  const special = [...candidate.description.matchAll(/[`"'“]([a-z][\w-]{2,})[`"'”]/gi)]
    .map(([, word]) => word ?? '')
    .find((word) => nouns.some((noun) => isSaid(words, `${word}\\W+${noun}s?`)))
  return special === undefined ? null : quote(special)
}

/** Whether the words give the parameter one value: "the calendar id is team-a", "use owner acme". */
export function isToldValue(candidate: Candidate, words: string): boolean {
  const name = wordsOf(candidate.path[0] ?? '').join('[\\s_-]*')
  if (name === '') return false
  const value = '["\'`“]?[\\w@][\\w@.+-]*'
  const isStated = isSaid(words, `${name}(?:\\s+id)?\\s*(?:is|=|:|named|called)\\s+${value}`)
  return isStated || isSaid(words, `(?:use|with|only)\\s+(?:the\\s+)?${name}\\s+${value}`)
}

const isSaid = (words: string, pattern: string): boolean =>
  new RegExp(`\\b${pattern}`, 'i').test(words)

const nounsOf = ({ path }: Candidate): string[] =>
  wordsOf(path[0] ?? '').filter((word) => !/^(id|key|name|number)$/.test(word))
