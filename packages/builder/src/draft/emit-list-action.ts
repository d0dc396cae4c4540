import type { Operation } from '@plumb/protocol'
import type { ListPlace } from '../description/schema-shape.js'
import type { DraftRequest } from './draft-request.js'
import type { EmittedSource, Target } from './emitted-source.js'
import type { Value } from './emit-request.js'
import { constantValues, inputValues, requestText } from './emit-request.js'
import { zodObject, zodText } from './emit-zod.js'
import type { Input, InputPlan } from './input-plan.js'
import { inputShape, planInputs } from './input-plan.js'
import { itemDeclarations, itemFields, mapItems } from './item-mapping.js'
import { keyText, memberText, quote } from './names.js'
import { paginationText } from './pagination-text.js'
import {
  cursorField,
  isCursorName,
  isLimitName,
  isPaging,
  limitField,
  pagingParameters,
} from './paging-inputs.js'
import type { ShapeField } from './shape.js'
import { fieldsOf } from './shape.js'
import { relaxed } from './choose-fields.js'
import { descriptionMember, docsComment, scopesMember } from './source-parts.js'
import { successCheck } from './success-check.js'

type ListTarget = Target & {
  readonly list: ListPlace
  readonly asked: readonly ShapeField[] | null
}

/** What a list action returns: the name of the list, of the next cursor, and the members of the items. */
type ListOutput = {
  readonly items: string
  readonly cursor: string | null
  readonly asked: readonly ShapeField[] | null
  readonly others: readonly ShapeField[]
}

/** Writes an action that returns one page with a cursor, or every page where the brief has no place for a cursor. */
export function emitListAction(request: DraftRequest, target: ListTarget): EmittedSource {
  const { description, interaction } = request
  const { operation, list } = target
  const output = listOutput(target.asked)
  const paging = pagingParameters(operation, operation.pagination)
  const planned = planInputs(description, operation, interaction)
  const isPlain = (input: Input): boolean =>
    !isPaging(input.candidate.path[0] ?? '', paging) || input.candidate.place === 'path'
  const plan: InputPlan = { ...planned, inputs: planned.inputs.filter(isPlain) }
  const names = pagingNames(planned, plan)
  const step = nextPage(operation, { output, paging, names })
  const offered = itemFields(description, operation)
  const items = mapItems(operation, offered, { asked: output.asked, listPath: list.path })
  const isScalarList = items.mapping.fields.length === 0
  const scalar = relaxed(itemShape(request, target), 2)
  const itemSchema = isScalarList ? items.model : `Provider${items.model}`
  const input = inputShape(plan.inputs)
  const pagingFields =
    step.kind === 'all'
      ? []
      : [
          ...(paging.cursor === null ? [] : [cursorField(names.cursor)]),
          ...(paging.limit === null ? [] : [limitField(names.limit, operation.pagination?.limit)]),
        ]
  const fields = {
    kind: 'object' as const,
    fields: [
      ...input.fields,
      ...pagingFields.filter((field) => !input.fields.some(({ name }) => name === field.name)),
    ],
  }
  const resultItem = items.model
  const check = successCheck(request.provider)
  const body =
    step.kind === 'all'
      ? allPages(request, target, { plan, items: itemSchema })
      : onePage(request, target, { plan, step, names, items: itemSchema })
  const collected = isScalarList ? 'items' : `items.map(to${items.model})`
  const lines = [
    "import { createAction } from '@plumb/sdk'",
    "import { z } from 'zod'",
    '',
    `const Input = ${zodObject(fields, { missing: 'optional', describe: true })}`,
    '',
    ...(isScalarList
      ? [`const ${items.model} = ${zodText(scalar, { missing: 'nullish', describe: false })}`]
      : itemDeclarations(items, { answer: [], before: [], parameters: [] })),
    '',
    ...(check?.declaration ?? []),
    '',
    'const Output = z.object({',
    `${keyText(output.items)}: z.array(${resultItem}),`,
    ...output.others.map(({ name }) => `${keyText(name)}: z.number(),`),
    ...(output.cursor === null || step.kind === 'all'
      ? []
      : [`${keyText(output.cursor)}: z.string().optional(),`]),
    '})',
    '',
    ...docsComment(operation, request.provider),
    'export default createAction({',
    descriptionMember(interaction),
    "version: '1.0.0',",
    'input: Input,',
    'output: Output,',
    ...scopesMember(operation),
    `exec: async (ctx${fields.fields.length > 0 ? ', input' : ''}) => {`,
    ...body,
    'return {',
    `${keyText(output.items)}: ${collected},`,
    ...output.others.map(({ name }) => `${keyText(name)}: items.length,`),
    ...(output.cursor === null || step.kind !== 'one'
      ? []
      : [`${keyText(output.cursor)}: ${step.next},`]),
    '}',
    '},',
    '})',
  ]
  return { lines, questions: [...plan.questions, ...items.mapping.questions] }
}

