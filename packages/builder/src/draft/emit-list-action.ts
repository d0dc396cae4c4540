import type { Operation } from '@plumb/protocol'
import { lastIdPaging } from '../description/last-id-paging.js'
import type { ListPlace } from '../description/schema-shape.js'
import type { AnswerMember } from './answer-tree.js'
import { answerAccess, answerSchema } from './answer-tree.js'
import { relaxed } from './choose-fields.js'
import type { DraftRequest } from './draft-request.js'
import type { EmittedSource, Target } from './emitted-source.js'
import type { Value } from './emit-request.js'
import { constantValues, inputValues, requestText } from './emit-request.js'
import { zodObject, zodText } from './emit-zod.js'
import type { Input, InputPlan } from './input-plan.js'
import { inputShape, planInputs } from './input-plan.js'
import type { ItemMapping } from './item-mapping.js'
import { itemDeclarations, itemFields, mapItems } from './item-mapping.js'
import type { ListOutput } from './list-output.js'
import { listOutput } from './list-output.js'
import { keyText, memberText } from './names.js'
import type { NextPage, PagingNames } from './next-page.js'
import { planNextPage } from './next-page.js'
import { paginationText } from './pagination-text.js'
import type { PagingParameters } from './paging-inputs.js'
import {
  cursorField,
  isCursorName,
  isLimitName,
  isPaging,
  limitField,
  pagingParameters,
} from './paging-inputs.js'
import type { Shape, ShapeField } from './shape.js'
import { shapeOf } from './shape.js'
import {
  descriptionMember,
  docsComment,
  expectedStatusLines,
  scopesMember,
} from './source-parts.js'
import { onPageLines, successCheck } from './success-check.js'

type ListTarget = Target & {
  readonly list: ListPlace
  readonly asked: readonly ShapeField[] | null
}

type ListPlan = {
  readonly request: DraftRequest
  readonly operation: Operation
  readonly list: ListPlace
  readonly output: ListOutput
  readonly paging: PagingParameters
  readonly names: PagingNames
  readonly inputs: InputPlan
  readonly next: NextPage
  readonly items: ItemMapping
  /** The items themselves where they are plain values without members. */
  readonly scalar: Shape | null
}

/** Writes an action that returns one page with a cursor, or every page where the brief has no place for a cursor. */
export function emitListAction(request: DraftRequest, target: ListTarget): EmittedSource {
  const plan = planList(request, target)
  const { operation, output } = plan
  const input = inputFields(plan)
  const hasCursor = output.cursor !== null && plan.next.kind === 'page'
  const lines = [
    "import { createAction } from '@plumb/sdk'",
    "import { z } from 'zod'",
    '',
    `const Input = ${zodObject({ kind: 'object', fields: input }, { missing: 'optional', describe: true })}`,
    '',
    ...itemLines(plan),
    '',
    ...(successCheck(request.provider)?.declaration ?? []),
    '',
    'const Output = z.object({',
    `${keyText(output.items)}: z.array(${plan.items.model}),`,
    ...output.counts.map((name) => `${keyText(name)}: z.number(),`),
    ...(hasCursor ? [`${keyText(output.cursor)}: z.string().optional(),`] : []),
    '})',
    '',
    ...docsComment(operation, request.provider),
    'export default createAction({',
    descriptionMember(request.interaction),
    "version: '1.0.0',",
    'input: Input,',
    'output: Output,',
    ...scopesMember(operation),
    `exec: async (ctx${input.length > 0 ? ', input' : ''}) => {`,
    ...(plan.next.kind === 'walk' ? walkLines(plan) : pageLines(plan)),
    ...returnLines(plan, hasCursor),
    '},',
    '})',
  ]
  return { lines, questions: [...plan.inputs.questions, ...plan.items.mapping.questions] }
}

function planList(request: DraftRequest, target: ListTarget): ListPlan {
  const { description, interaction } = request
  const { operation, list } = target
  const output = listOutput(target.asked)
  const paging = pagingParameters(operation, operation.pagination)
  const planned = planInputs(description, operation, interaction)
  const pagers = planned.inputs.filter((input) => isPagingInput(input, paging))
  const isByHand = interaction.input !== undefined && output.cursor === null && pagers.length > 0
  const names = interaction.input === undefined ? ourNames : briefNames(pagers)
  const kept = planned.inputs.filter((input) => isByHand || !pagers.includes(input))
  const items = mapItems(operation, itemFields(description, operation), {
    asked: output.asked,
    listPath: list.path,
  })
  const scalar =
    items.mapping.fields.length > 0
      ? null
      : shapeOf(list.items, description.schemas, { depth: 3, fields: 40 })
  return {
    request,
    operation,
    list,
    output,
    paging: isByHand ? { cursor: null, limit: null } : paging,
    names,
    inputs: { ...planned, inputs: kept },
    next: isByHand
      ? { kind: 'whole' }
      : planNextPage(description, operation, { output, paging, names }),
    items,
    scalar: scalar === null ? null : relaxed(scalar, 2),
  }
}

function isPagingInput(input: Input, paging: PagingParameters): boolean {
  return input.candidate.place !== 'path' && isPaging(input.candidate.path[0] ?? '', paging)
}

const ourNames: PagingNames = { cursor: 'cursor', limit: 'limit' }

