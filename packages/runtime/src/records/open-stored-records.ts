import {
  closeDeleteWindow,
  countUnseenRecords,
  deleteRecords,
  findChangedRecords,
  getLiveRecords,
  getRecordChanges,
  lastRecordChange,
  listLiveRecordIds,
  listLiveRecords,
  lockRecordStream,
  nothingChanged,
  openDeleteWindow,
  seeRecords,
  upsertRecords,
} from '@plumb/store'
import type { ChangedRecords, LockedStream, Queryable, RecordOwner, RecordRow } from '@plumb/store'
import {
  refuseMassDelete,
  refuseMissingWindow,
  refuseUnreadDelete,
} from '../execution/delete-guard.js'
import { mergeDeep } from '../execution/merge-deep.js'
import { isOthers } from '../execution/record-keeper.js'
import type {
  DeleteOptions,
  KeptChange,
  OthersChanges,
  RecordKeeper,
} from '../execution/record-keeper.js'
import type { RecordPage, StoredRecord } from '../execution/record-set.js'
import { unescapeText } from './escape-json.js'
import { storedId } from './record-codec.js'
import type { EncodedRecords } from './record-codec.js'
import { openStreams } from './record-streams.js'
import type { OpenStream, RecordStore } from './record-streams.js'

/** Changes of one model; what stays as it is counts nowhere. */
export type RecordCounts = Readonly<Record<'added' | 'updated' | 'deleted', number>>

/** Durable records of one connection, as one execution changes them. */
export type StoredRecords = RecordKeeper & {
  /** What has been changed so far, by model. */
  counts(): Readonly<Record<string, RecordCounts>>
}

export type StoredRecordsOrder = RecordOwner & {
  readonly variant: string
  /** Milliseconds since 1970. Default: the machine's. */
  readonly now?: () => number
  /** Runs in every transaction that changes records; what it throws undoes the change. */
  readonly guard?: (tx: Queryable) => Promise<void>
}

/** Ids that are told of one large deletion; all of them are counted. */
const mostKeysTold = 100_000
const idsPerPage = 10_000

/** Opens the stored records of a connection and variant for one execution. */
export function openStoredRecords(store: RecordStore, order: StoredRecordsOrder): StoredRecords {
  return new DurableRecords(store, order)
}

type Locked = {
  readonly tx: Queryable
  readonly stream: OpenStream & { readonly locked: LockedStream }
}

class DurableRecords implements StoredRecords {
  readonly tellsChanges = false
  readonly #store: RecordStore
  readonly #order: StoredRecordsOrder
  readonly #streamOf: (model: string) => Promise<OpenStream>
  readonly #counts = new Map<string, RecordCounts>()
  readonly #now: () => number

  constructor(store: RecordStore, order: StoredRecordsOrder) {
    this.#store = store
    this.#order = order
    this.#now = order.now ?? Date.now
    this.#streamOf = openStreams(store, order, this.#now)
  }

