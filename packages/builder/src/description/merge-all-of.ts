import type { Json, JsonSchema } from '@plumb/protocol'
import { isObject, listOf, objectOf, stringsOf } from './document.js'

/** Looks up a named schema; null where it is unknown or part of the cycle being walked. */
export type LookUp = (name: string) => JsonSchema | null

/**
 * Merges `allOf` into one schema where every member is an object schema (or adds only annotations);
 * otherwise the schema is returned as it is.
 */
export function mergeAllOf(schema: JsonSchema, lookUp: LookUp): JsonSchema {
  const { allOf, ...rest } = schema
  const members = listOf(allOf).filter(isObject)
  const [only] = members
  if (members.length === 1 && only !== undefined && !('properties' in rest)) {
    return { ...only, ...annotationsOf(rest), ...requiredOf([only, rest]) }
  }
  const resolved = members.map((member) => resolveReference(member, lookUp))
  const parts: JsonSchema[] = []
  for (const part of resolved) {
    if (part === null || !isMergeable(part)) return schema
    parts.push(part)
  }
  return combine([...parts, rest])
}

function resolveReference(member: JsonSchema, lookUp: LookUp): JsonSchema | null {
  const { $ref } = member
  return typeof $ref === 'string' ? lookUp($ref.slice('#/schemas/'.length)) : member
}

function isMergeable(schema: JsonSchema): boolean {
  if ('anyOf' in schema || 'oneOf' in schema || 'allOf' in schema || '$ref' in schema) return false
  return schema.type === undefined || schema.type === 'object'
}

function combine(parts: readonly JsonSchema[]): JsonSchema {
  const properties: Record<string, Json> = {}
  let merged: Record<string, Json> = {}
  for (const part of parts) {
    merged = { ...merged, ...part }
    for (const [name, value] of Object.entries(objectOf(part.properties))) properties[name] = value
  }
  const members = Object.keys(properties).length > 0 ? { type: 'object', properties } : {}
  return { ...merged, ...members, ...requiredOf(parts) }
}

function requiredOf(parts: readonly JsonSchema[]): { required?: string[] } {
  const required = [...new Set(parts.flatMap((part) => stringsOf(part.required)))]
  return required.length > 0 ? { required } : {}
}

function annotationsOf(schema: JsonSchema): JsonSchema {
  const kept = Object.entries(schema).filter(([key]) =>
    ['description', 'title', 'default', 'example', 'deprecated', 'readOnly', 'nullable'].includes(
      key,
    ),
  )
  return Object.fromEntries(kept)
}
