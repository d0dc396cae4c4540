import type { Json, JsonObject, JsonSchema } from '@plumb/protocol'

const shortTypes = ['string', 'number', 'integer', 'boolean', 'object', 'array'] as const

/** What is wrong with one field of a short form. */
export type FieldProblem = {
  readonly name: string
  readonly value: Json
  readonly message: string
}

/** Whether the fields are written as a JSON Schema rather than as `name: type`. */
export function isJsonSchemaForm(fields: JsonObject): boolean {
  if (isObject(fields.properties)) return true
  const { type } = fields
  return (type === 'object' || type === 'array') && !hasOnlyShortTypes(fields)
}

/** `{ type: object, title: string }` has a field called `type`; `{ type: object }` alone is a schema. */
function hasOnlyShortTypes(fields: JsonObject): boolean {
  const values = Object.values(fields)
  return (
    values.length > 1 &&
    values.every((value) => typeof value === 'string' && parseType(value) !== null)
  )
}

/** Turns `title: string`, `note: string?` into a JSON Schema; a JSON Schema is returned as it is. */
export function normaliseFields(fields: JsonObject): JsonSchema {
  if (isJsonSchemaForm(fields)) return fields
  const entries = Object.entries(fields)
  const required = entries.filter(([name, value]) => !isOptional(name, value)).map(([name]) => name)
  return {
    type: 'object',
    properties: Object.fromEntries(
      entries.map(([name, value]) => [nameOf(name), memberSchema(value)]),
    ),
    required,
    additionalProperties: false,
  }
}

/** Every field of a short form whose type is not understood. */
export function findFieldProblems(fields: JsonObject): FieldProblem[] {
  if (isJsonSchemaForm(fields)) return []
  return Object.entries(fields).flatMap(([name, value]) => {
    if (isObject(value) || (typeof value === 'string' && parseType(value) !== null)) return []
    const message = `must be one of ${shortTypes.join(', ')} (with "?" for optional), or a JSON Schema`
    return [{ name, value, message }]
  })
}

function parseType(text: string): string | null {
  const type = text.trim().replace(/\?$/, '')
  return shortTypes.find((known) => known === type) ?? null
}

function isOptional(name: string, value: Json): boolean {
  return name.endsWith('?') || (typeof value === 'string' && value.trim().endsWith('?'))
}

const nameOf = (name: string): string => name.replace(/\?$/, '')

function memberSchema(value: Json): JsonSchema {
  if (isObject(value)) return value
  return typeof value === 'string' ? { type: parseType(value) ?? 'string' } : {}
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
