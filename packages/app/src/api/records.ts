import { recordContracts } from '@plumb/protocol'
import type { OutputOf, ParsedInputOf } from '@plumb/protocol'
import { listRecords, pruneListedRecords, readConnection } from '@plumb/runtime'
import type { ListedRecord } from '@plumb/runtime'
import { listRecordModels, setRecordPayloads } from '@plumb/store'
import type { RecordOwner, RecordRow } from '@plumb/store'
import { handle } from './handler.js'
import type { ApiCall, Handler } from './handler.js'

export const recordHandlers: readonly Handler[] = [
  handle(recordContracts.list, async (input, call) => {
    const owner = await ownerOf(input, call)
    const name = { ...owner, model: input.model, variant: input.variant }
    const { records, nextCursor } = await listRecords(call.plumb, name, {
      cursor: input.cursor ?? null,
      modifiedAfter: timeOf(input.modifiedAfter),
      actions: actionsOf(input.filter),
      ids: input.ids ?? null,
      limit: input.limit,
    })
    return { records: records.map(shown), next_cursor: nextCursor }
  }),
  handle(recordContracts.models, async (input, call) => {
    const models = await listRecordModels(call.plumb.db, await ownerOf(input, call))
    return { models: models.map(({ changedAt, ...rest }) => ({ ...rest, updated_at: changedAt })) }
  }),
  handle(recordContracts.prune, async ({ untilCursor, limit, ...input }, call) => {
    const owner = await ownerOf(input, call)
    const name = { ...owner, model: input.model, variant: input.variant }
    const now = new Date().toISOString()
    const order = { untilCursor, limit, now }
    const { count, hasMore } = await pruneListedRecords(call.plumb, name, order)
    return { count, has_more: hasMore }
  }),
  handle(recordContracts.configure, async ({ payloads }, { plumb, environment }) => {
    await setRecordPayloads(plumb.db, environment, payloads)
    return { payloads }
  }),
]

async function ownerOf(
  { integrationKey, connectionId }: Pick<RecordOwner, 'integrationKey' | 'connectionId'>,
  { plumb, environment }: ApiCall,
): Promise<RecordOwner> {
  const owner = { environment, integrationKey, connectionId }
  await readConnection({ db: plumb.db, environment }, owner)
  return owner
}

function timeOf(text: string | undefined): string | null {
  return text === undefined ? null : new Date(text).toISOString()
}

function actionsOf(
  filter: ParsedInputOf<typeof recordContracts.list>['filter'],
): readonly RecordRow['lastAction'][] | null {
  if (filter === undefined) return null
  return filter.map((action) => action.toUpperCase() as RecordRow['lastAction'])
}

function shown(record: ListedRecord): OutputOf<typeof recordContracts.list>['records'][number] {
  const metadata = {
    first_seen_at: record.firstSeenAt,
    last_modified_at: record.lastModifiedAt,
    last_action: record.lastAction,
    deleted_at: record.deletedAt,
    pruned_at: record.prunedAt,
    cursor: record.cursor,
  }
  return { ...record.payload, _metadata: metadata, _nango_metadata: metadata }
}
