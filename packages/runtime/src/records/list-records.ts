import { PlumbError } from '@plumb/protocol'
import { findRecordStream, listRecordChanges, pruneRecords } from '@plumb/store'
import type { RecordRow, RecordStreamName } from '@plumb/store'
import type { StoredRecord } from './stored-record.js'
import { unescapeText } from './escape-json.js'
import { openRecordCodec, storedId } from './record-codec.js'
import type { RecordStore } from './record-streams.js'

/** A page ends here, though more was asked for: records may have 16 MB each. */
const mostPageBytes = 32 * 1024 * 1024

export type ListRecordsQuery = {
  /** Of the last record that was seen; null starts with the oldest change. */
  readonly cursor: string | null
  /** ISO 8601. */
  readonly modifiedAfter: string | null
  readonly actions: readonly RecordRow['lastAction'][] | null
  readonly ids: readonly string[] | null
  readonly limit: number
}

export type ListedRecord = Pick<
  RecordRow,
  'firstSeenAt' | 'lastModifiedAt' | 'lastAction' | 'deletedAt' | 'prunedAt'
> & {
  readonly cursor: string
  /** Nothing but the id when it was pruned. */
  readonly payload: StoredRecord
}

export type ListedRecords = {
  readonly records: readonly ListedRecord[]
  /** Null when there is nothing more now. */
  readonly nextCursor: string | null
}

/**
 * A page of records in the order of their last change, deleted ones too; it is shorter than asked for when records are
 * large. Whoever goes on from the cursor of the last
 * record misses no change, however many writers there are. Throws PlumbError `request-invalid` for a bad cursor.
 */
export async function listRecords(
  { db, keys }: RecordStore,
  name: RecordStreamName,
  query: ListRecordsQuery,
): Promise<ListedRecords> {
  const after = changeOf(query.cursor)
  const stream = await findRecordStream(db, name)
  if (stream === null) return { records: [], nextCursor: null }
  const codec = openRecordCodec(keys, name, stream)
  const { actions } = query
  const rows = await listRecordChanges(db, stream.id, {
    ...{ after, actions, limit: query.limit, bytes: mostPageBytes },
    modifiedAfter: query.modifiedAfter && storedTime(query.modifiedAfter),
    ids: query.ids && query.ids.map(storedId),
  })
  const last = rows.at(-1)
  return {
    records: rows.map((row) => ({
      firstSeenAt: row.firstSeenAt,
      lastModifiedAt: row.lastModifiedAt,
      lastAction: row.lastAction,
      deletedAt: row.deletedAt,
      prunedAt: row.prunedAt,
      cursor: cursorOf(row.change),
      payload: codec.decode(row) ?? { id: unescapeText(row.externalId) },
    })),
    nextCursor: last?.more === true ? cursorOf(last.change) : null,
  }
}

/** Forgets payloads up to a cursor. Throws PlumbError `request-invalid` for a bad cursor. */
export async function pruneListedRecords(
  { db }: Pick<RecordStore, 'db'>,
  name: RecordStreamName,
  order: { readonly untilCursor: string; readonly limit: number; readonly now: string },
): Promise<{ readonly count: number; readonly hasMore: boolean }> {
  const until = changeOf(order.untilCursor)
  const stream = await findRecordStream(db, name)
  if (stream === null) return { count: 0, hasMore: false }
  const count = await pruneRecords(db, stream.id, { ...order, until })
  return { count, hasMore: count === order.limit }
}

/** A time that PostgreSQL can read: of years with more digits than four the first or last that has none. */
function storedTime(time: string): string {
  if (time.startsWith('-')) return '0001-01-01T00:00:00Z'
  return time.startsWith('+') ? '9999-12-31T23:59:59Z' : time.replace(/^0000/, '0001')
}

const cursorText = /^c1-(\d{1,15})$/

/** Opaque, so that nobody computes with it. */
function cursorOf(change: number): string {
  return Buffer.from(`c1-${change}`, 'utf8').toString('base64url')
}

function changeOf(cursor: string | null): number {
  if (cursor === null || cursor === '') return 0
  const change = cursorText.exec(Buffer.from(cursor, 'base64url').toString('utf8'))?.[1]
  if (change !== undefined) return Number(change)
  throw new PlumbError({
    code: 'request-invalid',
    message: `"${cursor.slice(0, 100)}" is not a cursor of records.`,
    remedy:
      'Give `next_cursor` or the `cursor` of a record as they came, or none to start with the oldest change.',
  })
}
