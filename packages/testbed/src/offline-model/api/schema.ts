import type { Json, JsonObject } from '@plumb/protocol'

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

export const isList = (value: unknown): value is readonly Json[] => Array.isArray(value)

export const objectOf = (value: unknown): JsonObject => (isObject(value) ? value : {})

export const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')

export const listOf = (value: unknown): readonly Json[] => (isList(value) ? value : [])

/** A value as a text: what stands in paths, queries and headers. */
export const plainText = (value: Json): string =>
  typeof value === 'string' ? value : JSON.stringify(value)

/** The members of an object schema, through `allOf` and the first alternative of `oneOf` and `anyOf`. */
export function propertiesOf(schema: JsonObject): Readonly<Record<string, JsonObject>> {
  const all = [...listOf(schema['allOf']), ...firstOf(schema['oneOf']), ...firstOf(schema['anyOf'])]
  const inherited = all.filter(isObject).map(propertiesOf)
  const own = Object.entries(objectOf(schema['properties'])).map(
    ([name, value]) => [name, objectOf(value)] as const,
  )
  return Object.assign({}, ...inherited, Object.fromEntries(own)) as Record<string, JsonObject>
}

const firstOf = (value: Json | undefined): readonly Json[] =>
  listOf(value)
    .filter((one) => objectOf(one)['type'] !== 'null')
    .slice(0, 1)

export function requiredOf(schema: JsonObject): string[] {
  const all = [...listOf(schema['allOf']), ...firstOf(schema['oneOf']), ...firstOf(schema['anyOf'])]
  return [...listOf(schema['required']).map(textOf), ...all.filter(isObject).flatMap(requiredOf)]
}

/** The type of a schema, guessed from its members where it is not said; `null` beside another type is left out. */
export function typeOf(schema: JsonObject): string {
  const { type } = schema
  const named = isList(type) ? type.map(textOf).find((one) => one !== 'null') : textOf(type)
  if (named !== undefined && named !== '') return named
  if (Object.keys(propertiesOf(schema)).length > 0) return 'object'
  if (isObject(schema['items'])) return 'array'
  const [first] = [...firstOf(schema['oneOf']), ...firstOf(schema['anyOf'])]
  if (isObject(first)) return typeOf(first)
  const [value] = listOf(schema['enum'])
  return value === undefined || value === null ? 'any' : typeof value
}
