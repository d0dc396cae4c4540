import type { AnswerPlace } from './answer-place.js'
import { answerPlace } from './answer-place.js'
import { isIdentity, relaxed, usefulFields } from './choose-fields.js'
import type { DraftRequest } from './draft-request.js'
import type { Target } from './emitted-source.js'
import { zodObject, zodText } from './emit-zod.js'
import type { InputPlan } from './input-plan.js'
import type { MappedField, RecordMapping } from './map-record.js'
import { findOffered, mapAsked, mapSame } from './map-record.js'
import { entryText, keyText, memberText, modelName, plainName, variableName } from './names.js'
import { resourceOf } from './resource-name.js'
import type { Shape, ShapeField } from './shape.js'
import { successCheck } from './success-check.js'

/** What an action returns: declarations (among them `Output`) and the statements that end it. */
export type ActionResult = {
  readonly declarations: readonly string[]
  readonly lines: readonly string[]
  readonly questions: readonly string[]
  /** The result itself says what an expected status means. */
  readonly settlesStatus: boolean
}

type From = { readonly plan: InputPlan; readonly asked: readonly ShapeField[] | null }

const output = { missing: 'optional', nested: 'nullish', describe: false } as const
const answer = { missing: 'nullish', describe: false } as const

/** Builds the result from the answer, from what was sent, or from the fact of success. */
export function actionResult(request: DraftRequest, target: Target, from: From): ActionResult {
  const names = (from.asked ?? []).map(({ name }) => name)
  const place = answerPlace(request.description, target.operation, names)
  const check = successCheck(request.provider)?.declaration ?? []
  const result = resultAt(request, target, { ...from, place })
  return {
    ...result,
    declarations: [...check, ...(check.length > 0 ? [''] : []), ...result.declarations],
  }
}

function resultAt(
  request: DraftRequest,
  target: Target,
  from: From & { readonly place: AnswerPlace },
): ActionResult {
  const { place } = from
  if (place.kind === 'object') return objectResult(target, { ...from, place })
  if (place.kind === 'value') return valueResult(target, place.shape)
  if (place.kind === 'nothing') return emptyResult(request, target, from)
  return {
    declarations: ['const Output = z.object({ content: z.string() })'],
    lines: ['return { content: z.string().parse(response.data) }'],
    questions: ['The answer is not JSON: it is returned as text.'],
    settlesStatus: false,
  }
}

type ObjectPlace = Extract<AnswerPlace, { kind: 'object' }>

function objectResult(target: Target, from: From & { readonly place: ObjectPlace }): ActionResult {
  const { place } = from
  const model = modelName(resourceOf(target.operation))
  const variable = variableName(model)
  const offered = place.fields.map((field) => ({ ...field, shape: relaxed(field.shape, 3) }))
  const echoes = echoed(from, offered)
  const mapping = mappingOf(from.asked, { offered, variable, echoes })
  const fields = inOrder([...mapping.fields, ...echoes], from.asked)
  const read = place.path.reduceRight(
    (inner, step) => `z.object({ ${keyText(step)}: ${inner} })`,
    `Provider${model}`,
  )
  const isRead = mapping.answer.fields.length > 0
  const shape = { kind: 'object' as const, fields: fields.map(({ result }) => result) }
  return {
    declarations: [
      ...(isRead
        ? [
            '// What of the answer is used.',
            `const Provider${model} = ${zodObject(mapping.answer, answer)}`,
            '',
          ]
        : []),
      `const Output = ${zodObject(shape, output)}`,
    ],
    lines: [
      ...(isRead
        ? [`const ${variable} = ${read}.parse(response.data)${place.path.map(memberText).join('')}`]
        : []),
      'return {',
      ...fields.map(({ result, text }) => entryText(result.name, text)),
      '}',
    ],
    questions: mapping.questions,
    settlesStatus: false,
  }
}

function inOrder(
  fields: readonly MappedField[],
  asked: readonly ShapeField[] | null,
): MappedField[] {
  if (asked === null) return [...fields]
  const order = asked.map(({ name }) => name)
  return [...fields].sort((a, b) => order.indexOf(a.result.name) - order.indexOf(b.result.name))
}

