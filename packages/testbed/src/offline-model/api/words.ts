/** The words of a name or a sentence, lower case and in the singular: `issue_number`, `calendarId`, `chat.postMessage`. */
export function wordsOf(text: string): string[] {
  return text
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replaceAll(/([A-Z]+)([A-Z][a-z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '')
    .map(singular)
}

const unchanged = /(ss|us|is|ous|news|status|address|access|business|series|alias|canvas|bus|gas)$/

/** `categories` is `category`, `boxes` is `box`, `issues` is `issue`; words that only look like a plural stay. */
export function singular(word: string): string {
  if (word.length < 4 || unchanged.test(word)) return word
  if (word.endsWith('lves')) return `${word.slice(0, -3)}f`
  if (word.endsWith('ies')) return `${word.slice(0, -3)}y`
  if (/(x|ch|sh|ss|z)es$/.test(word)) return word.slice(0, -2)
  return word.endsWith('s') ? word.slice(0, -1) : word
}

export type Intent = 'create' | 'read' | 'list' | 'update' | 'delete'

const verbs: Readonly<Record<Intent, readonly string[]>> = {
  create:
    'create add insert post send new make write open append upload import register give grant share invite book schedule submit start quick publish reply comment'.split(
      ' ',
    ),
  read: 'get read show fetch retrieve look view details lookup load describe find'.split(' '),
  list: 'list sync all every search query browse export copy keep mirror'.split(' '),
  update:
    'update change edit rename modify set patch replace move put mark assign close reopen archive unarchive complete cancel approve lock unlock enable disable resolve transition merge'.split(
      ' ',
    ),
  delete: 'delete remove destroy trash erase revoke clear drop unshare kick leave'.split(' '),
}

const intentOfWord = new Map<string, Intent>(
  (Object.entries(verbs) as [Intent, readonly string[]][]).flatMap(([intent, words]) =>
    words.map((word) => [word, intent] as const),
  ),
)

/** What a verb means, in any of its usual forms; null for words that are no verb of this kind. */
export function intentOf(word: string): Intent | null {
  const forms = [
    word,
    word.replace(/(e?d|ing|s)$/, ''),
    word.replace(/(ed|ing)$/, 'e'),
    word.replace(/([a-z])\1ing$/, '$1'),
  ]
  return (
    forms.map((form) => intentOfWord.get(form) ?? null).find((intent) => intent !== null) ?? null
  )
}

/** The intents that a text names, in order of appearance. */
export const intentsOf = (text: string): Intent[] =>
  wordsOf(text).flatMap((word) => intentOf(word) ?? [])

/** Whether two words are the same thing: equal, or one the usual short form of the other (`repo`, `repository`). */
export function isSameWord(a: string, b: string): boolean {
  if (a === b) return true
  const [short, long] = a.length < b.length ? [a, b] : [b, a]
  return (
    short.length >= 3 &&
    long.startsWith(short) &&
    long.length - short.length >= 3 &&
    !/^(list|user|item|time|date|name|type)$/.test(short)
  )
}
