import { keyText, quote } from './names.js'
import type { ObjectShape, Shape, ShapeField } from './shape.js'

/** How members that may be missing are written. */
export type ZodStyle = {
  /** `nullish` for what a provider answers, `optional` for what callers give and get. */
  readonly missing: 'nullish' | 'optional'
  /** The same for members of members; as `missing` where it is left out. */
  readonly nested?: 'nullish' | 'optional'
  readonly describe: boolean
}

/** The zod expression of a shape. */
export function zodText(shape: Shape, style: ZodStyle): string {
  switch (shape.kind) {
    case 'enum':
      return enumText(shape.values)
    case 'array':
      return `z.array(${zodText(shape.items, style)})`
    case 'record':
      return `z.record(z.string(), ${zodText(shape.values, style)})`
    case 'nullable':
      return `${zodText(shape.inner, style)}.nullable()`
    case 'union':
      return `z.union([${shape.members.map((member) => zodText(member, style)).join(', ')}])`
    case 'object':
      return zodObject(shape, style)
    default:
      return simpleTypes[shape.kind]
  }
}

const simpleTypes = {
  string: 'z.string()',
  number: 'z.number()',
  integer: 'z.number().int()',
  boolean: 'z.boolean()',
  json: 'z.json()',
} as const

export function zodObject(shape: ObjectShape, style: ZodStyle): string {
  if (shape.fields.length === 0) return 'z.object({})'
  const lines = shape.fields.map((field) => `${keyText(field.name)}: ${fieldText(field, style)},`)
  return `z.object({\n${lines.join('\n')}\n})`
}

/** One member: its type, whether it may be missing or null, and what the documentation says. */
export function fieldText(field: ShapeField, style: ZodStyle): string {
  const inner: ZodStyle = { missing: style.nested ?? style.missing, describe: style.describe }
  const base = zodText(field.shape, inner)
  const told = style.describe ? describeText(field.description) : ''
  return `${base}${missingText(field, style)}${told}`
}

function missingText(field: ShapeField, style: ZodStyle): string {
  if (field.required) return field.nullable ? '.nullable()' : ''
  if (style.missing === 'nullish') return '.nullish()'
  return field.nullable ? '.nullish()' : '.optional()'
}

function enumText(values: readonly (string | number | boolean)[]): string {
  const texts = values.map((value) => (typeof value === 'string' ? quote(value) : String(value)))
  if (values.every((value) => typeof value === 'string')) {
    return values.length === 1 ? `z.literal(${texts.join('')})` : `z.enum([${texts.join(', ')}])`
  }
  return values.length === 1 ? `z.literal(${texts.join('')})` : `z.literal([${texts.join(', ')}])`
}

const maxDescription = 110

function describeText(text: string): string {
  const line = plainLine(text)
  if (line === '') return ''
  const short =
    line.length > maxDescription ? `${line.slice(0, maxDescription - 1).trimEnd()}…` : line
  return `.describe(${quote(short)})`
}

/** One line without Markdown and HTML. */
export function plainLine(text: string): string {
  return text
    .replace(/<[^>]{0,200}>/g, ' ')
    .replace(/\[([^\]]{0,200})\]\([^)]{0,400}\)/g, '$1')
    .replace(/[`*]/g, '')
    .replace(/\s+/g, ' ')
    .trim()
}
