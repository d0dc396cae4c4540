import { matchNames } from './match-names.js'
import { camelCase, entryText, memberText, plainName } from './names.js'
import type { ObjectShape, Shape, ShapeField } from './shape.js'
import { isText } from './shape.js'

/** One member of a result: its type and the expression for it. */
export type MappedField = { readonly result: ShapeField; readonly text: string }

/** How an answer becomes a result, and what the answer must look like for that. */
export type RecordMapping = {
  readonly answer: ObjectShape
  readonly fields: readonly MappedField[]
  readonly questions: readonly string[]
}

/** A member of an answer, or a member of one of its objects. */
type Offer = { readonly outer: ShapeField; readonly inner: ShapeField | null }

/** The asked members that the answer has, by name: those at its top before those one level below. */
export function findOffered(
  asked: readonly ShapeField[],
  offered: readonly ShapeField[],
): ReadonlyMap<string, Offer> {
  const names = asked.map(({ name }) => name)
  const top = matchNames(names, offered, ({ name }) => name)
  const rest = names.filter((name) => !top.has(name))
  const nested = matchNames(
    rest,
    nestedOffers(offered),
    ({ inner, outer }) => (inner ?? outer).name,
  )
  const found = [...top].map(([name, outer]): [string, Offer] => [name, { outer, inner: null }])
  return new Map([...found, ...nested])
}

function nestedOffers(offered: readonly ShapeField[]): Offer[] {
  return offered.flatMap((outer) =>
    outer.shape.kind === 'object' ? outer.shape.fields.map((inner) => ({ outer, inner })) : [],
  )
}

/** Maps an answer's members to the members a brief asks for; `from` is the variable that holds the answer. */
export function mapAsked(
  asked: readonly ShapeField[],
  offered: readonly ShapeField[],
  from: string,
): RecordMapping {
  const found = findOffered(asked, offered)
  const answer: ShapeField[] = []
  const fields = asked.map((field) => {
    const offer = found.get(field.name) ?? { outer: field, inner: null }
    const mapped =
      offer.inner === null
        ? mapTop(field, offer.outer, from)
        : mapNested(field, offer.outer, { inner: offer.inner, from })
    addMember(answer, mapped.needed)
    return mapped.field
  })
  const questions = asked
    .filter(({ name }) => !found.has(name))
    .map(
      ({ name }) =>
        `Where does the output "${name}" come from? Nothing in the documented answer is called that.`,
    )
  return { answer: { kind: 'object', fields: answer }, fields, questions }
}

type Mapped = { readonly field: MappedField; readonly needed: ShapeField }

/** What is asked as required must be in the answer; null stays where the provider documents it and it is taken as it is. */
function mapTop(asked: ShapeField, offered: ShapeField, from: string): Mapped {
  const access = `${from}${memberText(offered.name)}`
  const { required } = asked
  const isSame = convert(asked.shape, offered.shape, { access, isSure: true }).text === access
  const keepsNull = required && offered.nullable && isSame
  const mapped = convert(asked.shape, offered.shape, { access, isSure: required && !keepsNull })
  const isSure = offered.required && !offered.nullable
  const text = required || isSure || mapped.text !== access ? mapped.text : `${access} ?? undefined`
  return {
    field: { result: resultOf(asked, { ...offered, shape: mapped.result }, keepsNull), text },
    needed: {
      ...offered,
      shape: mapped.answer,
      required: required || offered.required,
      nullable: required ? keepsNull : offered.nullable,
    },
  }
}

function mapNested(
  asked: ShapeField,
  outer: ShapeField,
  from: { inner: ShapeField; from: string },
): Mapped {
  const { inner } = from
  const { required } = asked
  const isSure = required || (outer.required && !outer.nullable)
  const access = `${from.from}${memberText(outer.name)}${chained(memberText(inner.name), isSure)}`
  const mapped = convert(asked.shape, inner.shape, { access, isSure: required })
  const text = required || mapped.text !== access ? mapped.text : `${access} ?? undefined`
  const member: ShapeField = {
    ...inner,
    shape: mapped.answer,
    required: required || inner.required,
    nullable: !required && inner.nullable,
  }
  return {
    field: { result: resultOf(asked, { ...inner, shape: mapped.result }, false), text },
    needed: {
      ...outer,
      shape: { kind: 'object', fields: [member] },
      required: required || outer.required,
      nullable: !required && outer.nullable,
    },
  }
}

/** A member access that tolerates a missing object where the object may be missing. */
function chained(member: string, isSure: boolean): string {
  if (isSure) return member
  return `?${member.startsWith('[') ? '.' : ''}${member}`
}

