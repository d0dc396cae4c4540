import type { Operation } from '@plumb/protocol'
import type { LastIdPaging } from '../description/last-id-paging.js'
import type { ListPlace } from '../description/schema-shape.js'
import type { DraftRequest } from './draft-request.js'
import type { RequestText } from './emit-request.js'
import { requestText } from './emit-request.js'
import type { IncrementalPlan } from './incremental-plan.js'
import type { ItemMapping } from './item-mapping.js'
import { keyText, memberText, pluralOf, quote } from './names.js'
import { paginationText } from './pagination-text.js'
import type { RecordIdentity } from './record-identity.js'
import { onPageLines, successCheck } from './success-check.js'
import type { SyncSources } from './sync-sources.js'

/** Everything that is decided about a sync before it is written. */
export type SyncPlan = {
  readonly request: DraftRequest
  readonly operation: Operation
  readonly list: ListPlace
  readonly items: ItemMapping
  readonly identity: RecordIdentity
  readonly incremental: IncrementalPlan | null
  readonly sources: SyncSources
  readonly lastId: LastIdPaging | null
}

/** The statements that read one list to its end and save it. */
export function walkLines(plan: SyncPlan): string[] {
  const { operation, sources, lastId } = plan
  if (lastId !== null) return lastIdLines(plan, lastId)
  const call = requestText(operation, sources.values, incrementalParams(plan))
  return operation.pagination === null ? wholeLines(plan, call) : pageLines(plan, call)
}

function incrementalParams({ incremental }: SyncPlan): string[] {
  if (incremental === null) return []
  const deleted = incremental.deletedParameter
  return [
    `${keyText(incremental.parameter)}: checkpoint?.changedSince,`,
    ...(deleted === null ? [] : [`${keyText(deleted)}: true,`]),
  ]
}

function pageLines(plan: SyncPlan, call: RequestText): string[] {
  const { operation, list, request } = plan
  if (operation.pagination === null) return []
  const path = list.path.length === 0 ? {} : { response_path: list.path.join('.') }
  return [
    ...call.before,
    'for await (const page of ctx.paginate({',
    ...(operation.method === 'GET' ? [] : [`method: '${operation.method}',`]),
    ...call.members,
    'retries: 3,',
    paginationText({ ...operation.pagination, ...path }, onPageLines(request.provider)),
    '})) {',
    ...saveLines(plan, 'page', []),
    '}',
  ]
}

/** A list that comes in one answer. */
function wholeLines(plan: SyncPlan, call: RequestText): string[] {
  const { operation, request, list } = plan
  return [
    ...call.before,
    `const response = await ctx.${operation.method === 'GET' ? 'get' : 'post'}({`,
    ...call.members,
    'retries: 3,',
    '})',
    ...(successCheck(request.provider)?.lines('response.data') ?? []),
    ...saveLines(plan, 'response.data', list.path),
  ]
}

const recordsName = (plan: SyncPlan): string => pluralOf(plan.items.variable)

function saveLines(plan: SyncPlan, from: string, path: readonly string[]): string[] {
  const { items, incremental, sources } = plan
  const records = recordsName(plan)
  const { model, variable } = items
  const array = `z.array(Provider${model})${path.length > 0 ? '.nullish()' : ''}`
  const parse = path.reduceRight((inner, step) => `z.object({ ${keyText(step)}: ${inner} })`, array)
  const found = `${parse}.parse(${from})${path.map(memberText).join('')}`
  const read = `const ${records} = ${found}${path.length > 0 ? ' ?? []' : ''}`
  const map =
    sources.parent === null
      ? `to${model}`
      : `(${variable}) => to${model}(${variable}, ${sources.parent.variable})`
  const mark = incremental?.deletedWhen ?? null
  if (mark === null) return [read, `await ctx.batchSave(${records}.map(${map}), ${quote(model)})`]
  return [
    read,
    `const gone = ${records}.filter((${variable}) => ${mark.condition})`,
    `const present = ${records}.filter((${variable}) => !gone.includes(${variable}))`,
    `await ctx.batchSave(present.map(${map}), ${quote(model)})`,
    `await ctx.batchDelete(gone.map(${map}), ${quote(model)})`,
  ]
}

/** Goes on after the id of the last item as long as the provider says there are more. */
function lastIdLines(plan: SyncPlan, paging: LastIdPaging): string[] {
  const { operation, sources, identity, request } = plan
  const extra = [...incrementalParams(plan), `${keyText(paging.parameter)}: lastId,`]
  const { before, members } = requestText(operation, sources.values, extra)
  const id = memberText(identity.fields[0]?.name ?? 'id')
  const more = `z.object({ ${keyText(paging.moreField)}: z.boolean() })`
  return [
    'let lastId: string | undefined',
    'let hasMore = true',
    'while (hasMore) {',
    ...before,
    'const response = await ctx.get({',
    ...members,
    'retries: 3,',
    '})',
    ...(successCheck(request.provider)?.lines('response.data') ?? []),
    ...saveLines(plan, 'response.data', paging.listPath),
    `const last = ${recordsName(plan)}.at(-1)`,
    `lastId = last === undefined ? undefined : String(last${id})`,
    `hasMore = last !== undefined && ${more}.parse(response.data)${memberText(paging.moreField)}`,
    '}',
  ]
}
