import type { Finding, JsonSchema } from '@plumb/protocol'
import { deref, successResponse, typesOf } from '../description/schema-shape.js'
import { dryRunCalls } from './dry-run-calls.js'
import type { CheckInput } from './verification-input.js'

/** Fields of an otherwise strict schema that take anything although their type is known. */
export function looseFields(input: CheckInput, name: string, schema: JsonSchema): Finding[] {
  const fields = fieldsOf(schema, name)
  const hidden = fields.filter(({ schema: field }) => hidesAnything(field))
  const described = describedTypes(input)
  const ignored = fields.filter(
    ({ schema: field, key }) => saysNothing(field) && described.has(key),
  )
  return [
    ...hidden.map(({ path }) => finding(`${path} is a choice of which one part takes anything.`)),
    ...ignored.map(({ path, key }) =>
      finding(`${path} takes anything; the API description says ${described.get(key) ?? ''}.`),
    ),
  ]
}

type Field = { readonly path: string; readonly key: string; readonly schema: JsonSchema }

const deepest = 8

function fieldsOf(schema: JsonSchema, path: string, depth = 0): Field[] {
  if (depth > deepest) return []
  const { properties, items, additionalProperties: more } = schema
  const within = (inner: unknown, at: string): Field[] =>
    isSchema(inner) ? fieldsOf(inner, at, depth + 1) : []
  const own = Object.entries(isSchema(properties) ? properties : {}).flatMap(([key, field]) => {
    const at = `${path}.${key}`
    return isSchema(field) ? [{ path: at, key, schema: field }, ...within(field, at)] : []
  })
  const parts = choicesOf(schema).flatMap((part) => within(part, path))
  return [...own, ...parts, ...within(items, `${path}[]`), ...within(more, `${path}.*`)]
}

/** `z.string().or(z.unknown())`; null beside anything hides nothing. */
function hidesAnything(schema: JsonSchema): boolean {
  const parts = choicesOf(schema)
  const typed = parts.filter((part) => !saysNothing(part) && part.type !== 'null')
  return typed.length > 0 && parts.some(saysNothing)
}

function saysNothing(schema: JsonSchema): boolean {
  const choices = choicesOf(schema)
  if (choices.length > 0)
    return (
      choices.every((part) => saysNothing(part) || part.type === 'null') &&
      choices.some(saysNothing)
    )
  const says = ['type', 'const', 'enum', '$ref', 'properties', 'items', 'allOf', 'not']
  return !says.some((keyword) => keyword in schema)
}

function choicesOf(schema: JsonSchema): JsonSchema[] {
  return [schema['anyOf'], schema['oneOf']].flat().filter(isSchema)
}

/** Members that have a plain type wherever the answers of the called operations name them. */
function describedTypes(input: CheckInput): ReadonlyMap<string, string> {
  const called = new Set(dryRunCalls(input).map(({ operation }) => operation))
  const found = new Map<string, Set<string>>()
  for (const operation of called) {
    const answer = successResponse(operation?.responses ?? [])?.schema
    if (answer) collectTypes(answer, { schemas: input.description.schemas, found, depth: 0 })
  }
  const plain = [...found].filter(([, types]) => [...types].every((type) => plainTypes.has(type)))
  return new Map(plain.map(([key, types]) => [key, [...types].join(' or ')]))
}

const plainTypes = new Set(['string', 'number', 'integer', 'boolean'])

type Collection = {
  readonly schemas: Readonly<Record<string, JsonSchema>>
  readonly found: Map<string, Set<string>>
  readonly depth: number
}

function collectTypes(schema: JsonSchema, { schemas, found, depth }: Collection): void {
  if (depth > deepest) return
  const { properties, items, allOf, anyOf, oneOf } = deref(schema, schemas)
  for (const [key, raw] of Object.entries(isSchema(properties) ? properties : {})) {
    const field = isSchema(raw) ? deref(raw, schemas) : {}
    const types = found.get(key) ?? new Set<string>()
    for (const type of typesOf(field)) types.add(type)
    if (typesOf(field).length === 0) types.add('anything')
    found.set(key, types)
  }
  const inner = [Object.values(isSchema(properties) ? properties : {}), items, allOf, anyOf, oneOf]
  for (const one of inner.flat().filter(isSchema))
    collectTypes(one, { schemas, found, depth: depth + 1 })
}

function finding(message: string): Finding {
  return {
    check: 'schema-strictness',
    behaviour: 'E1',
    severity: 'reject',
    message,
    remedy: 'Give the field its type, and `.nullable()` where the API may answer null.',
    pointer: null,
  }
}

function isSchema(value: unknown): value is JsonSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
