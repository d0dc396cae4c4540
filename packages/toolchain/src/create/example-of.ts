import type { Json, JsonObject, JsonSchema } from '@plumb/protocol'

const formats: Readonly<Record<string, string>> = {
  email: 'someone@example.com',
  uri: 'https://example.com',
  url: 'https://example.com',
  uuid: '00000000-0000-4000-8000-000000000000',
  'date-time': '2026-01-01T00:00:00.000Z',
  date: '2026-01-01',
}

/** A small value that fits a JSON Schema as far as types, formats and lists of values say. */
export function exampleOf(schema: JsonSchema, name = 'text'): Json {
  const { const: constant, default: otherwise, enum: values } = schema
  const given = constant ?? otherwise ?? listOf(values)[0]
  if (given !== undefined) return given
  const [first] = [...listOf(schema['anyOf']), ...listOf(schema['oneOf'])]
  if (first !== undefined) return exampleOf(first as JsonObject, name)
  const make = byType[textOf(schema['type'])] ?? exampleText
  return make(schema, name)
}

const byType: Readonly<Record<string, (schema: JsonSchema, name: string) => Json>> = {
  object: exampleObject,
  array: ({ items = {} }, name) => [exampleOf(items as JsonObject, name)],
  boolean: () => true,
  number: ({ minimum = 1 }) => minimum,
  integer: ({ minimum = 1 }) => minimum,
  null: () => null,
}

function exampleText({ format }: JsonSchema, name: string): string {
  return formats[textOf(format)] ?? name
}

/** The text, or the first of several. */
function textOf(value: Json | undefined): string {
  const [first] = listOf(value)
  return typeof first === 'string' ? first : ''
}

/** Only what must be there. */
function exampleObject(schema: JsonSchema): JsonObject {
  const required = listOf(schema['required']).map(String)
  const members = Object.entries((schema['properties'] ?? {}) as JsonObject)
  return Object.fromEntries(
    members
      .filter(([name]) => required.includes(name))
      .map(([name, member]) => [name, exampleOf(member as JsonObject, name)]),
  )
}

function listOf(value: Json | undefined): readonly Json[] {
  if (value === undefined || value === null) return []
  return Array.isArray(value) ? (value as readonly Json[]) : [value]
}
