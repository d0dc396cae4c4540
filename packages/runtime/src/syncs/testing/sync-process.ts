import { createInterface } from 'node:readline'
import { openDatabase } from '@plumb/store'
import { openRunnerPool } from '../../runner/runner-pool.js'
import { openSandbox } from '../../sandbox/open-sandbox.js'
import { openSyncServer } from './open-sync-server.js'
import type { SyncServerJob } from './open-sync-server.js'

/** A server in a process of its own, made to be killed: its job is the first line of stdin, the end of stdin ends it. */
export type SyncProcessJob = SyncServerJob & {
  readonly databaseUrl: string
  readonly poolSize?: number
}

const lines = createInterface({ input: process.stdin })
const ended = new Promise<void>((resolve) => lines.once('close', () => resolve()))
const line = await new Promise<string>((resolve) => lines.once('line', resolve))
const job = JSON.parse(line) as SyncProcessJob
const db = await openDatabase({ url: job.databaseUrl })
const sandbox = await openSandbox()
const pool = await openRunnerPool({ sandbox, size: job.poolSize ?? 2 })
const server = await openSyncServer(db, pool, job)
process.stdout.write('ready\n')
await ended
await server.close()
await pool.close()
await sandbox.close()
await db.close()
