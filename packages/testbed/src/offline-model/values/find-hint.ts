import { referenceOf } from '../api/nouns.js'
import { isSameWord, wordsOf } from '../api/words.js'

const token = `["'\`“]?([\\w@][\\w@.+-]*)["'\`”]?`
const small = new Set(
  'a an the of in on at to for from with by is are be and or not no as it its this that which who when where what one only all any every same own id new user use called named must should can may will has have does do them they there'.split(
    ' ',
  ),
)

/** A value that a text gives for a name: `owner acme`, `the calendar id is primary`, `userId is "me"`; null for none. */
export function findHint(
  text: string,
  name: string,
  context: readonly string[] = [],
): string | null {
  const own = wordsOf(name)
  const forms = [own, [...context, ...own]].map((words) => words.join('[\\s_-]*'))
  for (const sentence of text.split(/(?<=[.;!?])\s+|\n/)) {
    const found =
      forms.map((form) => told(sentence, form)).find((value) => value !== null) ??
      quoted(sentence, [...context, ...own])
    if (found !== null && found !== undefined) return found
  }
  return null
}

function told(sentence: string, form: string): string | null {
  const isRule = /^\s*(always\s+)?(use|with|take|act)\b/i.test(sentence)
  const explicit = new RegExp(
    `\\b${form}s?\\b\\s*(?:is|are|=|:|named|called)\\s+(?:always\\s+)?${token}`,
    'i',
  ).exec(sentence)
  const direct = new RegExp(`\\b${form}\\b\\s+${token}`, 'i').exec(sentence)
  const strong =
    direct?.[1] !== undefined &&
    (isRule || /[\d_@-]|^["'\`]/.test(direct[1]) || /["'`“]/.test(direct[0]))
  return usable(explicit?.[1]) ?? (strong ? usable(direct?.[1]) : null)
}

function usable(value: string | undefined): string | null {
  const plain = (value ?? '').replace(/[.,;:]+$/, '')
  return plain === '' || small.has(plain.toLowerCase()) ? null : plain
}

/** The only quoted value of a sentence that names every word: `the user's own calendar has the id "primary"`. */
function quoted(sentence: string, words: readonly string[]): string | null {
  const values = [...sentence.matchAll(/["“`']([\w@.+-]+)["”`'](?=[\s.,;:)]|$)/g)].map(
    ([, value]) => value,
  )
  const spoken = wordsOf(sentence)
  const isAbout =
    words.length > 1 && words.every((word) => spoken.some((one) => isSameWord(one, word)))
  return isAbout && values.length === 1 ? usable(values[0]) : null
}

/** Values written as one path, `acme/handbook`, behind a word for the thing; null when the count does not fit. */
export function findPathHint(text: string, name: string, count: number): string[] | null {
  const noun = referenceOf(name).noun.at(-1) ?? name
  for (const match of text.matchAll(/([A-Za-z]+)\s+["'`“]?((?:[\w.-]+\/)+[\w-][\w.-]*)/g)) {
    const parts = (match[2] ?? '').replace(/[.,]+$/, '').split('/')
    const word = wordsOf(match[1] ?? '').at(-1) ?? ''
    if (parts.length === count && isSameWord(word, noun)) return parts
  }
  return null
}
