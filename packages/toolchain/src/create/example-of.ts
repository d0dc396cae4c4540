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
  const type = listOf(schema['type'])[0]
  if (type === 'object') return exampleObject(schema)
  if (type === 'array') return [exampleOf((schema['items'] ?? {}) as JsonObject, name)]
  if (type === 'boolean') return true
  if (type === 'number' || type === 'integer') return Number(schema['minimum'] ?? 1)
  return type === 'null' ? null : (formats[String(schema['format'])] ?? name)
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
