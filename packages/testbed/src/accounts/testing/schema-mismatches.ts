/** An OpenAPI 3.0 schema, as far as it is compared here. */
export type Schema = {
  readonly $ref?: string
  readonly type?: string
  readonly nullable?: boolean
  readonly enum?: readonly unknown[]
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly additionalProperties?: Schema | boolean
  readonly items?: Schema
  readonly anyOf?: readonly Schema[]
  readonly oneOf?: readonly Schema[]
  readonly allOf?: readonly Schema[]
}

type Place = { readonly schemas: Readonly<Record<string, Schema>>; readonly at: string }

function typeMatches(type: string, value: unknown): boolean {
  if (type === 'array') return Array.isArray(value)
  if (type === 'integer') return Number.isInteger(value)
  if (type === 'object') return typeof value === 'object' && value !== null && !Array.isArray(value)
  return typeof value === type
}

function objectMismatches(schema: Schema, value: object, place: Place): string[] {
  const missing = (schema.required ?? [])
    .filter((name) => !(name in value))
    .map((name) => `${place.at}.${name} is missing`)
  const { additionalProperties: rest } = schema
  const wrong = Object.entries(value).flatMap(([name, member]) => {
    const found = schema.properties?.[name] ?? (typeof rest === 'object' ? rest : undefined)
    return found ? schemaMismatches(found, member, { ...place, at: `${place.at}.${name}` }) : []
  })
  return [...missing, ...wrong]
}

function alternativeMismatches(schema: Schema, value: unknown, place: Place): string[] {
  const alternatives = schema.anyOf ?? schema.oneOf ?? []
  const found = alternatives.map((one) => schemaMismatches(one, value, place))
  return found.length === 0 || found.some((list) => list.length === 0) ? [] : (found[0] ?? [])
}

function ownMismatches(schema: Schema, value: unknown, place: Place): string[] {
  if (schema.type && !typeMatches(schema.type, value))
    return [`${place.at} is ${JSON.stringify(value)?.slice(0, 60)}, not ${schema.type}`]
  if (schema.enum && !schema.enum.includes(value))
    return [`${place.at} is ${JSON.stringify(value)}, not one of ${JSON.stringify(schema.enum)}`]
  const { items } = schema
  if (Array.isArray(value) && items)
    return value.flatMap((item, index) =>
      schemaMismatches(items, item, { ...place, at: `${place.at}[${index}]` }),
    )
  return typeof value === 'object' && value !== null ? objectMismatches(schema, value, place) : []
}

/** Where a value is not what its schema says; empty when it is. */
export function schemaMismatches(schema: Schema, value: unknown, place: Place): string[] {
  if (schema.$ref) {
    const target = place.schemas[schema.$ref.replace('#/components/schemas/', '')]
    return target ? schemaMismatches(target, value, place) : [`${schema.$ref} is not described`]
  }
  if (value === null && (schema.nullable || !schema.type)) return []
  return [
    ...ownMismatches(schema, value, place),
    ...alternativeMismatches(schema, value, place),
    ...(schema.allOf ?? []).flatMap((one) => schemaMismatches(one, value, place)),
  ]
}
