import type { Json, JsonObject } from '@plumb/protocol'
import type { Field, Operation } from '../api/operation.js'
import { objectOf, propertiesOf, requiredOf, textOf, typeOf } from '../api/schema.js'
import { wordsOf } from '../api/words.js'
import { fixedParts, pathInputs, readNeeds } from '../source/function-source.js'
import type { Need } from '../source/function-source.js'
import { changedFields, intentOfOperation, isReference, isWriting } from './references.js'
import { isTellingText } from './telling-fields.js'
import type { Values, Work } from './work.js'

/** One value that the function is called with, and the field of the operation it goes to. */
export type Slot = { readonly need: Need; readonly field: Field }

/** The function as it stands, and what it is called with. */
export type FunctionPlan = {
  readonly operation: Operation
  readonly source: string
  readonly kind: 'action' | 'sync'
  readonly slots: readonly Slot[]
  /** Parts of the path that the function fixes. */
  readonly fixed: Values
  readonly own: ReadonlySet<string>
}

export function planFunction(work: Work, operation: Operation, source: string): FunctionPlan {
  const { kind, input, metadata, endpoint } = readNeeds(source)
  const needs = kind === 'sync' ? metadata : input
  const placed = pathInputs(source, operation.path)
  const slots = needs.map((need) => ({ need, field: fieldOf(need, operation, placed) }))
  const fixed = fixedParts(endpoint, operation.path)
  return { operation, source, kind, slots, fixed, own: changedFields(operation, work.catalogue) }
}

const plain = (name: string) => wordsOf(name).join('')

function fieldOf(need: Need, operation: Operation, placed: ReadonlyMap<string, string>): Field {
  const told = toldField(need, operation, placed)
  const { name, place, description } = told ?? {
    name: need.sentAs,
    place: 'body' as const,
    description: textOf(need.schema['description']),
  }
  const schema = merged(objectOf(told?.schema), need.schema)
  return { name, place, required: need.required, description, schema }
}

/** The operation's own field behind an input: the one in that place of the path, or of that name. */
function toldField(need: Need, { fields }: Operation, placed: ReadonlyMap<string, string>) {
  const inPath = [...placed].find(([, input]) => input === need.name)?.[0]
  return (
    fields.find(({ name, place }) => place === 'path' && name === inPath) ??
    fields.find(({ name }) => name === need.sentAs) ??
    fields.find(({ name }) => plain(name) === plain(need.name))
  )
}

/** What the API says of a value, within what the function takes. */
export function merged(told: JsonObject, taken: JsonObject): JsonObject {
  const type = typeOf(taken)
  if (type === 'any') return told
  if (type === 'object' && Object.keys(propertiesOf(taken)).length > 0) {
    const known = propertiesOf(told)
    const members = Object.entries(propertiesOf(taken)).map(([name, inner]) => [
      name,
      merged(known[name] ?? {}, inner),
    ])
    return {
      type,
      properties: Object.fromEntries(members) as JsonObject,
      required: requiredOf(taken),
    }
  }
  if (type === 'array')
    return { ...told, type, items: merged(objectOf(told['items']), objectOf(taken['items'])) }
  const plainly = Object.entries(told).filter(([name]) => name !== 'anyOf' && name !== 'oneOf')
  return { ...Object.fromEntries(plainly), ...taken }
}

/** The slots to fill for a run: what is required, and of the rest what makes the run tell something. */
export function chosenSlots(work: Work, { slots, operation }: FunctionPlan): Slot[] {
  const required = slots.filter(({ need }) => need.required)
  const optional = slots.filter(
    ({ need, field }) => !need.required && !isReference(field, work.catalogue),
  )
  if (!isWriting(operation)) return required
  const told = optional.filter(({ field }) => isTellingText(field) && field.place === 'body')
  const hasContent = required.some(({ field }) => field.place === 'body' && isTellingText(field))
  if (intentOfOperation(operation) !== 'update') return [...required, ...told.slice(0, 3)]
  const simple = optional.filter(
    ({ field }) => field.place === 'body' && typeOf(field.schema) === 'string',
  )
  return hasContent ? required : [...required, ...[...told, ...simple].slice(0, 1)]
}

/** The input of the function for values by field. */
export function inputOf({ slots }: FunctionPlan, values: Values): JsonObject {
  const entries = slots.flatMap(({ need, field }): [string, Json][] => {
    const value = values[field.name]
    return value === undefined ? [] : [[need.name, value]]
  })
  return Object.fromEntries(entries)
}
