import type { Json, JsonSchema, Operation, OperationResponse } from '@plumb/protocol'
import { isObject, listOf, objectOf, own, stringsOf } from './document.js'

export type Schemas = Readonly<Record<string, JsonSchema>>

const maxHops = 16

/** Follows `#/schemas/Name`; an unknown name or a circle of names gives `{}`. */
export function deref(schema: Json | undefined, schemas: Schemas): JsonSchema {
  let value: Json | undefined = schema
  for (let hop = 0; hop < maxHops; hop += 1) {
    if (!isObject(value)) return {}
    const { $ref } = value
    if (typeof $ref !== 'string') return value
    value = own(schemas, $ref.slice('#/schemas/'.length))
  }
  return {}
}

/** The JSON types a schema allows, without `null`; inferred from its members where `type` is missing. */
export function typesOf(schema: JsonSchema): string[] {
  const { type } = schema
  if (typeof type === 'string') return type === 'null' ? [] : [type]
  const types = stringsOf(type).filter((item) => item !== 'null')
  if (types.length > 0) return types
  if ('properties' in schema || 'additionalProperties' in schema) return ['object']
  return 'items' in schema ? ['array'] : []
}

export function isArraySchema(schema: JsonSchema): boolean {
  return typesOf(schema).includes('array')
}

/** The properties of an object schema; those of `allOf`, and of the first object among `anyOf`/`oneOf`, too. */
export function propertiesOf(
  schema: JsonSchema,
  schemas: Schemas,
  depth = 0,
): Readonly<Record<string, JsonSchema>> {
  const direct = objectOf(schema.properties) as Record<string, JsonSchema>
  if (depth > 4) return direct
  const all = listOf(schema.allOf).map((part) =>
    propertiesOf(deref(part, schemas), schemas, depth + 1),
  )
  const some = [...listOf(schema.oneOf), ...listOf(schema.anyOf)]
    .map((part) => propertiesOf(deref(part, schemas), schemas, depth + 1))
    .find((properties) => Object.keys(properties).length > 0)
  const nested = all.length === 0 && Object.keys(direct).length === 0 ? (some ?? {}) : {}
  return Object.assign({}, nested, ...all, direct) as Record<string, JsonSchema>
}

export function requiredOf(schema: JsonSchema, schemas: Schemas, depth = 0): string[] {
  const own = stringsOf(schema.required)
  if (depth > 4) return own
  const all = listOf(schema.allOf).flatMap((part) =>
    requiredOf(deref(part, schemas), schemas, depth + 1),
  )
  return [...new Set([...own, ...all])]
}

/** The response of a successful call: the lowest 2xx with a JSON body, else the lowest 2xx, else `default`. */
export function successResponse(responses: readonly OperationResponse[]): OperationResponse | null {
  const ok = responses.filter(({ status }) => status.startsWith('2'))
  const withBody = ok.find((response) => response.schema !== null)
  const other = responses.find(({ status }) => status === 'default')
  return withBody ?? ok[0] ?? (other?.schema ? other : null)
}

/** The name of the collection or object a path ends in: `/calendars/{id}/events` gives `events`. */
export function lastResource(path: string): string {
  const segments = path.split('/').filter((segment) => segment !== '' && !segment.includes('{'))
  const last = segments.at(-1) ?? ''
  return last.replace(/\.json$/, '')
}

/** Where a success holds its list. */
export type ListPlace = {
  /** Names from the body to the list; empty when the body is the list. */
  readonly path: readonly string[]
  readonly items: JsonSchema
}

const listNames = [
  'items',
  'data',
  'results',
  'records',
  'entries',
  'values',
  'value',
  'list',
  'objects',
  'elements',
  'nodes',
  'rows',
  'hits',
  'members',
]

/** The list in the success response of an operation, or null. */
export function findList(
  operation: Pick<Operation, 'responses' | 'path' | 'id'>,
  schemas: Schemas,
): ListPlace | null {
  const schema = successResponse(operation.responses)?.schema
  if (schema === undefined || schema === null) return null
  const body = deref(schema, schemas)
  if (isArraySchema(body)) return { path: [], items: deref(body.items, schemas) }
  const isItem = operation.path.endsWith('}')
  return listIn(body, { schemas, resource: lastResource(operation.path), path: [], isItem })
}

type Search = {
  readonly schemas: Schemas
  readonly resource: string
  readonly path: readonly string[]
  /** The path ends in a placeholder: it names one thing. */
  readonly isItem: boolean
}

function listIn(body: JsonSchema, search: Search): ListPlace | null {
  const properties = Object.entries(propertiesOf(body, search.schemas)).map(
    ([name, schema]) => [name, deref(schema, search.schemas)] as const,
  )
  const lists = properties.filter(([, schema]) => isArraySchema(schema))
  if (search.path.length === 0 && isOneThing(properties, search)) return null
  const best = bestList(lists, search, properties.length)
  if (best !== null) return best
  if (search.path.length >= 1) return null
  for (const [name, schema] of properties) {
    if (!/^(data|result|results|response|payload|body|_embedded|page|query)$/i.test(name)) continue
    const inner = listIn(schema, { ...search, path: [name] })
    if (inner !== null) return inner
  }
  return null
}

/** An answer that has an id is a thing which may own lists, unless the path ends in the name of one of them. */
function isOneThing(
  properties: readonly (readonly [string, JsonSchema])[],
  search: Search,
): boolean {
  if (!properties.some(([name]) => /^_?(id|uuid|guid|gid)$/i.test(name))) return false
  const resource = plain(search.resource)
  const isNamed = properties.some(
    ([name, schema]) => isArraySchema(schema) && isSameWord(plain(name), resource),
  )
  return search.isItem || !isNamed
}

function bestList(
  lists: readonly (readonly [string, JsonSchema])[],
  search: Search,
  siblings: number,
): ListPlace | null {
  const place = ([name, schema]: readonly [string, JsonSchema]): ListPlace => ({
    path: [...search.path, name],
    items: deref(schema.items, search.schemas),
  })
  const resource = plain(search.resource)
  const same = lists.find(([name]) => isSameWord(plain(name), resource))
  if (same !== undefined) return place(same)
  for (const known of listNames) {
    const found = lists.find(([name]) => name.toLowerCase() === known)
    if (found !== undefined) return place(found)
  }
  const objects = lists.filter(([, schema]) => isObjectSchema(deref(schema.items, search.schemas)))
  const [only] = objects
  return only !== undefined && objects.length === 1 && siblings <= 8 ? place(only) : null
}

export function isObjectSchema(schema: JsonSchema): boolean {
  return typesOf(schema).includes('object') || 'allOf' in schema
}

const plain = (name: string): string => name.toLowerCase().replace(/[^a-z0-9]/g, '')

function isSameWord(name: string, resource: string): boolean {
  if (name === '' || resource === '') return false
  return (
    name === resource ||
    name === `${resource}s` ||
    `${name}s` === resource ||
    resource.endsWith(`${name}`)
  )
}
