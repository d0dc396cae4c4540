import { plainName } from './names.js'
import type { ObjectShape, Shape, ShapeField } from './shape.js'
import { isScalar } from './shape.js'

const maxFields = 20
const maxNested = 8

/** What no caller asks for, and what would read as a failure in a result. */
const noise =
  /^(etag|kind|nodeid|gravatarid|object|links|error|errors|warnings?|ok|responsemetadata|requestid|schemas?|meta)$/
const ownLink = /^(url|htmlurl|weburl|htmllink|link|permalink|webviewlink|href|alternatelink)$/

function isNoise({ name, shape }: ShapeField): boolean {
  const plain = plainName(name)
  if (noise.test(plain) || name.startsWith('_links')) return true
  return /(url|uri|link|href)$/.test(plain) && !ownLink.test(plain) && shape.kind !== 'object'
}

/** The members of an answer that a result keeps when a brief names none: identity first, links last. */
export function usefulFields(fields: readonly ShapeField[], limit = maxFields): ShapeField[] {
  const kept = fields.filter((field) => !isNoise(field))
  const scored = kept.map((field, order) => ({ field, order, score: score(field) }))
  const best = scored.sort((a, b) => b.score - a.score || a.order - b.order).slice(0, limit)
  return best.sort((a, b) => a.order - b.order).map(({ field }) => slim(field, 2))
}

function score(field: ShapeField): number {
  const required = field.required ? 4 : 0
  if (isIdentity(field.name)) return 20
  if (
    /^(title|name|summary|subject|status|state|email|text|body|description|createdat|created|updatedat|updated|start|end|number)$/.test(
      plainName(field.name),
    )
  )
    return 8 + required
  if (/^(owner|user|author|creator|assignee|sender)$/.test(plainName(field.name)))
    return 6 + required
  const simple = isScalar(field.shape) ? 2 : field.shape.kind === 'json' ? -4 : 0
  return required + simple
}

export const isIdentity = (name: string): boolean => /^_?(id|uuid|gid|guid)$/i.test(name)

function slim(field: ShapeField, depth: number): ShapeField {
  return { ...field, shape: relaxed(field.shape, depth) }
}

/**
 * The shape as far as a result relies on it: a provider adds values to an enumeration without notice, and
 * numbers may be larger or finer than documented.
 */
export function relaxed(shape: Shape, depth: number): Shape {
  switch (shape.kind) {
    case 'enum':
      return enumType(shape.values)
    case 'integer':
      return { kind: 'number' }
    case 'array':
      return { kind: 'array', items: relaxed(shape.items, depth) }
    case 'record':
      return { kind: 'record', values: relaxed(shape.values, depth) }
    case 'nullable':
      return { kind: 'nullable', inner: relaxed(shape.inner, depth) }
    case 'union':
      return relaxedUnion(shape.members.map((member) => relaxed(member, depth)))
    case 'object':
      return slimObject(shape, depth)
    default:
      return shape
  }
}

function relaxedUnion(members: readonly Shape[]): Shape {
  const unique = [...new Map(members.map((member) => [JSON.stringify(member), member])).values()]
  const [first] = unique
  return unique.length === 1 && first !== undefined ? first : { kind: 'union', members: unique }
}

function enumType(values: readonly (string | number | boolean)[]): Shape {
  if (values.every((value) => typeof value === 'string')) return { kind: 'string' }
  return values.every((value) => typeof value === 'number')
    ? { kind: 'number' }
    : { kind: 'enum', values }
}

function slimObject(shape: ObjectShape, depth: number): Shape {
  const kept = shape.fields.filter((field) => !isNoise(field))
  const scored = kept.map((field, order) => ({ field, order, score: score(field) }))
  const best = scored.sort((a, b) => b.score - a.score || a.order - b.order).slice(0, maxNested)
  const fields = best
    .sort((a, b) => a.order - b.order)
    .map(({ field }) => ({ ...field, shape: relaxed(field.shape, depth - 1) }))
  return fields.length > 0
    ? { kind: 'object', fields }
    : { kind: 'record', values: { kind: 'json' } }
}
