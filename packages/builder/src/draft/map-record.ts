import { matchNames } from './match-names.js'
import { camelCase, keyText, memberText, plainName } from './names.js'
import type { ObjectShape, Shape, ShapeField } from './shape.js'
import { isScalar, isText } from './shape.js'

/** How one value of an answer becomes one value of the result. */
type Mapped = {
  /** What the answer must look like for the expression to be right. */
  readonly answer: Shape
  readonly result: Shape
  readonly text: string
}

/** One member of a result: its type, the expression for it, and what it needs of the answer. */
export type MappedField = { readonly result: ShapeField; readonly text: string }

export type RecordMapping = {
  readonly answer: ObjectShape
  readonly fields: readonly MappedField[]
  readonly questions: readonly string[]
}

/** The asked members that the answer has, by name. */
export function findOffered(
  asked: readonly ShapeField[],
  offered: readonly ShapeField[],
): ReadonlySet<string> {
  const names = asked.map(({ name }) => name)
  const top = matchNames(names, offered, ({ name }) => name)
  const rest = names.filter((name) => !top.has(name))
  const nested = matchNames(rest, nestedFields(offered), ({ path }) => path.at(-1)?.name ?? '')
  return new Set([...top.keys(), ...nested.keys()])
}

/** Maps an answer's members to the members a brief asks for; `from` is the variable that holds the answer. */
export function mapAsked(
  asked: readonly ShapeField[],
  offered: readonly ShapeField[],
  from: string,
): RecordMapping {
  const top = matchNames(
    asked.map(({ name }) => name),
    offered,
    ({ name }) => name,
  )
  const rest = asked.filter(({ name }) => !top.has(name)).map(({ name }) => name)
  const nested = matchNames(rest, nestedFields(offered), ({ path }) => path.at(-1)?.name ?? '')
  const answer: ShapeField[] = []
  const questions: string[] = []
  const fields = asked.map((field) => {
    const path = nested.get(field.name)?.path ?? [
      top.get(field.name) ?? unknownField(field, questions),
    ]
    return mapPath(field, path, { from, answer })
  })
  return { answer: { kind: 'object', fields: answer }, fields, questions }
}

type NestedField = { readonly path: readonly ShapeField[] }

function nestedFields(offered: readonly ShapeField[]): NestedField[] {
  return offered.flatMap((outer) =>
    outer.shape.kind === 'object'
      ? outer.shape.fields.map((inner) => ({ path: [outer, inner] }))
      : [],
  )
}

function unknownField(field: ShapeField, questions: string[]): ShapeField {
  questions.push(
    `Where does the output "${field.name}" come from? Nothing in the documented answer is called that.`,
  )
  return field
}

function mapPath(
  asked: ShapeField,
  path: readonly ShapeField[],
  state: { from: string; answer: ShapeField[] },
): MappedField {
  const [outer, inner] = path
  const target = inner ?? outer ?? asked
  const required = asked.required
  const access = `${state.from}${accessText(path, required)}`
  const isKept = convert(asked.shape, target.shape, { access, isSure: true }).text === access
  const nullable = target.nullable && required && inner === undefined && isKept
  const isSure = required && !nullable
  const mapped = convert(asked.shape, target.shape, { access, isSure })
  const member: ShapeField = {
    ...target,
    shape: mapped.answer,
    required: required || target.required,
    nullable: required ? nullable : target.nullable,
  }
  addMember(state.answer, outer ?? asked, inner === undefined ? null : member, member)
  const result: ShapeField = {
    ...asked,
    shape: mapped.result,
    required,
    nullable,
    description: asked.description || target.description,
  }
  return {
    result,
    text:
      required || mapped.text !== access
        ? mapped.text
        : absent(access, target, inner === undefined),
  }
}

function accessText(path: readonly ShapeField[], required: boolean): string {
  const [outer, inner] = path
  if (outer === undefined) return ''
  if (inner === undefined) return memberText(outer.name)
  const mark = required || (outer.required && !outer.nullable) ? '' : '?'
  const member = memberText(inner.name)
  return `${memberText(outer.name)}${mark}${mark !== '' && member.startsWith('[') ? '.' : ''}${member}`
}

function absent(access: string, field: ShapeField, isTop: boolean): string {
  return field.required && !field.nullable && isTop ? access : `${access} ?? undefined`
}

/** Adds a member to the answer's shape; a second member of the same object joins the first. */
function addMember(
  answer: ShapeField[],
  outer: ShapeField,
  inner: ShapeField | null,
  whole: ShapeField,
): void {
  const index = answer.findIndex(({ name }) => name === outer.name)
  const known = index < 0 ? undefined : answer[index]
  if (inner === null) {
    if (known === undefined) answer.push(whole)
    return
  }
  const fields =
    known?.shape.kind === 'object'
      ? known.shape.fields.filter(({ name }) => name !== inner.name)
      : []
  const required = inner.required || known?.required === true || outer.required
  const next: ShapeField = {
    ...outer,
    shape: { kind: 'object', fields: [...fields, inner] },
    required,
    nullable: inner.required ? false : outer.nullable,
  }
  if (index < 0) answer.push(next)
  else answer[index] = next
}

