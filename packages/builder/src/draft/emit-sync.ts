import { lastIdPaging } from '../description/last-id-paging.js'
import type { ListPlace } from '../description/schema-shape.js'
import { findList } from '../description/schema-shape.js'
import type { DraftRequest } from './draft-request.js'
import { askedOutput } from './emit-action.js'
import type { EmittedSource, Target } from './emitted-source.js'
import { zodObject } from './emit-zod.js'
import { planIncremental } from './incremental-plan.js'
import { itemDeclarations, itemFields, mapItems } from './item-mapping.js'
import type { MappedField } from './map-record.js'
import { quote } from './names.js'
import { recordIdentity } from './record-identity.js'
import type { ShapeField } from './shape.js'
import { descriptionMember, docsComment, scopesMember } from './source-parts.js'
import { successCheck } from './success-check.js'
import type { SyncPlan } from './sync-walk.js'
import { walkLines } from './sync-walk.js'
import { planSources } from './sync-sources.js'

/** Writes a sync: one list walked to its end, below each parent where it is nested; null where there is no list. */
export function emitSync(request: DraftRequest, target: Target): EmittedSource | null {
  const list = findList(target.operation, request.description.schemas)
  const plan = list === null ? null : planSync(request, target, list)
  return plan === null ? null : { lines: syncLines(plan), questions: questionsOf(plan) }
}

function planSync(request: DraftRequest, target: Target, list: ListPlace): SyncPlan | null {
  const { operation } = target
  const offered = itemFields(request.description, operation)
  const asked = askedItems(askedOutput(request))
  const items = mapItems(operation, offered, { asked, listPath: list.path, without: ['id'] })
  const identity = recordIdentity(offered, items.model, items.variable)
  if (identity === null) return null
  return {
    request,
    operation,
    list,
    items,
    identity,
    sources: planSources(request, operation),
    incremental: planIncremental(operation, request.interaction, {
      fields: offered,
      variable: items.variable,
    }),
    lastId: operation.pagination === null ? lastIdPaging(request.description, operation) : null,
  }
}

/** The members of a record: the brief's own, or those of the list it names. */
function askedItems(asked: readonly ShapeField[] | null): readonly ShapeField[] | null {
  const list = asked?.length === 1 ? asked[0]?.shape : undefined
  if (list?.kind !== 'array') return asked
  return list.items.kind === 'object' ? list.items.fields : null
}

function questionsOf(plan: SyncPlan): string[] {
  const { items, sources, incremental, identity, operation, lastId } = plan
  const isWhole = operation.pagination === null && lastId === null
  return [
    ...sources.questions,
    ...items.mapping.questions,
    ...(identity.isCertain ? [] : [`Is ${identity.text} unique for each ${items.model}?`]),
    ...(incremental !== null && incremental.deletedWhen === null
      ? [
          'The incremental list does not show what was deleted: is that acceptable, or is a full refresh needed?',
        ]
      : []),
    ...(isWhole ? ['The description shows no paging: is the list always whole?'] : []),
  ]
}

function syncLines(plan: SyncPlan): string[] {
  const { request, operation, items, incremental, sources } = plan
  const { metadata, parent } = sources
  return [
    "import { createSync } from '@plumb/sdk'",
    "import { z } from 'zod'",
    '',
    ...(metadata === null
      ? []
      : [`const Metadata = ${zodObject(metadata, { missing: 'optional', describe: true })}`, '']),
    ...recordLines(plan),
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
    ...docsComment(operation, request.provider),
    'export default createSync({',
    descriptionMember(request.interaction),
    "version: '1.0.0',",
    "frequency: 'every hour',",
    `models: { ${items.model} },`,
    ...modeLines(plan),
    ...scopesMember(operation),
    'exec: async (ctx) => {',
    ...execLines(plan),
    '},',
    '})',
  ]
}

function modeLines({ incremental, sources }: SyncPlan): string[] {
  const metadata = sources.metadata === null ? [] : ['metadata: Metadata,']
  if (incremental === null) return ["syncType: 'full',", 'trackDeletes: true,', ...metadata]
  return ['checkpoint: Checkpoint,', "syncType: 'incremental',", ...metadata]
}

/** The record's own id comes first; below a parent, an id is only unique together with the parent's. */
function recordLines(plan: SyncPlan): string[] {
  const { items, identity, incremental, sources } = plan
  const { parent } = sources
  const known = new Set(items.mapping.fields.map(({ result }) => result.name))
  const own: MappedField[] =
    parent === null || known.has(parent.field.name)
      ? []
      : [{ result: parent.field, text: parent.variable }]
  return itemDeclarations(items, {
    answer: [
      ...identity.fields,
      ...(incremental?.deletedWhen ? [incremental.deletedWhen.field] : []),
    ],
    before: [{ result: idField, text: idText(plan) }, ...own],
    parameters: parent === null ? [] : [`${parent.variable}: string`],
  })
}

function idText({ identity, sources }: SyncPlan): string {
  const { parent } = sources
  if (parent === null || identity.global) return identity.text
  const inner = identity.text.startsWith('`') ? identity.text.slice(1, -1) : `\${${identity.text}}`
  return `\`\${${parent.variable}}:${inner}\``
}

const idField: ShapeField = {
  name: 'id',
  shape: { kind: 'string' },
  required: true,
  nullable: false,
  description: '',
  readOnly: false,
}

function execLines(plan: SyncPlan): string[] {
  const { items, incremental, sources } = plan
  const model = quote(items.model)
  const walk = walkLines(plan)
  return [
    ...(sources.metadata === null ? [] : ['const metadata = await ctx.getMetadata()']),
    ...(incremental === null
      ? [`await ctx.trackDeletesStart(${model})`]
      : ['const checkpoint = await ctx.getCheckpoint()', `const startedAt = ${incremental.now}`]),
    '',
    ...(sources.parent === null ? walk : sources.parent.around(walk)),
    '',
    incremental === null
      ? `await ctx.trackDeletesEnd(${model})`
      : 'await ctx.saveCheckpoint({ changedSince: startedAt })',
  ]
}
