import { createInterface } from 'node:readline'
import { openDatabase } from '@plumb/store'
import type { LockName } from '@plumb/store'
import { ExecutionLocks } from '../locks.js'
import { storedLocks } from '../stored-locks.js'

/** What takes locks in a process of its own and never frees them; its job is the first line of stdin. */
export type LockProcessJob = {
  readonly databaseUrl: string
  readonly connection: Omit<LockName, 'key'>
  readonly keys: readonly string[]
  readonly ttlMs: number
}

const lines = createInterface({ input: process.stdin })
const line = await new Promise<string>((resolve) => lines.once('line', resolve))
const job = JSON.parse(line) as LockProcessJob
const db = await openDatabase({ url: job.databaseUrl })
const locks = new ExecutionLocks(storedLocks(db, job.connection), `process ${process.pid}`)
const taken = await Promise.all(job.keys.map((key) => locks.acquire(key, job.ttlMs)))
process.stdout.write(`${JSON.stringify(taken)}\n`)
