import type { Json, JsonObject } from '@plumb/protocol'
import { itemsOf } from '../api/answer.js'
import type { Field, Operation } from '../api/operation.js'
import { isAbout, nounOfPath, referenceOf } from '../api/nouns.js'
import { listOf, plainText } from '../api/schema.js'
import { wordsOf } from '../api/words.js'
import type { Play } from '../conversation/play-from-start.js'
import { findHint, findPathHint } from '../values/find-hint.js'
import { sampleValue } from '../values/sample-value.js'
import { createResource } from './create-resource.js'
import { findSources, sharedFields } from './find-sources.js'
import { findMember, identify, rankItems } from './identify.js'
import type { Target } from './references.js'
import { isReference, isWriting, targetOf } from './references.js'
import type { Values, Work } from './work.js'
import { perform, sampleRequest } from './work.js'

export type ValueSearch = {
  readonly operation: Operation
  /** Values already settled for this operation. */
  readonly known: Values
  /** Fields whose thing must have been made in this attempt. */
  readonly own: ReadonlySet<string>
  /** How many prerequisites deep this is. */
  readonly depth: number
}

const maxDepth = 4

/** Finds values for fields, in order; null with the first field for which there is none. */
export function* findValues(
  work: Work,
  fields: readonly Field[],
  search: ValueSearch,
): Play<{ readonly values: Values; readonly missing: string | null }> {
  const values: Values = { ...search.known }
  for (const field of inOrder(fields, search.operation)) {
    if (values[field.name] !== undefined) continue
    const found = yield* findValue(work, field, { ...search, known: values })
    if (found === undefined) return { values, missing: field.name }
    Object.assign(values, found)
  }
  return { values, missing: null }
}

/** Parents come before what is kept below them: paths from left to right, then references, then the rest. */
function inOrder(fields: readonly Field[], { path }: Operation): Field[] {
  const rank = ({ place, name }: Field) =>
    place === 'path'
      ? path.indexOf(`{${name}}`)
      : 10_000 + (/(_|[a-z])(id|ts|key)$/i.test(name) ? 1 : 0)
  return [...fields].sort((a, b) => rank(a) - rank(b))
}

function* findValue(work: Work, field: Field, search: ValueSearch): Play<Values | undefined> {
  const self = ownAccountWord(field)
  if (self !== null) return { [field.name]: self }
  if (isReference(field, work.catalogue)) return yield* findReference(work, field, search)
  const looked = yield* lookUp(work, field, search)
  if (looked !== undefined) return { [field.name]: looked }
  const hinted = hintFor(work, field)
  if (hinted !== null) return { [field.name]: hinted }
  const isSearch = !isWriting(search.operation)
  return {
    [field.name]: sampleValue({
      ...sampleRequest(work, field, nounOfPath(search.operation.path)),
      isSearch,
    }),
  }
}

