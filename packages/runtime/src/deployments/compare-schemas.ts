import { canonicalJson } from '@plumb/protocol'
import type { Json, JsonSchema } from '@plumb/protocol'
import { shapeOf } from './schema-shape.js'
import type { SchemaShape } from './schema-shape.js'

/** `taken`: what callers send, which must not be refused now. `given`: what they read, which must not be missing now. */
export type SchemaSide = 'taken' | 'given'

const mostNodes = 5000
const mostFindings = 20
const deepest = 30

/** How `after` breaks those who rely on `before`, one sentence each; none when it does not. */
export function narrowingsOf(
  before: JsonSchema,
  after: JsonSchema,
  side: SchemaSide,
): readonly string[] {
  const walk = new Walk(before, after, side)
  if (canonicalJson(before) !== canonicalJson(after)) walk.compare(before, after, [])
  return walk.findings.slice(0, mostFindings)
}

class Walk {
  readonly findings: string[] = []
  readonly #before: JsonSchema
  readonly #after: JsonSchema
  readonly #side: SchemaSide
  #nodes = 0

  constructor(before: JsonSchema, after: JsonSchema, side: SchemaSide) {
    this.#before = before
    this.#after = after
    this.#side = side
  }

  compare(before: JsonSchema, after: JsonSchema, path: readonly string[]): void {
    this.#nodes += 1
    if (this.#nodes === mostNodes) this.#tell([], 'is too large to be compared as a whole')
    if (this.#nodes >= mostNodes || path.length > deepest) return
    const [old, now] = [shapeOf(before, this.#before), shapeOf(after, this.#after)]
    this.#types(old, now, path)
    if (old.variants.size + now.variants.size > 0) return this.#variants(old, now, path)
    if (this.#side === 'taken') this.#taken(old, now, path)
    else this.#given(old, now, path)
    for (const [name, schema] of old.properties) {
      const other = now.properties.get(name)
      if (other !== undefined) this.compare(schema, other, [...path, name])
    }
    if (old.items !== null && now.items !== null)
      this.compare(old.items, now.items, [...path, '[]'])
  }

  #types(old: SchemaShape, now: SchemaShape, path: readonly string[]): void {
    const [wide, narrow] = this.#side === 'taken' ? [now, old] : [old, now]
    const lacking = [...narrow.types].filter((type) => !covers(wide.types, type))
    if (lacking.length === 0) return
    const list = lacking.join(' or ')
    this.#tell(path, this.#side === 'taken' ? `takes no ${list} any more` : `may be ${list} now`)
  }

  #variants(old: SchemaShape, now: SchemaShape, path: readonly string[]): void {
    const [wide, narrow] = this.#side === 'taken' ? [now, old] : [old, now]
    const same = [...narrow.variants].every((variant) => wide.variants.has(variant))
    if (!same || narrow.variants.size === 0) this.#tell(path, 'has other alternatives now')
  }

  #taken(old: SchemaShape, now: SchemaShape, path: readonly string[]): void {
    for (const name of now.required) {
      if (!old.required.has(name)) this.#tell([...path, name], 'must be given now')
    }
    for (const name of old.properties.keys()) {
      if (!now.properties.has(name) && now.closed)
        this.#tell([...path, name], 'is not taken any more')
    }
    this.#narrowed(old, now, path)
  }

  #narrowed(old: SchemaShape, now: SchemaShape, path: readonly string[]): void {
    for (const value of now.values === null ? [] : (old.values ?? ['other values'])) {
      if (!now.values?.has(value)) this.#tell(path, `takes no ${value} any more`)
    }
    for (const [keyword, limit] of now.limits) {
      if (isTighter(keyword, old.limits.get(keyword), limit))
        this.#tell(path, `is limited now (${keyword} ${JSON.stringify(limit)})`)
    }
  }

  #given(old: SchemaShape, now: SchemaShape, path: readonly string[]): void {
    for (const name of old.properties.keys()) {
      if (!now.properties.has(name)) this.#tell([...path, name], 'is gone')
      else if (old.required.has(name) && !now.required.has(name))
        this.#tell([...path, name], 'may be missing now')
    }
  }

  #tell(path: readonly string[], what: string): void {
    const where = path.length === 0 ? 'it' : JSON.stringify(path.join('.'))
    if (this.findings.length < mostFindings) this.findings.push(`${where} ${what}`)
  }
}

function covers(types: ReadonlySet<string>, type: string): boolean {
  return types.has(type) || (type === 'integer' && types.has('number'))
}

function isTighter(keyword: string, old: Json | undefined, now: Json): boolean {
  if (old === undefined) return true
  if (typeof old !== 'number' || typeof now !== 'number') return old !== now
  if (keyword === 'multipleOf') return old % now !== 0
  return /^(min|exclusiveMin)/.test(keyword) ? now > old : now < old
}
