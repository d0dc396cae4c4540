import type { Json, JsonObject, JsonSchema } from '@plumb/protocol'
import type { ApiDocument } from './document.js'
import {
  documentError,
  entriesOf,
  isObject,
  listOf,
  objectOf,
  own,
  resolvePointer,
  stringsOf,
  textOf,
} from './document.js'
import { mergeAllOf } from './merge-all-of.js'

const maxDepth = 48
const maxNodes = 3_000_000
const maxText = 1_000
const maxExample = 400

const copied = [
  'type',
  'format',
  'enum',
  'const',
  'default',
  'pattern',
  'minimum',
  'maximum',
  'minLength',
  'maxLength',
  'minItems',
  'maxItems',
  'readOnly',
  'writeOnly',
  'deprecated',
  'title',
] as const

/** Turns the schemas of one document into JSON Schema whose references are `#/schemas/Name`. */
export type SchemaNormaliser = {
  normalise(schema: Json | undefined, pointer: string): JsonSchema
  /** All named schemas of the document, normalised. */
  all(): Record<string, JsonSchema>
}

/** `container` is the pointer of the named schemas (`#/components/schemas`); a bare name also refers into it. */
export function createSchemaNormaliser(document: ApiDocument, container: string): SchemaNormaliser {
  const named = objectOf(resolvePointer(document.root, container))
  const walk = new SchemaWalk(document, container, named)
  return {
    normalise: (schema, pointer) => walk.schema(schema, pointer, 0),
    all: () => Object.fromEntries(entriesOf(named).map(([name]) => [name, walk.named(name) ?? {}])),
  }
}

class SchemaWalk {
  readonly #done = new Map<string, JsonSchema>()
  readonly #open = new Set<string>()
  #nodes = 0
  readonly document: ApiDocument
  readonly container: string
  readonly schemas: JsonObject

  constructor(document: ApiDocument, container: string, schemas: JsonObject) {
    this.document = document
    this.container = container
    this.schemas = schemas
  }

  /** The named schema, or null while it is being walked (a cycle) or where it does not exist. */
  named(name: string): JsonSchema | null {
    const known = this.#done.get(name)
    if (known !== undefined) return known
    const raw = own(this.schemas, name)
    if (raw === undefined || this.#open.has(name)) return null
    this.#open.add(name)
    const schema = this.schema(raw, `${this.container}/${name}`, 0)
    this.#open.delete(name)
    this.#done.set(name, schema)
    return schema
  }

  schema(raw: Json | undefined, pointer: string, depth: number): JsonSchema {
    this.#nodes += 1
    if (this.#nodes > maxNodes) {
      throw documentError(this.document.source, pointer, {
        message: `holds more than ${maxNodes} schema nodes`,
        remedy: 'Cut the document down to the paths you need.',
      })
    }
    if (!isObject(raw) || depth > maxDepth) return {}
    const reference = own(raw, '$ref')
    if (typeof reference === 'string') return this.#reference(raw, reference, { pointer, depth })
    const schema = this.#keywords(raw, pointer, depth)
    const merged = Array.isArray(schema.allOf)
      ? mergeAllOf(schema, (name) => this.named(name))
      : schema
    return isNullable(raw) ? withNull(merged) : merged
  }

  #reference(
    raw: JsonObject,
    reference: string,
    at: { pointer: string; depth: number },
  ): JsonSchema {
    const description = textOf(raw.description).slice(0, maxText)
    const extra = description === '' ? {} : { description }
    const name = this.#nameOf(reference)
    if (name !== null && Object.hasOwn(this.schemas, name)) {
      const schema = { $ref: `#/schemas/${name}`, ...extra }
      return isNullable(raw) ? withNull(schema) : schema
    }
    if (!reference.startsWith('#') && name === null) {
      throw documentError(this.document.source, at.pointer, {
        message: `refers to "${reference}", which is another document`,
        remedy: 'Bundle the document into one file first (for example with a bundler for OpenAPI).',
      })
    }
    const target = resolvePointer(this.document.root, reference)
    if (target === undefined) {
      throw documentError(this.document.source, at.pointer, {
        message: `refers to "${reference}", which does not exist`,
      })
    }
    if (this.#open.has(reference)) return {}
    this.#open.add(reference)
    const schema = this.schema(target, reference, at.depth + 1)
    this.#open.delete(reference)
    return schema
  }

  #nameOf(reference: string): string | null {
    const prefix = `${this.container}/`
    if (reference.startsWith(prefix)) {
      const name = decodeName(reference.slice(prefix.length))
      return name.includes('/') && !Object.hasOwn(this.schemas, name) ? null : name
    }
    return Object.hasOwn(this.schemas, reference) ? reference : null
  }

  #keywords(raw: JsonObject, pointer: string, depth: number): JsonSchema {
    const out: Record<string, Json> = {}
    for (const key of copied) {
      const value = own(raw, key)
      if (value !== undefined) out[key] = value
    }
    if (raw.type === 'file') Object.assign(out, { type: 'string', format: 'binary' })
    const description = textOf(raw.description).trim().slice(0, maxText)
    if (description !== '') out.description = description
    addExample(out, raw)
    const required = stringsOf(raw.required)
    if (required.length > 0) out.required = required
    this.#children(out, raw, { pointer, depth: depth + 1 })
    return out
  }

  #children(
    out: Record<string, Json>,
    raw: JsonObject,
    at: { pointer: string; depth: number },
  ): void {
    const properties = entriesOf(raw.properties)
    if (properties.length > 0) {
      out.properties = Object.fromEntries(
        properties.map(([name, value]) => [
          name,
          this.schema(value, `${at.pointer}/properties/${name}`, at.depth),
        ]),
      )
    }
    if (isObject(raw.items)) out.items = this.schema(raw.items, `${at.pointer}/items`, at.depth)
    if (isObject(raw.additionalProperties)) {
      const pointer = `${at.pointer}/additionalProperties`
      out.additionalProperties = this.schema(raw.additionalProperties, pointer, at.depth)
    } else if (typeof raw.additionalProperties === 'boolean') {
      out.additionalProperties = raw.additionalProperties
    }
    for (const key of ['allOf', 'anyOf', 'oneOf'] as const) {
      const members = listOf(raw[key])
      if (members.length > 0) {
        out[key] = members.map((item, i) =>
          this.schema(item, `${at.pointer}/${key}/${i}`, at.depth),
        )
      }
    }
  }
}

function addExample(out: Record<string, Json>, raw: JsonObject): void {
  const example = own(raw, 'example') ?? listOf(raw.examples)[0]
  if (example === undefined || example === null) return
  if (JSON.stringify(example).length <= maxExample) out.example = example
}

function isNullable(raw: JsonObject): boolean {
  return raw.nullable === true || raw['x-nullable'] === true
}

function withNull(schema: JsonSchema): JsonSchema {
  const { type } = schema
  if (typeof type === 'string') {
    const values = Array.isArray(schema.enum) ? (schema.enum as readonly Json[]) : null
    const extra = values === null || values.includes(null) ? {} : { enum: [...values, null] }
    return { ...schema, type: [type, 'null'], ...extra }
  }
  if (Array.isArray(type)) {
    const types = type as readonly Json[]
    return types.includes('null') ? schema : { ...schema, type: [...types, 'null'] }
  }
  return { anyOf: [schema, { type: 'null' }] }
}

function decodeName(name: string): string {
  const plain = name.replaceAll('~1', '/').replaceAll('~0', '~')
  try {
    return decodeURIComponent(plain)
  } catch {
    return plain
  }
}
