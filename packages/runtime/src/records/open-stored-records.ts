import type { JsonObject } from '@plumb/protocol'
import {
  closeDeleteWindow,
  countUnseenRecords,
  deleteRecords,
  deleteUnseenRecords,
  findChangedRecords,
  getRecordChanges,
  lastRecordChange,
  lockRecordStream,
  nothingChanged,
  openDeleteWindow,
  seeRecords,
  upsertRecords,
} from '@plumb/store'
import type { ChangedRecords, LockedStream, Queryable, RecordOwner } from '@plumb/store'
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
import type { RecordPage, StoredRecord } from './stored-record.js'
import { unescapeText } from './escape-json.js'
import { findLiveRecords, liveRows, pageLiveRecords } from './read-live-records.js'
import { storedId } from './record-codec.js'
import type { EncodedRecords } from './record-codec.js'
import { openStreams } from './record-streams.js'
import type { OpenStream, RecordStore } from './record-streams.js'
import { SeenIds } from './seen-ids.js'

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
  /** Ids of saved records that are kept in memory; the database keeps the others. Default 10,000. */
  readonly mostIds?: number
  /** Runs in every transaction that changes records; what it throws undoes the change. */
  readonly guard?: (tx: Queryable) => Promise<void>
}

/** Ids that are told of one large deletion; all of them are counted. */
const mostKeysTold = 100_000
const mostIds = 10_000

/** Opens the stored records of a connection and variant for one execution. */
export function openStoredRecords(store: RecordStore, order: StoredRecordsOrder): StoredRecords {
  return new DurableRecords(store, order)
}

type Locked = {
  readonly tx: Queryable
  readonly stream: OpenStream & { readonly locked: LockedStream }
}

type UnseenOrder = {
  readonly model: string
  readonly confirmed: boolean
  /** Null for what the delete window has seen. */
  readonly execution: number | null
}

class DurableRecords implements StoredRecords {
  readonly tellsChanges = false
  readonly #store: RecordStore
  readonly #order: StoredRecordsOrder
  readonly #streamOf: (model: string) => Promise<OpenStream>
  readonly #seen: SeenIds
  readonly #counts = new Map<string, RecordCounts>()
  readonly #now: () => number

  constructor(store: RecordStore, order: StoredRecordsOrder) {
    this.#store = store
    this.#order = order
    this.#now = order.now ?? Date.now
    this.#streamOf = openStreams(store, order, this.#now)
    this.#seen = new SeenIds(store.db, order.mostIds ?? mostIds)
  }

  begin(): Promise<void> {
    return this.end()
  }

  /** What can not be forgotten now is forgotten in time. */
  async end(): Promise<void> {
    await this.#seen.end().catch(() => undefined)
  }

  async save(
    model: string,
    records: readonly StoredRecord[],
    spare?: OthersChanges,
  ): Promise<KeptChange> {
    const stream = await this.#streamOf(model)
    const encoded = stream.codec.encode(records)
    // Before they are saved: what could not be saved is not gone from the account either.
    await this.#seen.note(stream.id, encoded.ids)
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
    const changes = byStoredId(records)
    const ids = [...changes.keys()]
    await this.#seen.note(stream.id, ids)
    const { range } = await this.#change(stream, async (locked) => {
      await see(locked, ids)
      let done = nothingChanged
      for await (const rows of liveRows(locked.tx, stream.id, ids)) {
        const merged = rows.flatMap((row) => {
          const known = stream.codec.decode(row)
          const given = changes.get(row.externalId) ?? []
          return known === null ? [] : given.reduce<JsonObject>(mergeDeep, known)
        })
        const encoded = stream.codec.encode(merged as StoredRecord[])
        const { changed } = await findChangedRecords(locked.tx, stream, encoded)
        const places = await keepThose(locked, { encoded, changed, spare })
        done = both(done, await write(locked, encoded, places))
      }
      return done
    })
    return { records, range }
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

  async list(model: string, page: { cursor: string | null; limit: number }): Promise<RecordPage> {
    return pageLiveRecords(this.#store.db, await this.#streamOf(model), page)
  }

  async get(model: string, ids: readonly string[]): Promise<StoredRecord[]> {
    return findLiveRecords(this.#store.db, await this.#streamOf(model), ids)
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
    return this.#deleteUnseen({ model, confirmed, execution: null })
  }

  async deleteUnseen(
    model: string,
    { confirmed, continued }: DeleteOptions,
  ): Promise<readonly StoredRecord[]> {
    if (continued) throw refuseUnreadDelete(model)
    const { id } = await this.#streamOf(model)
    const execution = await this.#seen.settle(id)
    return this.#deleteUnseen({ model, confirmed, execution })
  }

  async #deleteUnseen(order: UnseenOrder): Promise<readonly StoredRecord[]> {
    const { model, confirmed, execution } = order
    let ids: readonly string[] = []
    await this.#change(await this.#streamOf(model), async ({ tx, stream }) => {
      const ofWindow = execution === null
      if (ofWindow && !stream.locked.windowOpen) throw refuseMissingWindow(model)
      const count = await countUnseenRecords(tx, stream.id, { execution })
      refuseMassDelete({ model, count, total: stream.locked.live, confirmed })
      const deleted = await deleteUnseenRecords(tx, stream, { execution, tell: mostKeysTold })
      if (ofWindow) await closeDeleteWindow(tx, stream.id)
      ids = deleted.ids
      return deleted
    })
    return ids.map((id) => ({ id: unescapeText(id) }))
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

function byStoredId(records: readonly StoredRecord[]): ReadonlyMap<string, StoredRecord[]> {
  const grouped = new Map<string, StoredRecord[]>()
  for (const record of records) {
    const id = storedId(record.id)
    const same = grouped.get(id)
    if (same === undefined) grouped.set(id, [record])
    else same.push(record)
  }
  return grouped
}

function both(a: ChangedRecords, b: ChangedRecords): ChangedRecords {
  return {
    added: a.added + b.added,
    updated: a.updated + b.updated,
    deleted: a.deleted + b.deleted,
    range: a.range && b.range ? { first: a.range.first, last: b.range.last } : (a.range ?? b.range),
  }
}
