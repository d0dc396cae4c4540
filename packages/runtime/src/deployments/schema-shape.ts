import { canonicalJson } from '@plumb/protocol'
import type { Json, JsonSchema } from '@plumb/protocol'

/** What a JSON Schema lets through, as far as two of them can be compared. */
export type SchemaShape = {
  /** Of `object`, `array`, `string`, `number`, `integer`, `boolean`, `null`. */
  readonly types: ReadonlySet<string>
  readonly properties: ReadonlyMap<string, JsonSchema>
  readonly required: ReadonlySet<string>
  /** Whether properties that are not listed are refused. */
  readonly closed: boolean
  readonly items: JsonSchema | null
  /** The values of an enumeration as canonical JSON; null when there is none. */
  readonly values: ReadonlySet<string> | null
  /** Alternatives that are more than a list of types, as canonical JSON. */
  readonly variants: ReadonlySet<string>
  /** Bounds and patterns by keyword. */
  readonly limits: ReadonlyMap<string, Json>
}

const allTypes = ['object', 'array', 'string', 'number', 'boolean', 'null'] as const
const limitKeywords = [
  ...['minLength', 'minItems', 'minProperties', 'minimum', 'exclusiveMinimum'],
  ...['maxLength', 'maxItems', 'maxProperties', 'maximum', 'exclusiveMaximum'],
  ...['pattern', 'format', 'multipleOf'],
]
const mostReferences = 20
const mostAlternatives = 100

/** Follows references inside of `root`. */
export function shapeOf(schema: JsonSchema, root: JsonSchema): SchemaShape {
  const found = resolved(schema, root)
  const alternatives = alternativesOf(found)
  if (alternatives === null) return plainShape(found)
  const shapes = alternatives.map((one) => innerShape(resolved(one, root)))
  const [only, ...others] = shapes.filter(({ types }) => !isNullOnly(types))
  const types = new Set(shapes.flatMap((shape) => [...shape.types]))
  // A value or null: the usual way to say that something may be absent.
  if (only !== undefined && others.length === 0) return { ...only, types }
  const simple = shapes.every(({ properties, items, values }) => {
    return properties.size === 0 && items === null && values === null
  })
  const texts = alternatives.map((one) => canonicalJson(one))
  return { ...plainShape({}), types, variants: new Set(simple ? [] : texts) }
}

function alternativesOf(schema: JsonSchema): readonly JsonSchema[] | null {
  const listed = schema['anyOf'] ?? schema['oneOf']
  if (!Array.isArray(listed) || listed.length > mostAlternatives) return null
  return listed.filter(isSchema)
}

/** Alternatives within alternatives are one of a kind: they are compared as text. */
function innerShape(schema: JsonSchema): SchemaShape {
  if (alternativesOf(schema) === null) return plainShape(schema)
  return { ...plainShape({}), values: new Set([canonicalJson(schema)]) }
}

function plainShape(schema: JsonSchema): SchemaShape {
  const { properties, required, items } = schema
  const values = valuesOf(schema)
  return {
    types: new Set(typesOf(schema, values)),
    properties: new Map(isSchema(properties) ? Object.entries(properties).filter(isNamed) : []),
    required: new Set(Array.isArray(required) ? required.map(String) : []),
    closed: schema['additionalProperties'] === false,
    items: isSchema(items) ? items : null,
    values: values === null ? null : new Set(values.map((value) => canonicalJson(value))),
    variants: new Set(Array.isArray(schema['allOf']) ? [canonicalJson(schema['allOf'])] : []),
    limits: new Map(
      limitKeywords.flatMap((name) => {
        const value = schema[name]
        return value === undefined ? [] : [[name, value]]
      }),
    ),
  }
}

function resolved(schema: JsonSchema, root: JsonSchema): JsonSchema {
  let at = schema
  for (let steps = 0; steps < mostReferences; steps += 1) {
    const { $ref } = at
    if (typeof $ref !== 'string') return at
    const found = $ref.split('/').slice(1).reduce<Json | undefined>(memberOf, root)
    if (!isSchema(found)) return {}
    at = found
  }
  return {}
}

function memberOf(value: Json | undefined, token: string): Json | undefined {
  const name = token.replaceAll('~1', '/').replaceAll('~0', '~')
  return isSchema(value) && Object.hasOwn(value, name) ? value[name] : undefined
}

function typesOf({ type }: JsonSchema, values: readonly Json[] | null): readonly string[] {
  if (typeof type === 'string') return [type]
  if (Array.isArray(type)) return type.map(String)
  return values === null ? allTypes : values.map(typeOf)
}

function valuesOf(schema: JsonSchema): readonly Json[] | null {
  if (schema['const'] !== undefined) return [schema['const']]
  return Array.isArray(schema['enum']) ? (schema['enum'] as readonly Json[]) : null
}

function typeOf(value: Json): string {
  if (value === null) return 'null'
  return Array.isArray(value) ? 'array' : typeof value
}

function isNullOnly(types: ReadonlySet<string>): boolean {
  return types.size === 1 && types.has('null')
}

function isNamed(entry: [string, Json]): entry is [string, JsonSchema] {
  return isSchema(entry[1])
}

function isSchema(value: Json | undefined): value is JsonSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