type At = { readonly access: string; readonly isSure: boolean }

function convert(asked: Shape, offered: Shape, at: At): Mapped {
  if (isText(asked) && (offered.kind === 'number' || offered.kind === 'integer')) {
    return {
      answer: offered,
      result: { kind: 'string' },
      text: guarded(at, `String(${at.access})`),
    }
  }
  if ((asked.kind === 'number' || asked.kind === 'integer') && offered.kind === 'string') {
    return {
      answer: offered,
      result: { kind: 'number' },
      text: guarded(at, `Number(${at.access})`),
    }
  }
  if (isText(asked) && offered.kind === 'object') return fromObject(offered, at)
  if (asked.kind === 'array' && offered.kind === 'array')
    return fromList(asked.items, offered.items, at)
  if (asked.kind === 'object' && offered.kind === 'object') return nestedRecord(asked, offered, at)
  if (offered.kind === 'json' && asked.kind !== 'json')
    return { answer: asked, result: asked, text: at.access }
  return { answer: offered, result: offered, text: at.access }
}

function guarded({ access, isSure }: At, text: string): string {
  return isSure ? text : `${access} === undefined || ${access} === null ? undefined : ${text}`
}

const telling = [
  'datetime',
  'login',
  'displayname',
  'name',
  'email',
  'title',
  'value',
  'text',
  'key',
  'id',
  'date',
]

function tellingField(offered: ObjectShape): ShapeField | null {
  const texts = offered.fields.filter(({ shape }) => isText(shape))
  const known = telling.map((name) => texts.find((field) => plainName(field.name) === name))
  return known.find((field) => field !== undefined) ?? texts[0] ?? null
}

/** Text that is asked for, from an object: its telling member. */
function fromObject(offered: ObjectShape, at: At): Mapped {
  const field = tellingField(offered)
  if (field === null) return { answer: offered, result: offered, text: at.access }
  const member: ShapeField = { ...field, required: at.isSure, nullable: !at.isSure }
  const chain = at.isSure ? '' : '?'
  const name = memberText(field.name)
  const text = `${at.access}${chain}${chain !== '' && name.startsWith('[') ? '.' : ''}${name}`
  return {
    answer: { kind: 'object', fields: [member] },
    result: { kind: 'string' },
    text: at.isSure ? text : `${text} ?? undefined`,
  }
}

function fromList(asked: Shape, offered: Shape, at: At): Mapped {
  const variable = itemVariable(at.access)
  const inner =
    asked.kind === 'json'
      ? { answer: offered, result: offered, text: variable }
      : convert(asked, offered, { access: variable, isSure: true })
  if (inner.text === variable)
    return {
      answer: { kind: 'array', items: inner.answer },
      result: { kind: 'array', items: inner.result },
      text: at.access,
    }
  const body = inner.text.startsWith('{') ? `(${inner.text})` : inner.text
  const text = `${at.access}${at.isSure ? '' : '?'}.map((${variable}) => ${body})`
  return {
    answer: { kind: 'array', items: inner.answer },
    result: { kind: 'array', items: inner.result },
    text,
  }
}

function itemVariable(access: string): string {
  const last = /(\w+)\W*$/.exec(access)?.[1] ?? 'item'
  const single = camelCase(last.replace(/s$/, ''))
  return single === camelCase(last) || access.startsWith(single) ? `${single}Item` : single
}

function nestedRecord(asked: ObjectShape, offered: ObjectShape, at: At): Mapped {
  const mapping = mapAsked(asked.fields, offered.fields, at.access)
  const result: Shape = { kind: 'object', fields: mapping.fields.map((field) => field.result) }
  const text = `{\n${mapping.fields.map((field) => `${keyText(field.result.name)}: ${field.text},`).join('\n')}\n}`
  return {
    answer: mapping.answer,
    result,
    text: at.isSure ? text : `${at.access} ? ${text} : undefined`,
  }
}

/** Takes over the given members as they are; `null` in a member that may be missing becomes absence. */
export function mapSame(fields: readonly ShapeField[], from: string): RecordMapping {
  const mapped = fields.map((field): MappedField => {
    const access = `${from}${memberText(field.name)}`
    const result = { ...field, nullable: field.required && field.nullable }
    return { result, text: field.required ? access : `${access} ?? undefined` }
  })
  return { answer: { kind: 'object', fields }, fields: mapped, questions: [] }
}

export const isPlain = (field: ShapeField): boolean =>
  isScalar(field.shape) || (field.shape.kind === 'array' && isScalar(field.shape.items))
