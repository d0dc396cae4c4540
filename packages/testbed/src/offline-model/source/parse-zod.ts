import type { Json, JsonObject } from '@plumb/protocol'

/** A zod expression as JSON Schema, and whether a value may be left out. */
export type ZodShape = { readonly schema: JsonObject; readonly optional: boolean }

type Reader = {
  readonly text: string
  at: number
  readonly named: (name: string) => string | null
  depth: number
}

/** Reads a zod expression as a draft writes it; `named` gives the expression behind a constant. Null when it is something else. */
export function parseZod(text: string, named: Reader['named'] = () => null): ZodShape | null {
  const reader: Reader = { text, at: 0, named, depth: 0 }
  try {
    return expression(reader)
  } catch (error) {
    if (error instanceof UnknownSyntax) return null
    throw error
  }
}

class UnknownSyntax extends Error {}

function space(reader: Reader): void {
  const rest = reader.text.slice(reader.at)
  reader.at += /^(\s|\/\/[^\n]*\n)*/.exec(rest)?.[0].length ?? 0
}

function take(reader: Reader, pattern: RegExp): string | null {
  space(reader)
  const match = pattern.exec(reader.text.slice(reader.at))
  if (match === null || match.index !== 0) return null
  reader.at += match[0].length
  return match[1] ?? match[0]
}

function need(reader: Reader, pattern: RegExp): string {
  const found = take(reader, pattern)
  if (found === null) throw new UnknownSyntax()
  return found
}

function expression(reader: Reader): ZodShape {
  const base = take(reader, /^z\s*\./) === null ? constant(reader) : call(reader)
  return members(reader, base)
}

function constant(reader: Reader): ZodShape {
  const name = need(reader, /^([A-Za-z_$][\w$]*)/)
  const text = reader.depth > 8 ? null : reader.named(name)
  if (text === null) throw new UnknownSyntax()
  const inner: Reader = { text, at: 0, named: reader.named, depth: reader.depth + 1 }
  return expression(inner)
}

const plain: Readonly<Record<string, JsonObject>> = {
  string: { type: 'string' },
  number: { type: 'number' },
  int: { type: 'integer' },
  boolean: { type: 'boolean' },
  email: { type: 'string', format: 'email' },
  url: { type: 'string', format: 'uri' },
  uuid: { type: 'string', format: 'uuid' },
  null: { type: 'null' },
}

type Constructor = (reader: Reader) => JsonObject

const constructors: Readonly<Record<string, Constructor>> = {
  object: objectSchema,
  strictObject: objectSchema,
  looseObject: objectSchema,
  array: (reader) => ({ type: 'array', items: expression(reader).schema }),
  enum: (reader) => ({ enum: listOfLiterals(reader) }),
  literal: (reader) => ({ enum: listOfLiterals(reader) }),
  union: (reader) => ({ anyOf: alternatives(reader) }),
  record: (reader) => {
    expression(reader)
    need(reader, /^,/)
    return { type: 'object', additionalProperties: expression(reader).schema }
  },
}

function call(reader: Reader): ZodShape {
  const name = need(reader, /^([a-zA-Z]+)/)
  need(reader, /^\(/)
  const make = Object.hasOwn(constructors, name) ? constructors[name] : undefined
  const schema = make === undefined ? (plain[name] ?? {}) : make(reader)
  rest(reader)
  return { schema, optional: false }
}

function objectSchema(reader: Reader): JsonObject {
  need(reader, /^\{/)
  const properties: Record<string, JsonObject> = {}
  const required: string[] = []
  while (take(reader, /^\}/) === null) {
    const name =
      take(reader, /^'([^']*)'/) ?? take(reader, /^"([^"]*)"/) ?? need(reader, /^([\w$]+)/)
    need(reader, /^:/)
    const { schema, optional } = expression(reader)
    properties[name] = schema
    if (!optional) required.push(name)
    take(reader, /^,/)
  }
  return { type: 'object', properties, required }
}

function listOfLiterals(reader: Reader): Json[] {
  const isList = take(reader, /^\[/) !== null
  const values = [literal(reader)]
  while (isList && take(reader, /^,/) !== null && take(reader, /^(?=\])/) === null)
    values.push(literal(reader))
  if (isList) need(reader, /^,?\s*\]/)
  return values
}

function literal(reader: Reader): Json {
  const text = take(reader, /^'((?:[^'\\]|\\.)*)'/)
  if (text !== null) return text.replaceAll(/\\(.)/g, '$1')
  return JSON.parse(need(reader, /^(?:"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?|true|false|null)/)) as Json
}

function alternatives(reader: Reader): JsonObject[] {
  need(reader, /^\[/)
  const found = [expression(reader).schema]
  while (take(reader, /^,/) !== null && take(reader, /^(?=\])/) === null)
    found.push(expression(reader).schema)
  need(reader, /^,?\s*\]/)
  return found
}

/** `.optional()`, `.describe('...')` and the rest of a chain. */
function members(reader: Reader, base: ZodShape): ZodShape {
  let shape = base
  for (
    let name = take(reader, /^\.\s*([a-zA-Z]+)\s*\(/);
    name !== null;
    name = take(reader, /^\.\s*([a-zA-Z]+)\s*\(/)
  ) {
    const said = name === 'describe' ? take(reader, /^'((?:[^'\\]|\\.)*)'/) : null
    shape = changed(shape, name, said)
    rest(reader)
  }
  return shape
}

function changed({ schema, optional }: ZodShape, name: string, said: string | null): ZodShape {
  if (name === 'optional' || name === 'nullish' || name === 'default')
    return { schema, optional: true }
  if (name === 'int') return { schema: { ...schema, type: 'integer' }, optional }
  if (said !== null)
    return { schema: { ...schema, description: said.replaceAll(/\\(.)/g, '$1') }, optional }
  return { schema, optional }
}

/** Skips to the bracket that closes the call, over anything in between. */
function rest(reader: Reader): void {
  let depth = 1
  while (depth > 0) {
    const part = need(
      reader,
      /^(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|`(?:[^`\\]|\\.)*`|[()]|[^()'"`\s]+)/,
    )
    if (part === '(') depth += 1
    if (part === ')') depth -= 1
  }
}