/** The word that stands for the account itself, where the description gives one. */
function ownAccountWord({ description, place }: Field): string | null {
  if (place !== 'path') return null
  const told =
    /special (?:value|keyword|string)?\s*["'`]?(me|self|@me|current|~)["'`]?/i.exec(description) ??
    /["'`](me|self|@me|~)["'`]/i.exec(description)
  return told?.[1]?.toLowerCase() ?? null
}

function hintFor(work: Work, field: Field): Json | null {
  if (listOf(field.schema['enum']).length > 0) return null
  const hint = findHint(work.task.words, field.name)
  if (hint === null || isAvoided(work, field, hint)) return null
  return field.schema['type'] === 'integer' ? (/^\d+$/.test(hint) ? Number(hint) : null) : hint
}

export const isAvoided = (work: Work, { name }: Pick<Field, 'name'>, value: Json): boolean =>
  work.avoided.has(`${name}=${plainText(value)}`)

/** Looking something up by mail address, login and the like takes one that exists. */
function* lookUp(work: Work, field: Field, search: ValueSearch): Play<Json | undefined> {
  const { operation, depth } = search
  const isKey = /^(email|mail|login|username|domain|phone|handle|slug|sku|symbol|code)$/.test(
    wordsOf(field.name).at(-1) ?? '',
  )
  if (
    !isKey ||
    !field.required ||
    isWriting(operation) ||
    field.place === 'path' ||
    depth >= maxDepth
  )
    return undefined
  const target: Target = { noun: nounOfPath(operation.path), collection: null, group: [field.name] }
  for (const item of yield* listItems(work, target, search)) {
    const value = findMember(item, field.name)
    if (value !== undefined && !isAvoided(work, field, value)) return value
  }
  return undefined
}

/** The binding's name: the thing and the field, so that `id` of a message is not `id` of a label. */
const bindingOf = (target: Target, name: string) => `${target.noun.at(-1) ?? ''}.${name}`

/** Finds a value that names something that exists: told, known, made before, listed, or created now. */
export function* findReference(
  work: Work,
  field: Field,
  search: ValueSearch,
): Play<Values | undefined> {
  const target = targetOf(field, search.operation, work.catalogue)
  const isOwn = search.own.has(field.name)
  const bound = work.bindings.get(`${isOwn ? 'own ' : ''}${bindingOf(target, field.name)}`)
  if (bound !== undefined && !isAvoided(work, field, bound)) return { [field.name]: bound }
  const told = isOwn ? null : hintsFor(work, field, { target, search })
  if (told !== null) return told
  const item = yield* findItem(work, field, { target, search, isOwn })
  const found = item === null ? undefined : namesOf(item, { field, target, search })
  if (found === undefined) return undefined
  for (const [name, value] of Object.entries(found))
    work.bindings.set(`${isOwn ? 'own ' : ''}${bindingOf(target, name)}`, value)
  return found
}

type Wanted = { readonly target: Target; readonly search: ValueSearch }

function hintsFor(work: Work, field: Field, { target }: Wanted): Values | null {
  const { group, noun } = target
  const parts =
    group.length > 1 ? findPathHint(work.task.words, group.at(-1) ?? '', group.length) : null
  if (parts !== null && !group.some((name, i) => isAvoided(work, { name }, parts[i] ?? ''))) {
    return Object.fromEntries(group.map((name, i) => [name, parts[i] ?? '']))
  }
  const isNamed = wordsOf(field.name).some((word) => noun.includes(word))
  const hint = findHint(work.task.words, field.name, isNamed ? [] : noun)
  if (hint === null || isAvoided(work, field, hint)) return null
  if (field.schema['type'] === 'integer')
    return /^\d+$/.test(hint) ? { [field.name]: Number(hint) } : null
  return { [field.name]: hint }
}

function* findItem(
  work: Work,
  field: Field,
  wanted: Wanted & { readonly isOwn: boolean },
): Play<JsonObject | null> {
  const { target, search, isOwn } = wanted
  const fits = (item: JsonObject) => namesOf(item, { field, target, search, work }) !== undefined
  const made = work.own
    .filter(({ noun }) => isAbout(target.noun, noun))
    .map(({ item, values }) => ({ ...values, ...item }))
  const before = made.find(fits)
  if (before !== undefined && (isOwn || made.length > 0)) return before
  if (search.depth >= maxDepth) return null
  if (!isOwn) {
    const items = yield* listItems(work, target, search)
    const listed = items.find(fits)
    if (listed !== undefined) return listed
  }
  const created =
    (yield* createOne(work, target, search)) ?? (yield* callWithout(work, field, wanted))
  return created !== null && fits(created) ? created : null
}

/**
 * An operation that can do without a reference makes what the reference needs: a reply names a message, and posting
 * without a thread posts one.
 */
function* callWithout(
  work: Work,
  field: Field,
  { target, search }: Wanted,
): Play<JsonObject | null> {
  const { operation, known, depth } = search
  const isOptional = operation.fields.some(({ name, required }) => name === field.name && !required)
  if (!isOptional || !isWriting(operation)) return null
  return yield* makeOne(work, operation, { known, noun: target.noun, depth: depth + 1 })
}

/** The values of an item for every placeholder that names it; undefined when one is not there, or known to be wrong. */
function namesOf(
  item: JsonObject,
  { field, target, search, work }: Wanted & { readonly field: Field; readonly work?: Work },
): Values | undefined {
  const values: Values = {}
  for (const name of target.group) {
    const own = search.operation.fields.find((one) => one.name === name) ?? field
    const value = identify(item, { ...own, name: target.alias ?? own.name }, target.noun)
    if (
      value === undefined ||
      (work !== undefined && isUnfit(work, own, { value, target, search }))
    )
      return undefined
    values[name] = value
  }
  return values
}

/** Known to be wrong, or the same thing again where the operation takes two of them: from where and to where. */
function isUnfit(
  work: Work,
  field: Field,
  { value, target, search }: Wanted & { readonly value: Json },
): boolean {
  if (isAvoided(work, field, value)) return true
  const others = search.operation.fields.filter(
    ({ name }) => name !== field.name && search.known[name] === value,
  )
  return others.some(({ name }) => {
    const other = referenceOf(name).noun
    return !target.group.includes(name) && isAbout(target.noun, other)
  })
}

/** What exists of a kind, the most suitable first, from the first source that has any. */
export function* listItems(work: Work, target: Target, search: ValueSearch): Play<JsonObject[]> {
  const sources = yield* findSources(work, target, 'list')
  for (const source of sources.filter(({ id }) => id !== search.operation.id)) {
    const fields = source.fields.filter(({ required }) => required)
    const shared = sharedFields(source, search.operation)
    const known = Object.fromEntries(
      Object.entries(search.known).filter(([name]) => shared.has(name)),
    )
    const found = yield* guarded(work, source, () =>
      findValues(work, fields, {
        operation: source,
        known,
        own: new Set(),
        depth: search.depth + 1,
      }),
    )
    if (found === null || found.missing !== null) continue
    const answer = yield* perform(work, source, found.values)
    if (answer.failure !== null) continue
    const ranked = rankItems(itemsOf(answer.body, target.noun), work.task)
    if (ranked.length > 0)
      return ranked.map((item) => ({ ...pathValues(source, found.values), ...item }))
  }
  return []
}

/** The values of a request that its items belong to, such as the owner in a path. */
const pathValues = (source: Operation, values: Values): Values =>
  Object.fromEntries(
    source.fields
      .filter(({ place }) => place === 'path')
      .flatMap(({ name }) =>
        values[name] === undefined || /id$/i.test(name) ? [] : [[name, values[name]]],
      ),
  )

function* createOne(work: Work, target: Target, search: ValueSearch): Play<JsonObject | null> {
  for (const source of yield* findSources(work, target, 'create')) {
    const shared = sharedFields(source, search.operation)
    const sameNamed = Object.entries(search.known).filter(
      ([name]) =>
        shared.has(name) ||
        source.fields.some((field) => field.name === name && isReference(field, work.catalogue)),
    )
    const known = Object.fromEntries(sameNamed)
    const made = yield* makeOne(work, source, { known, noun: target.noun, depth: search.depth + 1 })
    if (made !== null) return made
  }
  return null
}

export type Making = {
  readonly known: Values
  readonly noun: readonly string[]
  readonly depth: number
}

/** Creates one thing by an operation, after what the operation itself needs. */
export function* makeOne(
  work: Work,
  source: Operation,
  { known, noun, depth }: Making,
): Play<JsonObject | null> {
  const fields = source.fields.filter(({ required }) => required)
  return yield* guarded(work, source, function* () {
    const found = yield* findValues(work, fields, {
      operation: source,
      known,
      own: new Set(),
      depth,
    })
    return found.missing === null
      ? yield* createResource(work, source, { values: found.values, noun })
      : null
  })
}

/** Runs a step for a prerequisite, unless the same operation is already being prepared further up. */
function* guarded<T>(work: Work, operation: Operation, step: () => Play<T>): Play<T | null> {
  if (work.underway.has(operation.id)) return null
  work.underway.add(operation.id)
  const result = yield* step()
  work.underway.delete(operation.id)
  return result
}
