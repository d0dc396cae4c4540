import { PlumbError } from '@plumb/protocol'
import { getLiveRecords, listLiveRecords } from '@plumb/store'
import type { Queryable, RecordRow } from '@plumb/store'
import type { RecordPage, StoredRecord } from './stored-record.js'
import { unescapeText } from './escape-json.js'
import { storedId } from './record-codec.js'
import type { OpenStream } from './record-streams.js'

/** Of payloads that one call of a function reads; what it is answered may have 16 MB. */
const mostReplyBytes = 15 * 1024 * 1024
/** The same where more can be asked for. */
const mostPageBytes = 8 * 1024 * 1024

/** A page in the order of the ids, shorter than asked for when records are large. */
export async function pageLiveRecords(
  db: Queryable,
  stream: OpenStream,
  { cursor, limit }: { readonly cursor: string | null; readonly limit: number },
): Promise<RecordPage> {
  const after = cursor === null ? '' : storedId(cursor)
  const rows = await listLiveRecords(db, stream.id, { after, limit, bytes: mostPageBytes })
  const last = rows.at(-1)
  return {
    records: decodeAll(stream, rows),
    next_cursor: last?.more === true ? unescapeText(last.externalId) : null,
  }
}

/** Throws PlumbError `request-invalid` when they are too large for one answer. */
export async function findLiveRecords(
  db: Queryable,
  stream: OpenStream,
  ids: readonly string[],
): Promise<StoredRecord[]> {
  const asked = { ids: ids.map(storedId), bytes: mostReplyBytes }
  const rows = await getLiveRecords(db, stream.id, asked)
  if (rows.at(-1)?.more !== true) return decodeAll(stream, rows)
  throw new PlumbError({
    code: 'request-invalid',
    message: `${ids.length} records of "${stream.model}" were asked for by their ids; together they have more than ${mostReplyBytes} bytes.`,
    remedy: 'Ask for fewer at once.',
  })
}

/** The rows of stored ids, some at a time: there may be many large ones. */
export async function* liveRows(
  tx: Queryable,
  streamId: number,
  ids: readonly string[],
): AsyncGenerator<readonly RecordRow[]> {
  let left = ids
  for (;;) {
    const rows = await getLiveRecords(tx, streamId, { ids: left, bytes: mostPageBytes })
    yield rows
    if (rows.at(-1)?.more !== true) return
    const done = new Set(rows.map(({ externalId }) => externalId))
    left = left.filter((id) => !done.has(id))
  }
}

function decodeAll({ codec }: OpenStream, rows: readonly RecordRow[]): StoredRecord[] {
  return rows.flatMap((row) => codec.decode(row) ?? [])
}