function resultOf(asked: ShapeField, offered: ShapeField, nullable: boolean): ShapeField {
  const description = asked.description || offered.description
  return { ...asked, shape: offered.shape, nullable, description }
}

/** Adds what a mapping needs of the answer; two needs of one object are joined. */
function addMember(answer: ShapeField[], needed: ShapeField): void {
  const index = answer.findIndex(({ name }) => name === needed.name)
  const known = answer[index]
  if (known === undefined) answer.push(needed)
  else answer[index] = joined(known, needed)
}

function joined(a: ShapeField, b: ShapeField): ShapeField {
  const flags = { required: a.required || b.required, nullable: a.nullable && b.nullable }
  if (a.shape.kind !== 'object' || b.shape.kind !== 'object') return { ...a, ...flags }
  const fields = [...a.shape.fields]
  for (const field of b.shape.fields) addMember(fields, field)
  return { ...a, ...flags, shape: { kind: 'object', fields } }
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

/** How one value of an answer becomes one value of the result. */
type Conversion = {
  /** What the answer must look like for the expression to be right. */
  readonly answer: Shape
  readonly result: Shape
  readonly text: string
}

/** An expression, and whether its value is surely there. */
type At = { readonly access: string; readonly isSure: boolean }

/** Turns what the provider offers into what is asked; offers that cannot be turned are taken as they are. */
function convert(asked: Shape, offered: Shape, at: At): Conversion {
  const isNumber = offered.kind === 'number' || offered.kind === 'integer'
  if (isText(asked)) return toText(offered, isNumber, at)
  if (asked.kind === 'number' || asked.kind === 'integer') return toNumber(offered, at)
  if (asked.kind === 'array' && offered.kind === 'array')
    return fromList(asked.items, offered.items, at)
  if (asked.kind === 'object' && offered.kind === 'object') return nestedRecord(asked, offered, at)
  return same(asked, offered, at)
}

function same(asked: Shape, offered: Shape, { access }: At): Conversion {
  const shape = offered.kind === 'json' ? asked : offered
  return { answer: shape, result: shape, text: access }
}

function toText(offered: Shape, isNumber: boolean, at: At): Conversion {
  const string: Shape = { kind: 'string' }
  if (isNumber)
    return { answer: offered, result: string, text: guarded(at, `String(${at.access})`) }
  return offered.kind === 'object' ? fromObject(offered, at) : same(string, offered, at)
}

function toNumber(offered: Shape, at: At): Conversion {
  const number: Shape = { kind: 'number' }
  if (offered.kind !== 'string') return same(number, offered, at)
  return { answer: offered, result: number, text: guarded(at, `Number(${at.access})`) }
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
function fromObject(offered: ObjectShape, at: At): Conversion {
  const field = tellingField(offered)
  if (field === null) return { answer: offered, result: offered, text: at.access }
  const member: ShapeField = { ...field, required: at.isSure, nullable: !at.isSure }
  const text = `${at.access}${chained(memberText(field.name), at.isSure)}`
  return {
    answer: { kind: 'object', fields: [member] },
    result: { kind: 'string' },
    text: at.isSure ? text : `${text} ?? undefined`,
  }
}

function fromList(asked: Shape, offered: Shape, at: At): Conversion {
  const variable = itemVariable(at.access)
  const inner =
    asked.kind === 'json'
      ? { answer: offered, result: offered, text: variable }
      : convert(asked, offered, { access: variable, isSure: true })
  const lists = {
    answer: { kind: 'array', items: inner.answer } as const,
    result: { kind: 'array', items: inner.result } as const,
  }
  if (inner.text === variable) return { ...lists, text: at.access }
  const body = inner.text.startsWith('{') ? `(${inner.text})` : inner.text
  return { ...lists, text: `${at.access}${at.isSure ? '' : '?'}.map((${variable}) => ${body})` }
}

function itemVariable(access: string): string {
  const last = /(\w+)\W*$/.exec(access)?.[1] ?? 'item'
  const single = camelCase(last.replace(/s$/, ''))
  return single === camelCase(last) || access.startsWith(single) ? `${single}Item` : single
}

function nestedRecord(asked: ObjectShape, offered: ObjectShape, at: At): Conversion {
  const mapping = mapAsked(asked.fields, offered.fields, at.access)
  const result: Shape = { kind: 'object', fields: mapping.fields.map((field) => field.result) }
  const entries = mapping.fields.map((field) => entryText(field.result.name, field.text))
  const text = `{\n${entries.join('\n')}\n}`
  return {
    answer: mapping.answer,
    result,
    text: at.isSure ? text : `${at.access} ? ${text} : undefined`,
  }
}
