import type { JsonObject } from '@plumb/protocol'
import type { Field, Operation, OperationName } from '../api/operation.js'
import { placeholderOf, segmentsOf } from '../api/operation.js'
import { isAbout, methodWords, nounOfPath, nounOfSegment, referenceOf } from '../api/nouns.js'
import { listOf, typeOf } from '../api/schema.js'
import { intentOf, intentsOf, isSameWord, wordsOf } from '../api/words.js'
import type { Intent } from '../api/words.js'

/** What a field points at, and where such things are kept. */
export type Target = {
  readonly noun: readonly string[]
  /** The path of the collection, where the field stands in a path. */
  readonly collection: string | null
  /** Placeholders that name the thing together, in order: `owner`, `repo`. */
  readonly group: readonly string[]
  /** What the field would be called if it were named after the thing: `message_ts` for "Timestamp of the message". */
  readonly alias?: string
}

/** Says what the field of an operation points at; `catalogue` tells which things there are. */
export function targetOf(
  field: Field,
  { path }: OperationName,
  catalogue: readonly OperationName[] = [],
): Target {
  if (field.place !== 'path') return namedTarget(field, path, catalogue)
  const own = referenceOf(field.name).noun
  const segments = segmentsOf(path)
  const at = segments.indexOf(`{${field.name}}`)
  const start = groupStart(segments, at)
  const end = segments.findIndex((segment, i) => i > at && placeholderOf(segment) === null)
  const group = segments
    .slice(start, end < 0 ? undefined : end)
    .flatMap((segment) => placeholderOf(segment) ?? [])
  const kept = nounOfSegment(segments[start - 1] ?? '')
  const last = referenceOf(group.at(-1) ?? '').noun
  const noun = group.length > 1 ? (kept.length > 0 ? kept : last) : own.length > 0 ? own : kept
  return { noun, collection: `/${segments.slice(0, start).join('/')}`, group }
}

function groupStart(segments: readonly string[], at: number): number {
  let start = at
  while (start > 0 && placeholderOf(segments[start - 1] ?? '') !== null) start -= 1
  return start
}

function namedTarget(field: Field, path: string, catalogue: readonly OperationName[]): Target {
  const group = [field.name]
  const told = toldNoun(field, catalogue)
  const ending = /^(timestamp|ts)$/i.test(field.name) ? 'ts' : 'id'
  if (told !== null)
    return { noun: told, collection: null, group, alias: `${told.join('_')}_${ending}` }
  const own = referenceOf(field.name).noun
  return { noun: own.length > 0 ? own : nounOfPath(path), collection: null, group }
}

const asksForId =
  /^(?:the )?(?:unique )?(id|identifier|timestamp|ts)s?\b (?:of|for) (?:the |an? |another )?((?:[\w-]+\W?){1,5})/i
const endOfThing = /\s(?:to|that|which|where|whose|who|in|for|from|with|on|you)\s/i

/** The thing whose id a description asks for, where the API has such things: "Timestamp of the message to update". */
export function toldNoun(
  { name, description }: Field,
  catalogue: readonly OperationName[],
): string[] | null {
  const [, way = 'id', phrase = ''] = asksForId.exec(description) ?? []
  // A point in time is a name only where it is called that.
  if (/^(timestamp|ts)$/i.test(way) && !/^(timestamp|ts)$|_ts$/i.test(name)) return null
  const [thing = ''] = phrase.split(endOfThing)
  const [, before = ''] = /^(?:the )?([\w-]+) (?:id|identifier)\b/i.exec(description) ?? []
  const found = wordsOf(`${before} ${thing}`).findLast(
    (word) => intentOf(word) === null && knows(catalogue, [word]),
  )
  return found === undefined ? null : [found]
}

const ordinary =
  /^(name|title|text|content|body|message|description|summary|subject|query|q|type|status|state|kind|role|format|sort|order|direction|limit|cursor|page|offset|count|size|date|time|start|end|value|color|email|phone|url|language|locale|currency|amount|label|note|comment|topic|purpose|location|address|priority|visibility|filter|search|fields|include)$/

