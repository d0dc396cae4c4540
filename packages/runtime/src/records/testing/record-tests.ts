import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openTestDatabase } from '@plumb/store/testing'
import type { Database } from '@plumb/store'
import { openKeys } from '../../keys/open-keys.js'
import type { Keys } from '../../keys/open-keys.js'
import { listRecords } from '../list-records.js'
import type { ListedRecord, ListRecordsQuery } from '../list-records.js'
import { openStoredRecords } from '../open-stored-records.js'
import type { StoredRecords, StoredRecordsOrder } from '../open-stored-records.js'

export type RecordTests = {
  readonly db: Database
  readonly keys: Keys
  readonly keysDirectory: string
  /** Records of connection `connectionId`, as a new execution opens them. */
  open(connectionId: string, order?: Partial<StoredRecordsOrder>): StoredRecords
  /** What a client reads of model `A`. */
  read(connectionId: string, query?: Partial<ListRecordsQuery>): Promise<readonly ListedRecord[]>
  close(): Promise<void>
}

/** A real database with keys, for tests of records. */
export async function openRecordTests(): Promise<RecordTests> {
  const root = await mkdtemp(join(tmpdir(), 'plumb-records-'))
  const keysDirectory = join(root, 'keys')
  const keys = await openKeys(keysDirectory)
  const db = await openTestDatabase()
  const owner = (connectionId: string) => ({
    ...{ environment: 'dev', integrationKey: 'crm', connectionId, variant: 'base' },
  })
  return {
    ...{ db, keys, keysDirectory },
    open: (connectionId, order) =>
      openStoredRecords({ db, keys }, { ...owner(connectionId), ...order }),
    read: async (connectionId, query) => {
      const all = { cursor: null, modifiedAfter: null, actions: null, ids: null, limit: 10_000 }
      const name = { ...owner(connectionId), model: 'A' }
      return (await listRecords({ db, keys }, name, { ...all, ...query })).records
    },
    async close() {
      await db.close()
      await rm(root, { recursive: true, force: true })
    },
  }
}

/** Records `from`, `from + 1`, ... with a value. */
export function some(count: number, from = 0, value: unknown = 'x') {
  return Array.from({ length: count }, (_, n) => ({ id: String(from + n), value: value as string }))
}
