import type { Pagination } from '@plumb/protocol'
import type { LastIdPaging } from '../description/last-id-paging.js'
import { lastIdPaging } from '../description/last-id-paging.js'
import type { ListPlace } from '../description/schema-shape.js'
import { findList } from '../description/schema-shape.js'
import type { DraftRequest } from './draft-request.js'
import { askedOutput } from './emit-action.js'
import type { EmittedSource, Target } from './emitted-source.js'
import { requestText } from './emit-request.js'
import { zodObject } from './emit-zod.js'
import type { IncrementalPlan } from './incremental-plan.js'
import { planIncremental } from './incremental-plan.js'
import type { ItemMapping } from './item-mapping.js'
import { itemDeclarations, itemFields, mapItems } from './item-mapping.js'
import { keyText, memberText, pluralOf, quote } from './names.js'
import { paginationText } from './pagination-text.js'
import type { RecordIdentity } from './record-identity.js'
import { recordIdentity } from './record-identity.js'
import type { ShapeField } from './shape.js'
import { descriptionMember, docsComment, scopesMember } from './source-parts.js'
import { successCheck } from './success-check.js'
import type { SyncSources } from './sync-sources.js'
import { planSources } from './sync-sources.js'

type SyncPlan = {
  readonly request: DraftRequest
  readonly target: Target
  readonly list: ListPlace
  readonly items: ItemMapping
  readonly identity: RecordIdentity
  readonly incremental: IncrementalPlan | null
  readonly sources: SyncSources
  readonly lastId: LastIdPaging | null
}

/** Writes a sync: one list walked to its end, below each parent where it is nested; null where there is no list. */
export function emitSync(request: DraftRequest, target: Target): EmittedSource | null {
  const list = findList(target.operation, request.description.schemas)
  const plan = list === null ? null : planSync(request, target, list)
  if (plan === null) return null
  const { items, sources, incremental } = plan
  const questions = [...sources.questions, ...items.mapping.questions]
  if (!plan.identity.isCertain)
    questions.push(`Is ${plan.identity.text} unique for each ${items.model}?`)
  if (incremental !== null && incremental.deletedWhen === null) {
    questions.push(
      'The incremental list does not show what was deleted: is that acceptable, or is a full refresh needed?',
    )
  }
  if (target.operation.pagination === null && plan.lastId === null)
    questions.push('The description shows no paging: is the list always whole?')
  return { lines: syncLines(plan), questions }
}

function planSync(request: DraftRequest, target: Target, list: ListPlace): SyncPlan | null {
  const offered = itemFields(request.description, target.operation)
  const asked = askedItems(askedOutput(request))
  const items = mapItems(target.operation, offered, { asked, listPath: list.path, without: ['id'] })
  const identity = recordIdentity(offered, items.model, items.variable)
  if (identity === null) return null
  const sources = planSources(request, target.operation)
  const incremental = planIncremental(target.operation, request.interaction, {
    fields: offered,
    variable: items.variable,
  })
  return {
    request,
    target,
    list,
    items,
    identity,
    incremental,
    sources,
    lastId: lastIdOf(request, target),
  }
}

function lastIdOf(request: DraftRequest, target: Target): LastIdPaging | null {
  return target.operation.pagination === null
    ? lastIdPaging(request.description, target.operation)
    : null
}

/** The members of a record: the brief's own, or those of the list it names. */
function askedItems(asked: readonly ShapeField[] | null): readonly ShapeField[] | null {
  const list = asked?.length === 1 ? asked[0]?.shape : undefined
  if (list?.kind === 'array') return list.items.kind === 'object' ? list.items.fields : null
  return asked
}

const idField = (description: string): ShapeField => ({
  name: 'id',
  shape: { kind: 'string' },
  required: true,
  nullable: false,
  description,
  readOnly: false,
})

function syncLines(plan: SyncPlan): string[] {
  const { request, target, items, identity, incremental, sources } = plan
  const parent = sources.parent
  const composed = parent !== null && !identity.global
  const idText = composed
    ? `\`\${${parent.variable}}:\${${identity.text.replaceAll('`', '')}}\``
    : identity.text
  const parentField = parent === null ? [] : [{ result: parent.field, text: parent.variable }]
  const known = new Set(items.mapping.fields.map(({ result }) => result.name))
  const marks = incremental?.deletedWhen ? [incremental.deletedWhen.field] : []
  return [
    "import { createSync } from '@plumb/sdk'",
    "import { z } from 'zod'",
    '',
    ...(sources.metadata === null
      ? []
      : [
          `const Metadata = ${zodObject(sources.metadata, { missing: 'optional', describe: true })}`,
          '',
        ]),
    ...itemDeclarations(items, {
      answer: [...identity.fields, ...marks],
      before: [
        { result: idField(''), text: idText },
        ...parentField.filter(({ result }) => !known.has(result.name) && result.name !== 'id'),
      ],
      parameters: parent === null ? [] : [`${parent.variable}: string`],
    }),
    '',
    ...(incremental === null
      ? []
      : [
          '// When the last complete run started.',
          'const Checkpoint = z.object({ changedSince: z.string() })',
          '',
        ]),
    ...(parent?.declaration ?? []),
    ...(successCheck(request.provider)?.declaration ?? []),
    '',
    ...docsComment(target.operation, request.provider),
    'export default createSync({',
    descriptionMember(request.interaction),
    "version: '1.0.0',",
    "frequency: 'every hour',",
    `models: { ${items.model} },`,
    ...(incremental === null ? [] : ['checkpoint: Checkpoint,', "syncType: 'incremental',"]),
    ...(incremental === null ? ["syncType: 'full',", 'trackDeletes: true,'] : []),
    ...(sources.metadata === null ? [] : ['metadata: Metadata,']),
    ...scopesMember(target.operation),
    'exec: async (ctx) => {',
    ...execLines(plan),
    '},',
    '})',
  ]
}

