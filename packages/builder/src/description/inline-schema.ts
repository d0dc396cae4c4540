import type { ApiDescription, Json, JsonObject, JsonSchema } from '@plumb/protocol'
import { isObject, listOf, objectOf } from './document.js'
import { deref } from './schema-shape.js'

const maxDepth = 6
const maxNodes = 600

type Walk = { readonly description: ApiDescription; nodes: number; readonly open: Set<string> }

/** Replaces references by what they name; what is too deep, too large or circular ends as its type and name. */
export function inlineSchema(description: ApiDescription, schema: JsonSchema): JsonObject {
  return inline({ description, nodes: 0, open: new Set() }, schema, 0)
}

function inline(walk: Walk, schema: Json | undefined, depth: number): JsonObject {
  const raw = objectOf(schema)
  const reference = typeof raw.$ref === 'string' ? raw.$ref : null
  const target = reference === null ? raw : deref(raw, walk.description.schemas)
  walk.nodes += 1
  if (
    depth > maxDepth ||
    walk.nodes > maxNodes ||
    (reference !== null && walk.open.has(reference))
  ) {
    return cut(target, reference)
  }
  if (reference !== null) walk.open.add(reference)
  const out = children(walk, target, depth)
  if (reference !== null) walk.open.delete(reference)
  return typeof raw.description === 'string' ? { ...out, description: raw.description } : out
}

function cut(schema: JsonSchema, reference: string | null): JsonObject {
  return {
    ...(schema.type === undefined ? {} : { type: schema.type }),
    ...(reference === null ? {} : { title: reference.slice('#/schemas/'.length) }),
  }
}

function children(walk: Walk, schema: JsonSchema, depth: number): JsonObject {
  const out: Record<string, Json> = { ...schema }
  if (isObject(schema.properties)) {
    const members = Object.entries(schema.properties)
    out.properties = Object.fromEntries(
      members.map(([name, value]) => [name, inline(walk, value, depth + 1)]),
    )
  }
  if (isObject(schema.items)) out.items = inline(walk, schema.items, depth + 1)
  if (isObject(schema.additionalProperties)) {
    out.additionalProperties = inline(walk, schema.additionalProperties, depth + 1)
  }
  for (const key of ['allOf', 'anyOf', 'oneOf'] as const) {
    const members = listOf(schema[key])
    if (members.length > 0) out[key] = members.map((member) => inline(walk, member, depth + 1))
  }
  return out
}
