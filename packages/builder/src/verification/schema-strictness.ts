import type { Finding, FunctionDefinition, JsonSchema } from '@plumb/protocol'
import { looseFields } from './loose-fields.js'
import type { Check } from './verification-input.js'

/** Share of the leaves that must say what they hold for a schema to be worth its name. */
const warnBelow = 0.5

/** Does the schema of the output say enough to be wrong? */
export const schemaStrictness: Check = {
  name: 'schema-strictness',
  run: (input) => {
    const { compiled } = input
    if (!compiled) return []
    return outputsOf(compiled.definition).flatMap(([name, schema]) => {
      const general = judge(name, schema)
      return general.length > 0 ? general : looseFields(input, name, schema)
    })
  },
}

/** How much a schema says: 1 when every leaf has a type and something is required, 0 when it takes anything. */
export function strictnessOf(schema: JsonSchema): number {
  const { typed, loose, required, optional } = count(schema)
  const leaves = typed + loose
  if (leaves === 0) return 0
  const optionality = required + optional > 0 && required === 0 ? 0.5 : 1
  return (typed / leaves) * optionality
}

function outputsOf(definition: FunctionDefinition): [string, JsonSchema][] {
  if (definition.kind === 'sync') return Object.entries(definition.models)
  return definition.outputSchema === null ? [] : [['the output', definition.outputSchema]]
}

function judge(name: string, schema: JsonSchema): Finding[] {
  if (saysNothingIsReturned(schema)) return []
  const strictness = strictnessOf(schema)
  if (strictness > warnBelow) return []
  const severity = strictness === 0 ? 'reject' : 'warn'
  const percent = Math.round(strictness * 100)
  return [
    {
      check: schemaStrictness.name,
      behaviour: 'E1',
      severity,
      message: `The schema of ${name} has a strictness of ${percent} %: it takes ${strictness === 0 ? 'anything' : 'nearly anything'}.`,
      remedy: 'Name each field with its type, and make optional only what the API may leave out.',
      pointer: null,
    },
  ]
}

/** `z.null()` and `z.void()` are as strict as can be; an object without fields is for other rules. */
function saysNothingIsReturned({ type, properties, additionalProperties }: JsonSchema): boolean {
  if (type === 'null') return true
  return type === 'object' && isEmpty(properties) && additionalProperties === false
}

type Count = {
  readonly typed: number
  readonly loose: number
  readonly required: number
  readonly optional: number
}

const nothing: Count = { typed: 0, loose: 0, required: 0, optional: 0 }

function count(schema: JsonSchema): Count {
  const parts = [schema['anyOf'], schema['oneOf'], schema['allOf']].flat().filter(isSchema)
  if (parts.length > 0) return parts.map(count).reduce(add)
  const { type, items, properties } = schema
  if (isSchema(items)) return count(items)
  if (type === 'object' || isSchema(properties)) return countObject(schema)
  return saysSomething(schema) ? { ...nothing, typed: 1 } : { ...nothing, loose: 1 }
}

/** A list of whatever says as little as whatever. */
function saysSomething(schema: JsonSchema): boolean {
  const named = ['type', 'const', 'enum', '$ref'].some((keyword) => keyword in schema)
  return named && schema['type'] !== 'array'
}

function countObject(schema: JsonSchema): Count {
  const { properties, required, additionalProperties: more } = schema
  const fields = isSchema(properties) ? Object.entries(properties) : []
  const names = Array.isArray(required) ? required : []
  const own: Count = {
    typed: 0,
    loose: isOpen(more) && fields.length === 0 ? 1 : 0,
    required: fields.filter(([name]) => names.includes(name)).length,
    optional: fields.filter(([name]) => !names.includes(name)).length,
  }
  const inner = fields.map(([, field]) => (isSchema(field) ? count(field) : nothing))
  const values = isSchema(more) && !isEmpty(more) ? [count(more)] : []
  return [...inner, ...values].reduce(add, own)
}

function isOpen(more: unknown): boolean {
  return more === undefined || more === true || isEmpty(more)
}

function add(one: Count, other: Count): Count {
  return {
    typed: one.typed + other.typed,
    loose: one.loose + other.loose,
    required: one.required + other.required,
    optional: one.optional + other.optional,
  }
}

function isEmpty(value: unknown): boolean {
  return value === undefined || (isSchema(value) && Object.keys(value).length === 0)
}

function isSchema(value: unknown): value is JsonSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
