import type { JsonObject, JsonSchema } from '@plumb/protocol'
import { normaliseFields } from '../draft/normalise-fields.js'

export type NamedField = { readonly name: string; readonly required: boolean }

/** The top-level fields that a brief names for an input or output; of a list, those of its items. */
export function namedFields(fields: JsonObject | undefined): NamedField[] {
  return fields === undefined ? [] : fieldsOf(normaliseFields(fields))
}

function fieldsOf({ properties, items, required }: JsonSchema): NamedField[] {
  if (isSchema(items)) return fieldsOf(items)
  if (!isSchema(properties)) return []
  const names = Array.isArray(required) ? required : []
  return Object.keys(properties).map((name) => ({ name, required: names.includes(name) }))
}

function isSchema(value: unknown): value is JsonSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