  async save(
    model: string,
    records: readonly StoredRecord[],
    spare?: OthersChanges,
  ): Promise<KeptChange> {
    const stream = await this.#streamOf(model)
    const encoded = stream.codec.encode(records)
    const { windowOpen, changed } = await findChangedRecords(this.#store.db, stream, encoded)
    if (changed.length === 0 && !windowOpen) return { records, range: null }
    const { range } = await this.#change(stream, async (locked) => {
      await see(locked, encoded.ids)
      return write(locked, encoded, await keepThose(locked, { encoded, changed, spare }))
    })
    return { records, range }
  }

  async update(
    model: string,
    records: readonly StoredRecord[],
    spare?: OthersChanges,
  ): Promise<KeptChange> {
    const stream = await this.#streamOf(model)
    const merged = new Map<string, StoredRecord>()
    const { range } = await this.#change(stream, async (locked) => {
      const ids = records.map(({ id }) => storedId(id))
      await see(locked, ids)
      const rows = await getLiveRecords(locked.tx, stream.id, ids)
      for (const record of rows.flatMap((row) => stream.codec.decode(row) ?? [])) {
        merged.set(record.id, record)
      }
      for (const record of records) {
        const known = merged.get(record.id)
        if (known) merged.set(record.id, mergeDeep(known, record) as StoredRecord)
      }
      const encoded = stream.codec.encode([...merged.values()])
      const { changed } = await findChangedRecords(locked.tx, stream, encoded)
      return write(locked, encoded, await keepThose(locked, { encoded, changed, spare }))
    })
    return { records: records.map((record) => merged.get(record.id) ?? record), range }
  }

  async delete(
    model: string,
    records: readonly StoredRecord[],
    spare?: OthersChanges,
  ): Promise<KeptChange> {
    const stream = await this.#streamOf(model)
    const ids = records.map(({ id }) => storedId(id))
    const spared = new Set<string>()
    const { range } = await this.#change(stream, async (locked) => {
      for (const id of await othersOf(locked, ids, spare)) spared.add(id)
      return deleteRecords(
        locked.tx,
        locked.stream,
        ids.filter((id) => !spared.has(id)),
      )
    })
    return { records: records.filter(({ id }) => !spared.has(storedId(id))), range }
  }

  async list(
    model: string,
    { cursor, limit }: { cursor: string | null; limit: number },
  ): Promise<RecordPage> {
    const stream = await this.#streamOf(model)
    const after = cursor === null ? '' : storedId(cursor)
    const rows = await listLiveRecords(this.#store.db, stream.id, { after, limit })
    const last = rows.length < limit ? undefined : rows.at(-1)
    return {
      records: decodeAll(stream, rows),
      next_cursor: last === undefined ? null : unescapeText(last.externalId),
    }
  }

  async get(model: string, ids: readonly string[]): Promise<StoredRecord[]> {
    const stream = await this.#streamOf(model)
    return decodeAll(stream, await getLiveRecords(this.#store.db, stream.id, ids.map(storedId)))
  }

  lastChange(): Promise<number> {
    return lastRecordChange(this.#store.db)
  }

  async openDeleteWindow(model: string, { continued }: { continued: boolean }): Promise<void> {
    await this.#change(await this.#streamOf(model), async ({ tx, stream }) => {
      await openDeleteWindow(tx, stream, { anew: !continued })
      return nothingChanged
    })
  }

  async closeDeleteWindow(model: string, confirmed: boolean): Promise<readonly StoredRecord[]> {
    let ids: readonly string[] = []
    await this.#change(await this.#streamOf(model), async ({ tx, stream }) => {
      if (!stream.locked.windowOpen) throw refuseMissingWindow(model)
      const count = await countUnseenRecords(tx, stream.id)
      refuseMassDelete({ model, count, total: stream.locked.live, confirmed })
      const closed = await closeDeleteWindow(tx, stream)
      ids = closed.ids
      return closed
    })
    return told(ids)
  }

  async deleteUnseen(
    model: string,
    seen: ReadonlySet<string>,
    { confirmed, continued }: DeleteOptions,
  ): Promise<readonly StoredRecord[]> {
    if (continued) throw refuseUnreadDelete(model)
    const unseen: string[] = []
    await this.#change(await this.#streamOf(model), async ({ tx, stream }) => {
      for await (const id of liveIds(tx, stream.id)) {
        if (!seen.has(unescapeText(id))) unseen.push(id)
      }
      refuseMassDelete({ model, count: unseen.length, total: stream.locked.live, confirmed })
      return deleteRecords(tx, stream, unseen)
    })
    return told(unseen)
  }

  counts(): Readonly<Record<string, RecordCounts>> {
    return Object.fromEntries(this.#counts)
  }

  async #change(
    stream: OpenStream,
    work: (locked: Locked) => Promise<ChangedRecords>,
  ): Promise<ChangedRecords> {
    const now = new Date(this.#now()).toISOString()
    const changed = await this.#store.db.transaction(async (tx) => {
      const locked = await lockRecordStream(tx, stream.id, now)
      await this.#order.guard?.(tx)
      return work({ tx, stream: { ...stream, locked } })
    })
    const before = this.#counts.get(stream.model) ?? nothingChanged
    this.#counts.set(stream.model, {
      added: before.added + changed.added,
      updated: before.updated + changed.updated,
      deleted: before.deleted + changed.deleted,
    })
    return changed
  }
}

async function see({ tx, stream }: Locked, ids: readonly string[]): Promise<void> {
  if (stream.locked.windowOpen) await seeRecords(tx, stream.id, ids)
}

async function write(
  { tx, stream }: Locked,
  encoded: EncodedRecords,
  places: readonly number[],
): Promise<ChangedRecords> {
  if (places.length === 0) return nothingChanged
  return upsertRecords(tx, stream, stream.codec.rows(encoded, places))
}

/** The places of changed records that nobody else has changed. */
async function keepThose(
  locked: Locked,
  o: { encoded: EncodedRecords; changed: readonly number[]; spare: OthersChanges | undefined },
): Promise<readonly number[]> {
  const { ids } = o.encoded
  const others = await othersOf(locked, ids, o.spare)
  return others.size === 0 ? o.changed : o.changed.filter((n) => !others.has(ids[n] ?? ''))
}

async function othersOf(
  { tx, stream }: Locked,
  ids: readonly string[],
  spare: OthersChanges | undefined,
): Promise<ReadonlySet<string>> {
  if (spare === undefined) return new Set()
  const changes = [...(await getRecordChanges(tx, stream.id, ids))]
  return new Set(changes.flatMap(([id, change]) => (isOthers(change, spare) ? [id] : [])))
}

async function* liveIds(tx: Queryable, streamId: number): AsyncGenerator<string> {
  let after = ''
  for (;;) {
    const ids = await listLiveRecordIds(tx, streamId, { after, limit: idsPerPage })
    yield* ids
    const last = ids.at(-1)
    if (last === undefined || ids.length < idsPerPage) return
    after = last
  }
}

function decodeAll({ codec }: OpenStream, rows: readonly RecordRow[]): StoredRecord[] {
  return rows.flatMap((row) => codec.decode(row) ?? [])
}

function told(ids: readonly string[]): StoredRecord[] {
  return ids.slice(0, mostKeysTold).map((id) => ({ id: unescapeText(id) }))
}
