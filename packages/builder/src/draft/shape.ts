import type { Json, JsonSchema } from '@plumb/protocol'
import { listOf } from '../description/document.js'
import type { Schemas } from '../description/schema-shape.js'
import { deref, propertiesOf, requiredOf, typesOf } from '../description/schema-shape.js'

/** A value as the drafts think of it: what zod can say without loss of precision. */
export type Shape =
  | { readonly kind: 'string' | 'number' | 'integer' | 'boolean' | 'json' }
  | { readonly kind: 'enum'; readonly values: readonly (string | number | boolean)[] }
  | { readonly kind: 'array'; readonly items: Shape }
  | { readonly kind: 'record'; readonly values: Shape }
  | { readonly kind: 'union'; readonly members: readonly Shape[] }
  | { readonly kind: 'nullable'; readonly inner: Shape }
  | ObjectShape

export type ObjectShape = { readonly kind: 'object'; readonly fields: readonly ShapeField[] }

export type ShapeField = {
  readonly name: string
  readonly shape: Shape
  readonly required: boolean
  readonly nullable: boolean
  readonly description: string
  readonly readOnly: boolean
}

export type ShapeOptions = {
  /** How many levels of objects are spelt out. */
  readonly depth: number
  /** How many members an object keeps. */
  readonly fields: number
}

const maxEnum = 24

type Walk = {
  readonly schemas: Schemas
  readonly options: ShapeOptions
  readonly open: readonly string[]
}

/** The shape of a schema; deeper levels and circles end as JSON. */
export function shapeOf(schema: Json | undefined, schemas: Schemas, options: ShapeOptions): Shape {
  return walk(schema, { schemas, options, open: [] }, options.depth)
}

/** The members of an object schema, in the document's order. */
export function fieldsOf(
  schema: JsonSchema,
  schemas: Schemas,
  options: ShapeOptions,
): ShapeField[] {
  return members(deref(schema, schemas), { schemas, options, open: [] }, options.depth)
}

function walk(raw: Json | undefined, state: Walk, depth: number): Shape {
  const reference = refOf(raw)
  if (reference !== null && state.open.includes(reference)) return { kind: 'json' }
  const next = reference === null ? state : { ...state, open: [...state.open, reference] }
  const schema = deref(raw, state.schemas)
  const literal = literals(schema)
  if (literal !== null) return literal
  const union = alternatives(schema, next, depth)
  if (union !== null) return union
  const types = typesOf(schema)
  if (types.length > 1)
    return unionOf(types.map((type) => byType({ ...schema, type }, next, depth)))
  return byType(schema, next, depth)
}

function refOf(raw: Json | undefined): string | null {
  const reference = typeof raw === 'object' && raw !== null && '$ref' in raw ? raw.$ref : null
  return typeof reference === 'string' ? reference : null
}

function literals(schema: JsonSchema): Shape | null {
  if (
    typeof schema.const === 'string' ||
    typeof schema.const === 'number' ||
    typeof schema.const === 'boolean'
  ) {
    return { kind: 'enum', values: [schema.const] }
  }
  const values = listOf(schema.enum).filter((value) => value !== null && value !== '')
  const scalars = values.filter((value) => typeof value === 'string' || typeof value === 'number')
  const isWhole =
    scalars.length > 0 && scalars.length === values.length && scalars.length <= maxEnum
  if (!isWhole) return null
  const types = typesOf(schema)
  const fits =
    types.length === 0 || scalars.every((value) => types.some((type) => typeFits(type, value)))
  return fits ? { kind: 'enum', values: [...new Set(scalars)] } : null
}

function typeFits(type: string, value: string | number): boolean {
  return type === 'string'
    ? typeof value === 'string'
    : type !== 'boolean' && typeof value === 'number'
}

function alternatives(schema: JsonSchema, state: Walk, depth: number): Shape | null {
  if ('properties' in schema) return null
  const options = [...listOf(schema.oneOf), ...listOf(schema.anyOf)]
  const real = options.filter((option) => deref(option, state.schemas).type !== 'null')
  if (real.length === 0) return null
  return unionOf(real.map((option) => walk(option, state, depth)))
}

