import { findRecordStream, openDatabase } from '@plumb/store'
import type { Database } from '@plumb/store'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { databaseUrlOf } from '../syncs/testing/start-sync-process.js'
import { listRecords, pruneListedRecords } from './list-records.js'
import type { ListedRecord } from './list-records.js'
import { openStoredRecords } from './open-stored-records.js'
import type { StoredRecords } from './open-stored-records.js'
import { retainRecords } from './retain-records.js'
import { openRecordTests, some } from './testing/record-tests.js'
import type { RecordTests } from './testing/record-tests.js'

/* Readers that page while writers save and delete, payloads are pruned, and retention takes what is old. */

let tests: RecordTests
/** A database handle of another process, in effect. */
let other: Database

beforeAll(async () => {
  tests = await openRecordTests()
  other = await openDatabase({ url: await databaseUrlOf(tests.db) })
})
afterAll(async () => {
  await other?.close()
  await tests?.close()
})

const nameOf = (connectionId: string) => ({
  ...{ environment: 'dev', integrationKey: 'crm', connectionId, model: 'A', variant: 'base' },
})

/** The same numbers for the same seed, from 0 to below `most`. */
function dice(seed: number): (most: number) => number {
  let state = seed
  return (most) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * most)
  }
}

/** What a client keeps that follows the changes: by id, the last value or null for what is deleted. */
class Reader {
  readonly kept = new Map<string, unknown>()
  readonly #limit: number
  #cursor: string | null = null
  #last = -1

  constructor(limit: number) {
    this.#limit = limit
  }

  /** Reads a page; true when there was something in it. */
  async read(connectionId: string): Promise<boolean> {
    const query = { cursor: this.#cursor, modifiedAfter: null, actions: null, ids: null }
    const store = { db: other, keys: tests.keys }
    const { records } = await listRecords(store, nameOf(connectionId), {
      ...query,
      limit: this.#limit,
    })
    for (const record of records) this.#keep(record)
    return records.length > 0
  }

  #keep({ cursor, payload, lastAction, prunedAt }: ListedRecord): void {
    const change = Number(Buffer.from(cursor, 'base64url').toString().slice('c1-'.length))
    expect(change, 'changes come in their order, each once').toBeGreaterThan(this.#last)
    this.#last = change
    this.#cursor = cursor
    if (lastAction === 'DELETED') return void this.kept.set(payload.id, null)
    // A client that prunes has read it before.
    if (prunedAt === null) this.kept.set(payload.id, payload['value'])
  }

  get cursor(): string | null {
    return this.#cursor
  }
}

type Place = {
  readonly connectionId: string
  readonly roll: (most: number) => number
  readonly now: { ms: number }
  /** By id, the value that was saved last, or null. */
  readonly truth: Map<string, unknown>
  readonly writers: readonly StoredRecords[]
  readonly readers: readonly Reader[]
}

const retain = ({ now }: Place) => retainRecords(tests, { now: now.ms, deletedPayloadDays: 1 })

/** What happens next. */
const steps: readonly ((place: Place) => Promise<unknown>)[] = [
  async ({ roll, truth, writers }) => {
    const saved = some(1 + roll(30), roll(60), `v${roll(3)}`)
    for (const { id, value } of saved) truth.set(id, value)
    await writers[roll(2)]?.save('A', saved)
  },
  async ({ roll, truth, writers }) => {
    const deleted = some(1 + roll(10), roll(60))
    for (const { id } of deleted) if (truth.has(id)) truth.set(id, null)
    await writers[roll(2)]?.delete('A', deleted)
  },
  ({ readers, connectionId }) => Promise.all(readers.map((one) => one.read(connectionId))),
  retain,
  async ({ roll, readers, connectionId, now }) => {
    if (roll(4) > 0) return
    // Only what all have read may go.
    for (const reader of readers) while (await reader.read(connectionId));
    const untilCursor = readers[0]?.cursor ?? ''
    const order = { untilCursor, limit: 10, now: new Date(now.ms).toISOString() }
    await pruneListedRecords(tests, nameOf(connectionId), order)
  },
]

function placeOf(seed: number): Place {
  const connectionId = `paged-${seed}`
  const now = { ms: Date.parse('2026-01-01T00:00:00.000Z') }
  const writers = [tests.db, other].map((db) =>
    openStoredRecords({ db, keys: tests.keys }, { ...nameOf(connectionId), now: () => now.ms }),
  )
  const readers = [new Reader(7), new Reader(50), new Reader(3)]
  return { connectionId, roll: dice(seed), now, truth: new Map(), writers, readers }
}

it.each([1, 2])('miss nothing and see nothing twice, in an order of chance (%i)', async (seed) => {
  const place = placeOf(seed)
  const { connectionId, roll, now, truth, writers, readers } = place
  for (let n = 0; n < 60; n += 1) {
    // The clock jumps both ways.
    now.ms += (roll(5) - 1) * 3_600_000
    await steps[roll(steps.length)]?.(place)
  }
  // At the same time now; what each of them does last decides, so each has ids of its own.
  const paging = { on: true }
  const follow = readers.map(async (reader) => {
    while (paging.on || (await reader.read(connectionId))) await reader.read(connectionId)
  })
  await Promise.all(
    writers.map(async (writer, at) => {
      for (let n = 0; n < 12; n += 1) {
        const mine = some(20, 1000 * (at + 1) + roll(40), `w${n % 2}`)
        for (const { id, value } of mine) truth.set(id, value)
        await writer.save('A', mine)
        const gone = mine.slice(0, roll(5))
        for (const { id } of gone) truth.set(id, null)
        await writer.delete('A', gone)
      }
    }),
  )
  await retain(place)
  paging.on = false
  await Promise.all(follow)
  for (const { kept } of readers)
    expect(Object.fromEntries(kept)).toEqual(Object.fromEntries(truth))
  const stream = await findRecordStream(tests.db, nameOf(connectionId))
  const [counted] = await tests.db.query<{ live: number; found: number }>(
    `select live, (select count(*) from plumb.records where stream_id = s.id and deleted_at is null) as found
     from plumb.record_streams s where id = $1`,
    [stream?.id],
  )
  const live = [...truth.values()].filter((value) => value !== null).length
  expect(counted).toEqual({ live, found: live })
})