function itemShape(request: DraftRequest, target: ListTarget): ShapeField['shape'] {
  const wrapped = fieldsOf(
    { type: 'object', properties: { item: target.list.items } },
    request.description.schemas,
    { depth: 4, fields: 60 },
  )
  return wrapped[0]?.shape ?? { kind: 'json' }
}

function listOutput(asked: readonly ShapeField[] | null): ListOutput {
  const list = asked?.find(({ shape }) => shape.kind === 'array') ?? null
  if (asked === null) return { items: 'items', cursor: 'nextCursor', asked: null, others: [] }
  if (list === null) return { items: 'items', cursor: null, asked: null, others: [] }
  const cursor = asked.find(({ name, shape }) => isCursorName(name) && shape.kind === 'string')
  const others = asked.filter(
    ({ name, shape, required }) =>
      required && /^(total|count|size|length)/i.test(name) && shape.kind !== 'array',
  )
  const items =
    list.shape.kind === 'array' && list.shape.items.kind === 'object'
      ? list.shape.items.fields
      : null
  return { items: list.name, cursor: cursor?.name ?? null, asked: items, others }
}

type Names = { readonly cursor: string; readonly limit: string }

/** The brief's own names for the paging members, or ours. */
function pagingNames(planned: InputPlan, plan: InputPlan): Names {
  const kept = new Set(plan.inputs)
  const dropped = planned.inputs.filter((input) => !kept.has(input))
  return {
    cursor: dropped.find(({ name }) => isCursorName(name) && name !== 'page')?.name ?? 'cursor',
    limit: dropped.find(({ name }) => isLimitName(name))?.name ?? 'limit',
  }
}

type Step =
  | { readonly kind: 'all' | 'single' }
  | { readonly kind: 'one'; readonly before: readonly string[]; readonly next: string }

function nextPage(
  operation: Operation,
  from: {
    output: ListOutput
    paging: { cursor: string | null; limit: string | null }
    names: Names
  },
): Step {
  const { pagination } = operation
  const { paging, names, output } = from
  if (pagination === null) return { kind: 'single' }
  if (output.cursor === null || paging.cursor === null) return { kind: 'all' }
  if (pagination.type === 'cursor') {
    const path = pagination.cursor_path_in_response.split('.')
    const schema = path.reduceRight(
      (inner, step) => `z.object({ ${keyText(step)}: ${inner} }).nullish()`,
      'z.union([z.string(), z.number()]).nullish()',
    )
    const access = path
      .map((step) =>
        memberText(step).startsWith('[') ? `?.${memberText(step)}` : `?${memberText(step)}`,
      )
      .join('')
    return {
      kind: 'one',
      before: [`const next = ${schema}.parse(response.data)${access}`],
      next: "next === undefined || next === null || next === '' ? undefined : String(next)",
    }
  }
  if (pagination.type === 'link')
    return linkStep(pagination.link_path_in_response_body ?? null, paging.cursor)
  const cursor = `input${memberText(names.cursor)}`
  const first = pagination.offset_start_value ?? 0
  const size = paging.limit === null ? null : `input${memberText(names.limit)}`
  const advance = pagination.offset_calculation_method === 'per-page' ? '1' : 'items.length'
  const isFull =
    size === null
      ? 'items.length > 0'
      : `items.length > 0 && items.length >= (${size} ?? ${pagination.limit ?? 1})`
  return {
    kind: 'one',
    before: [`const start = Number(${cursor} ?? ${first})`],
    next: `${isFull} ? String(start + ${advance}) : undefined`,
  }
}