/** One member stays itself; several objects cannot be told apart, so they keep what they share as optional. */
function unionOf(shapes: readonly Shape[]): Shape {
  const objects = shapes.filter((shape) => shape.kind === 'object')
  const others = shapes.filter((shape) => shape.kind !== 'object')
  const merged = objects.length > 1 ? [mergeObjects(objects)] : objects
  const unique = new Map([...merged, ...others].map((shape) => [JSON.stringify(shape), shape]))
  const members = [...unique.values()]
  if (members.some((shape) => shape.kind === 'json')) return { kind: 'json' }
  const [first] = members
  return members.length === 1 && first !== undefined ? first : { kind: 'union', members }
}

function mergeObjects(objects: readonly ObjectShape[]): Shape {
  const fields = new Map<string, ShapeField>()
  for (const field of objects.flatMap((object) => object.fields)) {
    const known = fields.get(field.name)
    const everywhere = objects.every((object) =>
      object.fields.some(({ name, required }) => name === field.name && required),
    )
    const shape = known === undefined ? field.shape : unionOf([known.shape, field.shape])
    fields.set(field.name, { ...field, shape, required: everywhere })
  }
  return { kind: 'object', fields: [...fields.values()] }
}

function byType(schema: JsonSchema, state: Walk, depth: number): Shape {
  const [type] = typesOf(schema)
  if (type === 'string' || type === 'number' || type === 'integer' || type === 'boolean') {
    return { kind: type }
  }
  if (type === 'array') return { kind: 'array', items: nullableItem(schema.items, state, depth) }
  if (type !== 'object' && !('allOf' in schema)) return { kind: 'json' }
  const fields = depth > 0 ? members(schema, state, depth) : []
  if (fields.length > 0) return { kind: 'object', fields }
  return { kind: 'record', values: recordValues(schema, state, depth) }
}

function nullableItem(raw: Json | undefined, state: Walk, depth: number): Shape {
  const inner = walk(raw, state, depth)
  return isNullable(deref(raw, state.schemas)) && inner.kind !== 'json'
    ? { kind: 'nullable', inner }
    : inner
}

function recordValues(schema: JsonSchema, state: Walk, depth: number): Shape {
  const { additionalProperties } = schema
  const isSchema = typeof additionalProperties === 'object' && additionalProperties !== null
  return isSchema && depth > 0
    ? nullableItem(additionalProperties, state, depth - 1)
    : { kind: 'json' }
}

function members(schema: JsonSchema, state: Walk, depth: number): ShapeField[] {
  const required = new Set(requiredOf(schema, state.schemas))
  return Object.entries(propertiesOf(schema, state.schemas))
    .filter(([name]) => name !== 'constructor' && name !== 'prototype')
    .slice(0, state.options.fields)
    .map(([name, raw]) => {
      const value = deref(raw, state.schemas)
      const told = typeof raw.description === 'string' ? raw.description : value.description
      const description = typeof told === 'string' ? told : ''
      return {
        name,
        shape: walk(raw, state, depth - 1),
        required: required.has(name),
        nullable: isNullable(value) || isNullable(raw),
        description,
        readOnly:
          raw.readOnly === true ||
          value.readOnly === true ||
          /\b(read[- ]only|output only)\b/i.test(description),
      }
    })
}

function isNullable(schema: JsonSchema): boolean {
  if (schema.type === 'null' || schema.nullable === true) return true
  if (Array.isArray(schema.type) && (schema.type as readonly Json[]).includes('null')) return true
  if (Array.isArray(schema.enum) && (schema.enum as readonly Json[]).includes(null)) return true
  return [...listOf(schema.anyOf), ...listOf(schema.oneOf)].some(
    (option) =>
      typeof option === 'object' && option !== null && 'type' in option && isNullable(option),
  )
}

export const isScalar = (shape: Shape): boolean =>
  ['string', 'number', 'integer', 'boolean', 'enum'].includes(shape.kind)

/** Whether every value of the shape is text. */
export function isText(shape: Shape): boolean {
  if (shape.kind === 'enum') return shape.values.every((value) => typeof value === 'string')
  return shape.kind === 'string'
}
