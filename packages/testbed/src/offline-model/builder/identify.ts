import type { Json, JsonObject } from '@plumb/protocol'
import type { Field } from '../api/operation.js'
import { referenceOf } from '../api/nouns.js'
import { isObject, objectOf, plainText, typeOf } from '../api/schema.js'
import { isSameWord, wordsOf } from '../api/words.js'

const usual = [
  'id',
  'key',
  'slug',
  'name',
  'login',
  'uuid',
  'uid',
  'gid',
  'number',
  'sid',
  'handle',
  'code',
  'email',
  'ts',
  'ref',
  'reference',
  'identifier',
  'token',
  'pk',
  'no',
]

/** The value of an item that a field wants: a member of that name, of the way it identifies, or a usual id. */
export function identify(
  item: JsonObject,
  field: Pick<Field, 'name' | 'schema'>,
  noun: readonly string[],
): Json | undefined {
  const { noun: named } = referenceOf(field.name)
  const isAnothers =
    named.length > 0 && noun.length > 0 && !isSameWord(named.at(-1) ?? '', noun.at(-1) ?? '')
  const nested = Object.entries(item).find(
    ([name, value]) => isObject(value) && plain(name) === plain(field.name),
  )
  if (nested !== undefined && isAnothers) {
    return nameIn(objectOf(nested[1]), field, named)
  }
  const type = typeOf(field.schema)
  const ways = isAnothers ? anothersWays(field) : waysToName(item, field, noun)
  const entries = Object.entries(item).filter(([, value]) => fits(value, type))
  const found = ways
    .map((way) => entries.find(([name]) => plain(name) === way))
    .find((entry) => entry !== undefined)
  return found === undefined ? undefined : typed(found[1], type)
}

const plain = (name: string) => wordsOf(name).join('')

/** `owner` takes the owner's login, and `owner_id` the id. */
function nameIn(
  item: JsonObject,
  field: Pick<Field, 'name' | 'schema'>,
  noun: readonly string[],
): Json | undefined {
  const isId = referenceOf(field.name).suffix.length > 0 || !isCalledByName(item, field.schema)
  const byName = isId ? undefined : names.map((name) => item[name]).find(isText)
  return byName ?? identify(item, { name: 'id', schema: field.schema }, noun)
}

const isText = (value: Json | undefined): value is string =>
  typeof value === 'string' && value !== ''

/** Members that hold what a thing is called in addresses, the surest first. */
const names = ['login', 'username', 'slug', 'handle', 'key', 'name']

/** Where ids are numbers and a text is wanted, things go by their name. */
const isCalledByName = (item: JsonObject, schema: JsonObject): boolean =>
  typeOf(schema) === 'string' && typeof item['id'] === 'number'

/** What names something else is taken by its full name, never by the id of the item itself. */
const anothersWays = ({ name }: Pick<Field, 'name'>): string[] => [plain(name), `${plain(name)}id`]

/** Names of members that may hold the value, the surest first. */
function waysToName(
  item: JsonObject,
  { name, schema }: Pick<Field, 'name' | 'schema'>,
  noun: readonly string[],
): string[] {
  const ending = referenceOf(name).suffix.join('')
  const isName = ending === '' && isCalledByName(item, schema)
  const byName = isName ? ['name', 'slug', 'key', 'login'] : []
  return [plain(name), ending, `${noun.join('')}${ending || 'id'}`, ...byName, ...usual].filter(
    (way) => way !== '',
  )
}

function fits(value: Json, type: string): boolean {
  if (type === 'integer' || type === 'number')
    return typeof value === 'number' || (typeof value === 'string' && isNumeral(value, type))
  return (typeof value === 'string' && value !== '') || typeof value === 'number'
}

const isNumeral = (text: string, type: string): boolean =>
  (type === 'integer' ? /^\d+$/ : /^\d+(\.\d+)?$/).test(text)

function typed(value: Json, type: string): Json {
  if (type === 'string') return plainText(value)
  return (type === 'integer' || type === 'number') && typeof value === 'string'
    ? Number(value)
    : value
}

const bad =
  /^(is_?)?(archived|deleted|disabled|locked|read_?only|suspended|bot|trashed|closed|inactive|hidden|cancell?ed|is_?app_?user)$/i
const good = /^(is_?)?(primary|default|member|owner|admin|mine|active|general)$/i

/** The items in the order in which they are worth trying: what the texts name, what is ours, what is in use. */
export function rankItems(
  items: readonly Json[],
  about: { readonly words: string; readonly namespace: string },
): JsonObject[] {
  const spoken = new Set(
    about.words
      .toLowerCase()
      .split(/[^\w@.-]+/)
      .map((word) => word.replace(/[.]+$/, '')),
  )
  const scored = items
    .filter(isObject)
    .map((item, order) => ({ item, order, score: scoreOf(item, spoken, about.namespace) }))
  return scored.sort((a, b) => b.score - a.score || a.order - b.order).map(({ item }) => item)
}

type Mark = (
  name: string,
  value: Json,
  about: { spoken: ReadonlySet<string>; namespace: string },
) => number

const calls = /^(id|name|title|summary|login|full_name|slug|key|email)$/
const says = (value: Json, words: RegExp) => typeof value === 'string' && words.test(value)

/** What a member of an item says about how suitable it is. */
const marks: readonly Mark[] = [
  (name, value) => (value === true && bad.test(name) ? -10 : 0),
  (name, value) => (value === true && good.test(name) ? 2 : 0),
  (name, value) =>
    /^(status|state)$/.test(name) && says(value, /archiv|delet|cancel|disabl|inactive/i) ? -10 : 0,
  (name, value) =>
    /role|permission|access/i.test(name) && says(value, /read|view|guest/i) ? -5 : 0,
  (name, value) =>
    /role|permission|access/i.test(name) && says(value, /owner|admin|write/i) ? 2 : 0,
  (name, value, { spoken }) =>
    calls.test(name) && typeof value === 'string' && spoken.has(value.toLowerCase()) ? 6 : 0,
  (_name, value, { namespace }) =>
    typeof value === 'string' && value.startsWith(namespace) ? 4 : 0,
]

function scoreOf(item: JsonObject, spoken: ReadonlySet<string>, namespace: string): number {
  const points = Object.entries(item).flatMap(([name, value]) =>
    marks.map((mark) => mark(name, value, { spoken, namespace })),
  )
  return points.reduce((sum, one) => sum + one, 0)
}

/** A member of that name anywhere in a value, nearest to the top first. */
export function findMember(value: Json, name: string, depth = 0): Json | undefined {
  if (!isObject(value) || depth > 3) return undefined
  const wanted = wordsOf(name).join('')
  const own = Object.entries(value).find(
    ([key, member]) =>
      wordsOf(key).join('') === wanted &&
      (typeof member === 'string' || typeof member === 'number') &&
      member !== '',
  )
  if (own !== undefined) return own[1]
  const inner = Object.values(value).map((member) => findMember(member, name, depth + 1))
  return inner.find((found) => found !== undefined)
}