function briefNames(pagers: readonly Input[]): PagingNames {
  return {
    cursor:
      pagers.find(({ name, field }) => isCursorName(name) && field.shape.kind === 'string')?.name ??
      'cursor',
    limit: pagers.find(({ name }) => isLimitName(name))?.name ?? 'limit',
  }
}

function inputFields(plan: ListPlan): ShapeField[] {
  const { fields } = inputShape(plan.inputs.inputs)
  const { paging, names, operation, next } = plan
  const extra = [
    ...(paging.cursor === null || next.kind !== 'page' ? [] : [cursorField(names.cursor)]),
    ...(paging.limit === null || next.kind === 'walk'
      ? []
      : [limitField(names.limit, operation.pagination?.limit)]),
  ]
  return [...fields, ...extra.filter((field) => !fields.some(({ name }) => name === field.name))]
}

function itemLines({ items, scalar }: ListPlan): string[] {
  if (scalar !== null)
    return [`const ${items.model} = ${zodText(scalar, { missing: 'nullish', describe: false })}`]
  return itemDeclarations(items, { answer: [], before: [], parameters: [] })
}

const providerName = ({ items, scalar }: ListPlan): string =>
  scalar === null ? `Provider${items.model}` : items.model

function returnLines(plan: ListPlan, hasCursor: boolean): string[] {
  const { output, items, scalar, next } = plan
  return [
    'return {',
    `${keyText(output.items)}: ${scalar === null ? `items.map(to${items.model})` : 'items'},`,
    ...output.counts.map((name) => `${keyText(name)}: items.length,`),
    ...(hasCursor && next.kind === 'page'
      ? [`${keyText(output.cursor ?? '')}: ${next.next},`]
      : []),
    '}',
  ]
}

const valuesOf = ({ inputs }: ListPlan): Value[] => [
  ...inputValues(inputs.inputs),
  ...constantValues(inputs.constants),
]

function pageLines(plan: ListPlan): string[] {
  const { request, operation, next } = plan
  const inBody = operation.pagination?.in_body === true
  const entries = pagingEntries(plan)
  const { before, members } = requestText(operation, valuesOf(plan), inBody ? [] : entries)
  const statuses = request.interaction.expectedStatuses ?? []
  return [
    ...before,
    `const response = await ctx.${operation.method === 'GET' ? 'get' : 'post'}({`,
    ...(inBody ? withPagingData(members, entries) : members),
    ...(statuses.length > 0 ? [`expectedStatus: [${statuses.join(', ')}],`] : []),
    'retries: 3,',
    '})',
    ...expectedStatusLines(statuses, "'The list was not found'"),
    ...(successCheck(request.provider)?.lines('response.data') ?? []),
    ...readLines(plan),
    ...(next.kind === 'page' ? next.before : []),
  ]
}

/** Reads the list and the next cursor; many APIs leave an empty list out. */
function readLines(plan: ListPlan): string[] {
  const { list, next } = plan
  const array = `z.array(${providerName(plan)})`
  const member: AnswerMember[] = next.kind === 'page' && next.member !== null ? [next.member] : []
  if (list.path.length === 0) return [`const items = ${array}.parse(response.data)`]
  const schema = answerSchema([{ path: list.path, zod: `${array}.nullish()` }, ...member])
  return [
    `const answer = ${schema}.parse(response.data)`,
    `const items = ${answerAccess('answer', list.path)} ?? []`,
  ]
}

/** Puts cursor and limit into a body that has none yet, or after its other members. */
function withPagingData(members: readonly string[], entries: readonly string[]): string[] {
  if (entries.length === 0) return [...members]
  const index = members.findIndex((member) => member.startsWith('data: {'))
  if (index < 0) return [...members, `data: {\n${entries.join('\n')}\n},`]
  return members.map((member, i) =>
    i === index ? member.replace(/\n\},$/, `\n${entries.join('\n')}\n},`) : member,
  )
}

function pagingEntries(plan: ListPlan): string[] {
  const { paging, names, next } = plan
  const limit = `input${memberText(names.limit)}`
  return [
    ...(paging.cursor === null || next.kind !== 'page'
      ? []
      : [`${keyText(paging.cursor)}: ${startText(plan)},`]),
    ...(paging.limit === null ? [] : [`${keyText(paging.limit)}: ${limit},`]),
  ]
}

/** Where a page starts: the caller's cursor, as a number where the provider counts. */
function startText({ names, operation, request }: ListPlan): string {
  const { pagination } = operation
  const cursor = `input${memberText(names.cursor)}`
  if (pagination?.type === 'offset')
    return `Number(${cursor} ?? ${pagination.offset_start_value ?? 0})`
  const lastId = pagination === null ? lastIdPaging(request.description, operation) : null
  return lastId?.isNumber === true
    ? `${cursor} === undefined ? undefined : Number(${cursor})`
    : cursor
}

function walkLines(plan: ListPlan): string[] {
  const { operation, request } = plan
  const { before, members } = requestText(operation, valuesOf(plan))
  const model = providerName(plan)
  if (operation.pagination === null) return []
  return [
    ...before,
    `const items: z.infer<typeof ${model}>[] = []`,
    'for await (const page of ctx.paginate({',
    ...(operation.method === 'GET' ? [] : [`method: '${operation.method}',`]),
    ...members,
    'retries: 3,',
    paginationText(operation.pagination, onPageLines(request.provider)),
    '})) {',
    `items.push(...z.array(${model}).parse(page))`,
    '}',
  ]
}
