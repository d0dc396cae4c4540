import type { ApiDescription, JsonSchema, Operation, ProviderRequest } from '@plumb/protocol'
import { jsonOf } from './response-leaves.js'

type Described = { readonly operation: Operation; readonly description: ApiDescription }
type Place = { readonly path: string; readonly depth: number }

const deepest = 6
const mostProblems = 3

/** What a JSON body lacks or has in another type than its operation describes, each as a part of a sentence. */
export function bodyProblems(
  { body }: ProviderRequest,
  { operation, description }: Described,
): string[] {
  const { requestBody } = operation
  if (requestBody === null || !/json/.test(requestBody.contentType)) return []
  if (body === null) return requestBody.required ? ['it is missing'] : []
  const value = jsonOf(body)
  if (value === undefined) return []
  const check = { schemas: description.schemas }
  return problemsIn(value, requestBody.schema, { ...check, path: '', depth: 0 }).slice(
    0,
    mostProblems,
  )
}

type Check = Place & Pick<ApiDescription, 'schemas'>

function problemsIn(value: unknown, given: JsonSchema, check: Check): string[] {
  const schema = resolved(given, check)
  // Alternatives are not decided here: what cannot be said for certain is not said.
  if (schema === null || check.depth > deepest || 'anyOf' in schema || 'oneOf' in schema) return []
  const parts = listOf(schema['allOf']).flatMap((part) =>
    problemsIn(value, part, deeper(check, '')),
  )
  if (value === null) return []
  const wrong = wrongType(value, schema)
  if (wrong !== null) return [`"${check.path || 'body'}" is ${wrong}`]
  if (Array.isArray(value)) return parts.concat(itemProblems(value, schema, check))
  if (typeof value !== 'object') return parts
  return parts.concat(memberProblems(value, schema, check))
}

function memberProblems(value: object, schema: JsonSchema, check: Check): string[] {
  const required = Array.isArray(schema['required']) ? schema['required'] : []
  const missing = required
    .filter((name) => typeof name === 'string' && !(name in value))
    .map((name) => `"${joined(check.path, String(name))}" is missing`)
  const { properties } = schema
  if (!isSchema(properties)) return missing
  const inside = Object.entries(value).flatMap(([name, member]: [string, unknown]) => {
    const own = properties[name]
    return isSchema(own) ? problemsIn(member, own, deeper(check, name)) : []
  })
  return [...missing, ...inside]
}

function itemProblems(
  items: readonly unknown[],
  { items: schema }: JsonSchema,
  check: Check,
): string[] {
  if (!isSchema(schema)) return []
  return items.flatMap((item, at) => problemsIn(item, schema, deeper(check, String(at))))
}

function wrongType(value: unknown, schema: JsonSchema): string | null {
  const types = [schema['type']].flat().filter((type) => typeof type === 'string')
  if (types.length === 0) return null
  const actual = Array.isArray(value) ? 'array' : typeof value
  const fits = types.some((type) => type === actual || (type === 'integer' && actual === 'number'))
  return fits ? null : `of type ${actual}, not ${types.join(' or ')}`
}

function resolved(schema: JsonSchema, { schemas }: Check): JsonSchema | null {
  const reference = schema['$ref']
  if (typeof reference !== 'string') return schema
  return schemas[reference.split('/').at(-1) ?? ''] ?? null
}

function deeper(check: Check, name: string): Check {
  return {
    ...check,
    depth: check.depth + 1,
    path: name === '' ? check.path : joined(check.path, name),
  }
}

function joined(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`
}

function isSchema(value: unknown): value is JsonSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function listOf(value: unknown): JsonSchema[] {
  return Array.isArray(value) ? value.filter(isSchema) : []
}
