import type { Json } from '@plumb/protocol'
import { isList, isObject, textOf } from '../api/schema.js'
import { wordsOf } from '../api/words.js'

/** What an error says about one field of a request. */
export type Complaint = { readonly field: string; readonly message: string }

const pointers = [
  'field',
  'param',
  'parameter',
  'path',
  'pointer',
  'loc',
  'location',
  'property',
  'attribute',
  'key',
  'name',
  'target',
  'source',
]
const words = [
  'message',
  'detail',
  'msg',
  'description',
  'title',
  'reason',
  'code',
  'error',
  'error_description',
  'type',
  'messages',
]

/** Reads from an error what it objects to, among the fields that the request has. */
export function complaintsOf(failure: string, fields: readonly string[]): Complaint[] {
  const body = bodyOf(failure)
  const pointed = walk(body, fields)
  const found = pointed.length > 0 ? pointed : spoken(body, fields)
  return found.filter(({ field }, i) => found.findIndex((other) => other.field === field) === i)
}

/** The status stands before the body in the text of a failure. */
function bodyOf(failure: string): Json {
  const text = failure.replace(/^\d+ /, '')
  try {
    return JSON.parse(text) as Json
  } catch {
    return text
  }
}

function walk(value: Json, fields: readonly string[]): Complaint[] {
  if (isList(value)) return value.flatMap((one) => walk(one, fields))
  if (!isObject(value)) return []
  const message = words
    .map((name) => value[name])
    .filter((one) => one !== undefined)
    .map(plain)
    .join(' ')
  const pointed = pointers.flatMap((name) => fieldIn(value[name], fields) ?? [])
  const named = Object.entries(value).flatMap(([key, member]) => {
    const field =
      words.includes(key) || pointers.includes(key) ? undefined : fields.find((one) => one === key)
    return field !== undefined && isComplaint(member) ? [{ field, message: plain(member) }] : []
  })
  const inner = Object.values(value).flatMap((member) => walk(member, fields))
  return [...pointed.map((field) => ({ field, message })), ...named, ...inner]
}

const isComplaint = (value: Json) =>
  typeof value === 'string' ||
  (isList(value) && value.every((one) => typeof one === 'string' || isObject(one)))

const plain = (value: Json | undefined): string =>
  typeof value === 'string' ? value : JSON.stringify(value ?? '')

/** The field that `body.due`, `/data/due` or `["body", "due"]` points at. */
function fieldIn(value: Json | undefined, fields: readonly string[]): string | null {
  const parts = isList(value)
    ? value.map(textOf)
    : isObject(value)
      ? Object.values(value).map(textOf)
      : [textOf(value)]
  const names = parts.flatMap((part) => part.split(/[./[\]$]+/)).filter((part) => part !== '')
  return fields.find((field) => names.includes(field)) ?? null
}

/** Fields that the sentences of an error name, as they are written or as words: `start time` for `start`. */
function spoken(body: Json, fields: readonly string[]): Complaint[] {
  const sentences = textsIn(body)
  return sentences.flatMap((message) =>
    fields.filter((field) => isNamed(message, field)).map((field) => ({ field, message })),
  )
}

function isNamed(message: string, field: string): boolean {
  const exact = new RegExp(`(^|[^\\w])${field.replaceAll(/[^\w]/g, '.')}($|[^\\w])`, 'i').test(
    message,
  )
  const all = wordsOf(message)
  const own = wordsOf(field)
  return (
    exact || (own.length > 0 && all.some((_, i) => own.every((word, j) => all[i + j] === word)))
  )
}

function textsIn(value: Json): string[] {
  if (typeof value === 'string') return [value]
  if (isList(value)) return value.flatMap(textsIn)
  return isObject(value) ? Object.values(value).flatMap(textsIn) : []
}