function mappingOf(
  asked: readonly ShapeField[] | null,
  from: { offered: readonly ShapeField[]; variable: string; echoes: readonly MappedField[] },
): RecordMapping {
  if (asked !== null) {
    const echoedNames = new Set(from.echoes.map(({ result }) => result.name))
    return mapAsked(
      asked.filter(({ name }) => !echoedNames.has(name)),
      from.offered,
      from.variable,
    )
  }
  const useful = usefulFields(from.offered)
  const isSilent = !from.offered.some(({ required }) => required)
  const sure = useful.map((field) =>
    isSilent && isIdentity(field.name) ? { ...field, required: true, nullable: false } : field,
  )
  return mapSame(sure.length > 0 ? sure : from.offered.slice(0, 1), from.variable)
}

/** Asked members that the answer does not have: what was sent, or that the call succeeded. */
function echoed(from: From, offered: readonly ShapeField[]): MappedField[] {
  const asked = from.asked ?? []
  const found = findOffered(asked, offered)
  return asked.flatMap((field): MappedField[] => {
    if (found.has(field.name)) return []
    if (isFlag(field)) return [{ result: field, text: 'true' }]
    const input = sentAs(field, from.plan)
    return input === null ? [] : [input]
  })
}

const flags =
  /^(success|ok|done|deleted|removed|added|updated|archived|sent|created|starred|marked|completed)$/i
const isFlag = (field: ShapeField): boolean =>
  field.shape.kind === 'boolean' && flags.test(field.name)

function sentAs(field: ShapeField, plan: InputPlan): MappedField | null {
  const input = plan.inputs.find(
    ({ name, field: given }) => given.required && plainName(name) === plainName(field.name),
  )
  if (input === undefined) return null
  return { result: { ...field, shape: input.field.shape }, text: `input${memberText(input.name)}` }
}

function valueResult(target: Target, shape: Shape): ActionResult {
  const plain = relaxed(shape, 2)
  const model = `${modelName(resourceOf(target.operation))}Answer`
  const name = plain.kind === 'array' ? 'items' : 'value'
  return {
    declarations: [
      `const ${model} = ${zodText(plain, answer)}`,
      '',
      `const Output = z.object({ ${name}: ${model} })`,
    ],
    lines: [`return { ${name}: ${model}.parse(response.data) }`],
    questions: [],
    settlesStatus: false,
  }
}

function emptyResult(request: DraftRequest, target: Target, from: From): ActionResult {
  const flag = flagOf(request, target, from.asked ?? [])
  const last = from.plan.inputs
    .filter(({ candidate, field }) => candidate.place === 'path' && field.required)
    .at(-1)
  const asked = from.asked ?? [success, ...(last === undefined ? [] : [last.field])]
  const questions: string[] = []
  const entries = asked.map((field): MappedField => {
    if (field.name === flag?.name)
      return { result: field, text: `response.status !== ${flag.status}` }
    if (field === success)
      return { result: { ...field, shape: literalTrue }, text: 'true as const' }
    if (field.shape.kind === 'boolean') return { result: field, text: 'true' }
    const sent = sentAs(field, from.plan)
    if (sent !== null) return sent
    if (last !== undefined && isIdentity(field.name)) {
      return {
        result: { ...field, shape: last.field.shape },
        text: `input${memberText(last.name)}`,
      }
    }
    questions.push(
      `Where does the output "${field.name}" come from? The operation documents no answer.`,
    )
    const read = `z.object({ ${keyText(field.name)}: ${zodText(field.shape, output)} })`
    return {
      result: { ...field, required: true },
      text: `${read}.parse(response.data)${memberText(field.name)}`,
    }
  })
  const shape = { kind: 'object' as const, fields: entries.map(({ result }) => result) }
  return {
    declarations: [`const Output = ${zodObject(shape, output)}`],
    lines: ['return {', ...entries.map(({ result, text }) => entryText(result.name, text)), '}'],
    questions,
    settlesStatus: flag !== null,
  }
}

/** The one truth value that an expected status decides: `starred` by 204 or 404. */
function flagOf(
  request: DraftRequest,
  target: Target,
  asked: readonly ShapeField[],
): { name: string; status: number } | null {
  const [status] = request.interaction.expectedStatuses ?? []
  const field = asked.find(({ shape }) => shape.kind === 'boolean')
  if (status === undefined || field === undefined) return null
  return target.operation.method === 'GET' ? { name: field.name, status } : null
}

const literalTrue: Shape = { kind: 'enum', values: [true] }
const success: ShapeField = {
  name: 'success',
  shape: { kind: 'boolean' },
  required: true,
  nullable: false,
  description: '',
  readOnly: false,
}