function linkStep(path: string | null, cursor: string): Step {
  const found =
    path === null
      ? ['const next = /<([^>]+)>;[^,]*rel="?next"?/.exec(response.headers.link ?? \'\')?.[1]']
      : [linkInBody(path)]
  return {
    kind: 'one',
    before: found,
    next: `next ? (new URL(next, 'https://localhost').searchParams.get(${quote(cursor)}) ?? undefined) : undefined`,
  }
}

function linkInBody(path: string): string {
  const steps = path.split('.')
  const schema = steps.reduceRight(
    (inner, step) => `z.object({ ${keyText(step)}: ${inner} }).nullish()`,
    'z.string().nullish()',
  )
  const access = steps
    .map((step) =>
      memberText(step).startsWith('[') ? `?.${memberText(step)}` : `?${memberText(step)}`,
    )
    .join('')
  return `const next = ${schema}.parse(response.data)${access}`
}

type Page = { readonly plan: InputPlan; readonly items: string }

function onePage(
  request: DraftRequest,
  target: ListTarget,
  page: Page & { readonly step: Step; readonly names: Names },
): string[] {
  const { operation, list } = target
  const paging = pagingParameters(operation, operation.pagination)
  const inBody = operation.pagination?.in_body === true
  const extra = inBody ? [] : pagingEntries(paging, page.names, operation)
  const { before, members } = requestText(operation, valuesOf(page.plan), extra)
  const statuses = request.interaction.expectedStatuses ?? []
  const verb = operation.method === 'GET' ? 'get' : 'post'
  return [
    ...before,
    `const response = await ctx.${verb}({`,
    ...(inBody ? withPagingData(members, pagingEntries(paging, page.names, operation)) : members),
    ...(statuses.length > 0 ? [`expectedStatus: [${statuses.join(', ')}],`] : []),
    'retries: 3,',
    '})',
    ...statuses.flatMap((status) => [
      `if (response.status === ${status}) {`,
      `throw new ctx.ActionError({ type: ${quote(status === 404 ? 'not_found' : `status_${status}`)}, message: 'The provider does not have this list.' })`,
      '}',
    ]),
    ...(successCheck(request.provider)?.lines('response.data') ?? []),
    `const items = ${listRead(list.path, page.items)}`,
    ...(page.step.kind === 'one' ? page.step.before : []),
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

function pagingEntries(
  paging: { cursor: string | null; limit: string | null },
  names: Names,
  operation: Operation,
): string[] {
  const { pagination } = operation
  const cursor = `input${memberText(names.cursor)}`
  const start =
    pagination?.type === 'offset'
      ? `Number(${cursor} ?? ${pagination.offset_start_value ?? 0})`
      : cursor
  return [
    ...(paging.cursor === null ? [] : [`${keyText(paging.cursor)}: ${start},`]),
    ...(paging.limit === null
      ? []
      : [`${keyText(paging.limit)}: input${memberText(names.limit)},`]),
  ]
}

function valuesOf(plan: InputPlan): Value[] {
  return [...inputValues(plan.inputs), ...constantValues(plan.constants)]
}

/** The list of an answer; many APIs leave an empty one out. */
function listRead(path: readonly string[], items: string): string {
  if (path.length === 0) return `z.array(${items}).parse(response.data)`
  const schema = path.reduceRight(
    (inner, step) => `z.object({ ${keyText(step)}: ${inner} })`,
    `z.array(${items}).nullish()`,
  )
  return `${schema}.parse(response.data)${path.map(memberText).join('')} ?? []`
}

function allPages(request: DraftRequest, target: ListTarget, page: Page): string[] {
  const { operation } = target
  const { before, members } = requestText(operation, valuesOf(page.plan))
  const check = successCheck(request.provider)
  const pagination = operation.pagination
  if (pagination === null) return []
  const onPage =
    check === null ? [] : ['on_page: ({ response }) => {', ...check.lines('response.data'), '},']
  return [
    ...before,
    `const items: z.infer<typeof ${page.items}>[] = []`,
    'for await (const page of ctx.paginate({',
    ...members,
    ...(operation.method === 'GET' ? [] : [`method: '${operation.method}',`]),
    'retries: 3,',
    paginationText(pagination, onPage),
    '})) {',
    `items.push(...z.array(${page.items}).parse(page))`,
    '}',
  ]
}
