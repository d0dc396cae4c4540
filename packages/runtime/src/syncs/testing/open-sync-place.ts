import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { listOperations, listRecordModels } from '@plumb/store'
import type { StoredOperation, SyncRun } from '@plumb/store'
import { openTestDatabase } from '@plumb/store/testing'
import type { TestDatabase } from '@plumb/store/testing'
import { deployText } from '../../deployments/testing/deploy-text.js'
import { openTestRunner } from '../../runner/testing/test-runner.js'
import type { SyncLimits } from '../syncs.js'
import { openSyncServer } from './open-sync-server.js'
import type { SyncServer } from './open-sync-server.js'

/** A database with a server of syncs, and what tests ask about the connection `c1` of an integration. */
export type SyncPlace = {
  readonly db: TestDatabase
  readonly server: SyncServer
  /** Deploys the sync `items`, or what replaces it, and brings the schedules in line. */
  deploy(integrationKey: string, code: string): Promise<void>
  /** Asks until there is an answer; throws with the last runs when there is none. */
  until<T>(look: () => Promise<T | undefined | false>): Promise<T>
  runsOf(integrationKey: string): Promise<readonly SyncRun[]>
  /** The `n`th run, once it has ended. */
  ended(integrationKey: string, n: number): Promise<SyncRun>
  countRecords(integrationKey: string): Promise<number>
  /** The newest log of a run, once it has ended. */
  loggedEnd(integrationKey: string): Promise<StoredOperation>
  close(): Promise<void>
}

export async function openSyncPlace(limits: Partial<SyncLimits>): Promise<SyncPlace> {
  const keysDirectory = await mkdtemp(join(tmpdir(), 'plumb-keys-'))
  const [db, runner] = await Promise.all([openTestDatabase(), openTestRunner({ size: 2 })])
  const server = await openSyncServer(db, runner.pool, { keysDirectory, limits })
  const environment = 'dev'
  const until: SyncPlace['until'] = async (look) => {
    for (let tries = 0; tries < 2000; tries += 1) {
      const found = await look()
      if (found !== undefined && found !== false) return found
      await sleep(25)
    }
    const runs = await server.syncs.runs({ environment, limit: 3 })
    throw new Error(`It did not happen: ${JSON.stringify(runs)}`)
  }
  const runsOf = (integrationKey: string): Promise<readonly SyncRun[]> =>
    server.syncs.runs({ environment, integrationKey, limit: 100 })
  return {
    ...{ db, server, until, runsOf },
    async deploy(integrationKey, code) {
      await deployText({ db, pool: runner.pool }, { integrationKey, name: 'items', code })
      await server.syncs.ensureAll(environment)
    },
    ended: (integrationKey, n) =>
      until(async () => {
        const run = [...(await runsOf(integrationKey))].reverse()[n - 1]
        return run !== undefined && run.finishedAt !== null && run
      }),
    async countRecords(integrationKey) {
      const owner = { environment, integrationKey, connectionId: 'c1' }
      return (await listRecordModels(db, owner))[0]?.count ?? 0
    },
    loggedEnd: (integrationKey) =>
      until(async () => {
        const filter = { environment, integrationKey, kind: 'sync', limit: 1 }
        const [last] = await listOperations(db, filter)
        return last !== undefined && last.finishedAt !== null && last
      }),
    async close() {
      await server.close()
      await runner.close()
      await db.close()
      await rm(keysDirectory, { recursive: true, force: true })
    },
  }
}