function execLines(plan: SyncPlan): string[] {
  const { items, incremental, sources } = plan
  const model = quote(items.model)
  const parent = sources.parent
  const walk = plan.lastId === null ? pageLines(plan) : lastIdLines(plan, plan.lastId)
  const nested = parent === null ? walk : parent.around(walk)
  const start =
    incremental === null
      ? [`await ctx.trackDeletesStart(${model})`]
      : ['const checkpoint = await ctx.getCheckpoint()', `const startedAt = ${incremental.now}`]
  const end =
    incremental === null
      ? [`await ctx.trackDeletesEnd(${model})`]
      : ['await ctx.saveCheckpoint({ changedSince: startedAt })']
  return [
    ...(sources.metadata === null ? [] : ['const metadata = await ctx.getMetadata()']),
    ...start,
    '',
    ...nested,
    '',
    ...end,
  ]
}

function extraParams(plan: SyncPlan): string[] {
  const { incremental } = plan
  if (incremental === null) return []
  return [
    `${keyText(incremental.parameter)}: checkpoint?.changedSince,`,
    ...(incremental.deletedParameter === null
      ? []
      : [`${keyText(incremental.deletedParameter)}: true,`]),
  ]
}

function pageLines(plan: SyncPlan): string[] {
  const { target, sources, request } = plan
  const { operation } = target
  const { before, members } = requestText(operation, sources.values, extraParams(plan))
  const check = successCheck(request.provider)
  if (operation.pagination === null) return wholeLines(plan, { before, members })
  const onPage =
    check === null ? [] : ['on_page: ({ response }) => {', ...check.lines('response.data'), '},']
  return [
    ...before,
    'for await (const page of ctx.paginate({',
    ...(operation.method === 'GET' ? [] : [`method: '${operation.method}',`]),
    ...members,
    'retries: 3,',
    paginationText(listPagination(operation.pagination, plan.list), onPage),
    '})) {',
    ...saveLines(plan, 'page'),
    '}',
  ]
}

function listPagination(pagination: Pagination, list: ListPlace): Pagination {
  return list.path.length === 0 ? pagination : { ...pagination, response_path: list.path.join('.') }
}

type Call = { readonly before: readonly string[]; readonly members: readonly string[] }

/** A list that comes in one answer. */
function wholeLines(plan: SyncPlan, call: Call): string[] {
  const { operation } = plan.target
  const verb = operation.method === 'GET' ? 'get' : 'post'
  const check = successCheck(plan.request.provider)
  return [
    ...call.before,
    `const response = await ctx.${verb}({`,
    ...call.members,
    'retries: 3,',
    '})',
    ...(check === null ? [] : check.lines('response.data')),
    ...saveLines(plan, 'response.data', plan.list.path),
  ]
}

const recordsName = (plan: SyncPlan): string => pluralOf(plan.items.variable)

function saveLines(plan: SyncPlan, from: string, path: readonly string[] = []): string[] {
  const { items, incremental, sources } = plan
  const list = recordsName(plan)
  const parse = path.reduceRight(
    (inner, step) => `z.object({ ${keyText(step)}: ${inner} })`,
    `z.array(Provider${items.model})${path.length > 0 ? '.nullish()' : ''}`,
  )
  const read = `const ${list} = ${parse}.parse(${from})${path.map(memberText).join('')}${path.length > 0 ? ' ?? []' : ''}`
  const map =
    sources.parent === null
      ? `to${items.model}`
      : `(${items.variable}) => to${items.model}(${items.variable}, ${sources.parent.variable})`
  const model = quote(items.model)
  const mark = incremental?.deletedWhen ?? null
  if (mark === null) return [read, `await ctx.batchSave(${list}.map(${map}), ${model})`]
  return [
    read,
    `const gone = ${list}.filter((${items.variable}) => ${mark.condition})`,
    `const present = ${list}.filter((${items.variable}) => !gone.includes(${items.variable}))`,
    `await ctx.batchSave(present.map(${map}), ${model})`,
    `await ctx.batchDelete(gone.map(${map}), ${model})`,
  ]
}

/** Goes on after the id of the last item as long as the provider says there are more. */
function lastIdLines(plan: SyncPlan, paging: LastIdPaging): string[] {
  const { target, sources, items, identity, request } = plan
  const extra = [...extraParams(plan), `${keyText(paging.parameter)}: lastId,`]
  const { before, members } = requestText(target.operation, sources.values, extra)
  const idMember = memberText(identity.fields[0]?.name ?? 'id')
  const check = successCheck(request.provider)
  const more = paging.moreField
  return [
    'let lastId: string | undefined',
    'let hasMore = true',
    'while (hasMore) {',
    ...before,
    'const response = await ctx.get({',
    ...members,
    'retries: 3,',
    '})',
    ...(check === null ? [] : check.lines('response.data')),
    ...saveLines(plan, 'response.data', paging.listPath),
    `const last = ${recordsName(plan)}.at(-1)`,
    `lastId = last === undefined ? undefined : String(last${idMember})`,
    `hasMore = z.object({ ${keyText(more)}: z.boolean() }).parse(response.data)${memberText(more)} && lastId !== undefined`,
    '}',
  ]
}
