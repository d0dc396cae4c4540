import { openStoredRecords } from './open-stored-records.js'
import type { RecordStore } from './record-streams.js'
import type { RecordOwner } from '@plumb/store'

/** Time and own CPU time, both in milliseconds, of saving so many records. */
export type RecordsPhase = {
  readonly records: number
  readonly ms: number
  readonly clientCpuMs: number
  /** What the database wrote to its log meanwhile, for whomever. */
  readonly walBytes: number
}

export type RecordsMeasurement = { readonly fresh: RecordsPhase; readonly unchanged: RecordsPhase }

const batchSize = 1000

/**
 * Saves `count` new records of about 1 KB for one connection, and then the same again. Leaves them there; the
 * connection of `owner` need not exist.
 */
export async function measureRecords(
  store: RecordStore,
  owner: RecordOwner & { readonly count: number },
): Promise<RecordsMeasurement> {
  const fresh = await measure(store, owner)
  return { fresh, unchanged: await measure(store, owner) }
}

async function measure(
  store: RecordStore,
  { count, ...owner }: RecordOwner & { readonly count: number },
): Promise<RecordsPhase> {
  const records = openStoredRecords(store, { ...owner, variant: 'base' })
  const [walBefore, cpuBefore, began] = [
    await walPosition(store),
    process.cpuUsage(),
    performance.now(),
  ]
  for (let first = 0; first < count; first += batchSize) {
    const size = Math.min(batchSize, count - first)
    await records.save(
      'Contact',
      Array.from({ length: size }, (_, n) => sampleRecord(first + n)),
    )
  }
  const ms = performance.now() - began
  const { user, system } = process.cpuUsage(cpuBefore)
  const walBytes = (await walPosition(store)) - walBefore
  return { records: count, ms, clientCpuMs: (user + system) / 1000, walBytes }
}

async function walPosition({ db }: RecordStore): Promise<number> {
  const [row] = await db.query<{ bytes: number }>(
    `select pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0') as bytes`,
  )
  return row?.bytes ?? 0
}

function sampleRecord(n: number) {
  const name = `person-${n}`
  return {
    id: `contact_${String(n).padStart(12, '0')}`,
    name,
    email: `${name}@customer-${n % 977}.example.com`,
    phone: `+49 30 ${String((n * 7919) % 10_000_000).padStart(7, '0')}`,
    address: { street: `Street ${n % 400}`, city: 'Berlin', postcode: String(10_000 + (n % 4000)) },
    tags: ['customer', `segment-${n % 17}`, `owner-${n % 31}`],
    createdAt: new Date(1_700_000_000_000 + n * 1000).toISOString(),
    updatedAt: new Date(1_750_000_000_000 + n * 1000).toISOString(),
    notes: `Met at the fair in hall ${n % 9}. `.repeat(17),
  }
}