const isNamingMoment = (field: Field, catalogue: readonly OperationName[]): boolean =>
  /^(timestamp|ts)$/i.test(field.name) && toldNoun(field, catalogue) !== null

/** Whether a value has to be the id of something that exists. */
export function isReference(field: Field, catalogue: readonly OperationName[]): boolean {
  const { name, schema, place } = field
  if (!canRefer(schema)) return false
  if (place === 'path' || isNamingMoment(field, catalogue)) return true
  const { noun, suffix } = referenceOf(name)
  if (noun.length === 0) return /^(id|uid|uuid|gid|ts|key)$/.test(name.toLowerCase())
  if (suffix.length > 0) return isSureSuffix(suffix) || knows(catalogue, noun)
  const isPlain = ordinary.test(wordsOf(name).at(-1) ?? '') || typeOf(schema) === 'number'
  return !isPlain && knows(catalogue, noun, field)
}

const canRefer = (schema: JsonObject) =>
  listOf(schema['enum']).length === 0 &&
  schema['const'] === undefined &&
  !['boolean', 'array', 'object'].includes(typeOf(schema)) &&
  [undefined, 'uuid', 'int32', 'int64', 'uint64'].includes(schema['format'] as string | undefined)

/** `company_id` is one for certain; `phone_number` and `first_name` only where the API has phones. */
const isSureSuffix = (suffix: readonly string[]) =>
  !/^(name|code|no|num|number|key)$/.test(suffix.at(-1) ?? '')

/** Whether the API has something of that name, or says that an id is wanted. */
function knows(
  catalogue: readonly OperationName[],
  noun: readonly string[],
  field?: Field,
): boolean {
  if (field !== undefined && /\b(id|identifier)\b/i.test(field.description)) return true
  return catalogue.some(
    (name) => isAbout(noun, nounOfPath(name.path)) || listsBySummary(name, noun),
  )
}

/** An operation may call its things differently in its path: `conversations.list` "lists all channels". */
function listsBySummary(name: OperationName, noun: readonly string[]): boolean {
  const intent = intentOfOperation(name)
  const last = noun.at(-1) ?? ''
  if (last.length < 3) return false
  // What stands behind a preposition is where, not what: "sends a van to a destination".
  const [what = ''] = name.summary.split(/\s(?:to|of|in|on|for|from|with|by|at|into)\s/i)
  return (
    (intent === 'list' || intent === 'create') &&
    wordsOf(what)
      .slice(0, 6)
      .some((word) => isSameWord(word, last))
  )
}

/** What an operation does, by its method, and by its name where it is called like a method. */
export function intentOfOperation({ method, path, id, summary }: OperationName): Intent {
  const named = methodWords({ path })
    .map(intentOf)
    .find((intent) => intent !== null)
  if (named !== undefined && named !== null) return named
  if (method === 'DELETE') return 'delete'
  if (method === 'PUT' || method === 'PATCH') return 'update'
  if (method === 'POST')
    return (
      intentsOf(`${id} ${summary}`).find((intent) => intent !== 'read' && intent !== 'list') ??
      'create'
    )
  return placeholderOf(segmentsOf(path).at(-1) ?? '') === null ? 'list' : 'read'
}

export const isWriting = (operation: OperationName): boolean => {
  const intent = intentOfOperation(operation)
  return (
    operation.method !== 'GET' &&
    operation.method !== 'HEAD' &&
    intent !== 'list' &&
    intent !== 'read'
  )
}

/** The fields that name what an operation changes or removes: only things made in this attempt may stand there. */
export function changedFields(
  operation: Operation,
  catalogue: readonly OperationName[],
): Set<string> {
  const intent = intentOfOperation(operation)
  if (!isWriting(operation) || (intent !== 'update' && intent !== 'delete')) return new Set()
  const inPath = operation.fields.filter(({ place }) => place === 'path')
  const last = segmentsOf(operation.path)
    .flatMap((segment) => placeholderOf(segment) ?? [])
    .at(-1)
  const field = inPath.find(({ name }) => name === last)
  if (field !== undefined) return new Set(targetOf(field, operation, catalogue).group)
  const required = operation.fields.filter((one) => one.required && isReference(one, catalogue))
  return new Set(required.map(({ name }) => name))
}
