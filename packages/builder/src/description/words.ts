import { abbreviations } from './thesaurus.js'

const stopWords = new Set(
  'a an the of for to in on at by with from and or this that these those it its is are be as into via using given our my your their all any one me i we you which who whose please should will must'.split(
    ' ',
  ),
)

/** What an operation does, told by a verb or by its HTTP method. */
export type Intent = 'create' | 'read' | 'list' | 'update' | 'delete' | 'send' | 'search'

const verbs: Readonly<Record<string, Intent>> = {
  create: 'create',
  add: 'create',
  insert: 'create',
  new: 'create',
  post: 'create',
  make: 'create',
  open: 'create',
  invite: 'create',
  upload: 'create',
  append: 'create',
  schedule: 'create',
  register: 'create',
  book: 'create',
  get: 'read',
  fetch: 'read',
  read: 'read',
  retrieve: 'read',
  show: 'read',
  view: 'read',
  find: 'read',
  look: 'read',
  info: 'read',
  check: 'read',
  test: 'read',
  list: 'list',
  sync: 'list',
  mirror: 'list',
  export: 'list',
  enumerate: 'list',
  index: 'list',
  every: 'list',
  keep: 'list',
  update: 'update',
  edit: 'update',
  patch: 'update',
  modify: 'update',
  change: 'update',
  set: 'update',
  rename: 'update',
  replace: 'update',
  put: 'update',
  close: 'update',
  delete: 'delete',
  remove: 'delete',
  destroy: 'delete',
  trash: 'delete',
  cancel: 'delete',
  unset: 'delete',
  send: 'send',
  publish: 'send',
  notify: 'send',
  reply: 'send',
  search: 'search',
  query: 'search',
  filter: 'search',
}

/** The first verb of a text that tells an intent, or null. */
export function intentOf(words: readonly string[]): Intent | null {
  const verb = words.find((word) => Object.hasOwn(verbs, word))
  return verb === undefined ? null : (verbs[verb] ?? null)
}

/** Nouns that order something when a text begins with them: "comment on an issue". */
const leadingVerbs = new Set('comment react label tag star note'.split(' '))

/** What a person asks for in words. */
export function askedIntent(words: readonly string[]): Intent | null {
  return leadingVerbs.has(words[0] ?? '') ? 'create' : intentOf(words)
}

export function isVerb(word: string): boolean {
  return Object.hasOwn(verbs, word)
}

/** Splits text, `camelCase`, `snake_case`, dotted ids and paths into stemmed words without stop words. */
export function wordsOf(text: string): string[] {
  return text
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '' && !stopWords.has(word))
    .map(stem)
}

const irregular: Readonly<Record<string, string>> = {
  people: 'person',
  ids: 'id',
  children: 'child',
  indices: 'index',
  media: 'medium',
  statuses: 'status',
  addresses: 'address',
  sending: 'send',
  creating: 'create',
  updating: 'update',
  deleting: 'delete',
  listing: 'list',
}

/** Brings plural and singular to one form. */
export function stem(word: string): string {
  const single = singular(word)
  return Object.hasOwn(abbreviations, single) ? (abbreviations[single] ?? single) : single
}

function singular(word: string): string {
  const known = Object.hasOwn(irregular, word) ? irregular[word] : undefined
  if (known !== undefined) return known
  if (word.length <= 3 || !word.endsWith('s') || /(ss|us|is)$/.test(word)) return word
  if (/ies$/.test(word) && word.length > 4) return `${word.slice(0, -3)}y`
  if (/(ch|sh|x|z|ss)es$/.test(word)) return word.slice(0, -2)
  return word.slice(0, -1)
}
