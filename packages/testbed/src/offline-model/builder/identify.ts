import type { Json, JsonObject } from '@plumb/protocol'
import type { Field } from '../api/operation.js'
import { referenceOf } from '../api/nouns.js'
import { isObject, typeOf } from '../api/schema.js'
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
]

/** The value of an item that a field wants: a member of that name, of the way it identifies, or a usual id. */
export function identify(
  item: JsonObject,
  field: Pick<Field, 'name' | 'schema'>,
  noun: readonly string[],
): Json | undefined {
  const type = typeOf(field.schema)
  const { suffix, noun: named } = referenceOf(field.name)
  const plain = (name: string) => wordsOf(name).join('')
  const wanted = plain(field.name)
  const ending = suffix.join('')
  const isAnothers =
    named.length > 0 && noun.length > 0 && !isSameWord(named.at(-1) ?? '', noun.at(-1) ?? '')
  const nested = Object.entries(item).find(
    ([name, value]) => isObject(value) && plain(name) === wanted,
  )
  if (nested !== undefined && isAnothers)
    return identify(nested[1] as JsonObject, { name: 'id', schema: field.schema }, named)
  const isName = suffix.length === 0 && type === 'string' && typeof item['id'] === 'number'
  const ways = [
    wanted,
    ...(isAnothers
      ? []
      : [
          ending,
          `${noun.join('')}${ending || 'id'}`,
          ...(isName ? ['name', 'slug', 'key', 'login'] : []),
          ...usual,
        ]),
  ]
  const entries = Object.entries(item)
  for (const way of ways.filter((one) => one !== '')) {
    const found = entries.find(([name, value]) => plain(name) === way && fits(value, type))
    if (found !== undefined) return typed(found[1], type)
  }
  return undefined
}

function fits(value: Json, type: string): boolean {
  if (type === 'integer' || type === 'number')
    return typeof value === 'number' || (typeof value === 'string' && /^\d+$/.test(value))
  return (typeof value === 'string' && value !== '') || typeof value === 'number'
}

function typed(value: Json, type: string): Json {
  if (type === 'string') return String(value as string | number)
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

function scoreOf(item: JsonObject, spoken: ReadonlySet<string>, namespace: string): number {
  return Object.entries(item).reduce((sum, [name, value]) => {
    if (value === true) return sum + (bad.test(name) ? -10 : good.test(name) ? 2 : 0)
    if (typeof value !== 'string') return sum
    const isNamed =
      /^(id|name|title|summary|login|full_name|slug|key|email)$/.test(name) &&
      spoken.has(value.toLowerCase())
    const role = /role|permission|access/i.test(name)
      ? /read|view|guest/i.test(value)
        ? -5
        : /owner|admin|write/i.test(value)
          ? 2
          : 0
      : 0
    const state =
      /^(status|state)$/.test(name) && /archiv|delet|cancel|disabl|inactive/i.test(value) ? -10 : 0
    return sum + (isNamed ? 6 : 0) + role + state + (value.startsWith(namespace) ? 4 : 0)
  }, 0)
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
