import { memberText, plainName } from './names.js'
import type { ShapeField } from './shape.js'
import { isScalar, isText } from './shape.js'

/** How the `id` of a record is made from an item. */
export type RecordIdentity = {
  /** Members of the item that make it up. */
  readonly fields: readonly ShapeField[]
  /** TypeScript for the id as text. */
  readonly text: string
  /** The id is unique in the account, not only below its parent. */
  readonly global: boolean
  readonly isCertain: boolean
}

const known = [
  'id',
  'uuid',
  'guid',
  'gid',
  'key',
  'ts',
  'sha',
  'slug',
  'code',
  'number',
  'name',
  'email',
  'url',
]

/** Finds what identifies an item; several members together where none does alone. */
export function recordIdentity(
  fields: readonly ShapeField[],
  model: string,
  variable: string,
): RecordIdentity | null {
  const scalars = fields.filter((field) => isScalar(field.shape) && field.shape.kind !== 'boolean')
  const own = plainName(model)
  const order = [...known.slice(0, 4), `${own}id`, ...known.slice(4)]
  const single = order
    .map((name) => scalars.find((field) => plainName(field.name) === name))
    .find((field) => field !== undefined)
  const suffix = single ?? scalars.find((field) => /(id|key)$/i.test(field.name))
  if (suffix !== undefined) return fromOne(suffix, variable)
  const [first, second] = [...scalars.filter(({ required }) => required), ...scalars]
  if (first === undefined) return null
  const parts = second === undefined || second === first ? [first] : [first, second]
  const text = parts.map((field) => `\${${variable}${memberText(field.name)}}`).join(':')
  return { fields: parts.map(sure), text: `\`${text}\``, global: false, isCertain: false }
}

function fromOne(field: ShapeField, variable: string): RecordIdentity {
  const access = `${variable}${memberText(field.name)}`
  const isGlobal = field.shape.kind === 'integer' || field.shape.kind === 'number'
  return {
    fields: [sure(field)],
    text: isText(field.shape) ? access : `String(${access})`,
    global: isGlobal || /uuid|guid|gid/i.test(field.name),
    isCertain: /^_?(id|uuid|guid|gid|key|ts|sha)$/i.test(field.name),
  }
}

const sure = (field: ShapeField): ShapeField => ({ ...field, required: true, nullable: false })
