import { createInterface } from 'node:readline'
import { openDatabase } from '@plumb/store'
import type { LoadedProvider } from '@plumb/providers'
import { openEngine } from '../../engine/open-engine.js'
import { openGateway } from '../../gateway/open-gateway.js'
import { openKeys } from '../../keys/open-keys.js'
import { openLogWriter } from '../../logs/open-log-writer.js'
import { openRunnerPool } from '../../runner/runner-pool.js'
import { openSandbox } from '../../sandbox/open-sandbox.js'
import type { QueuedActionOrder } from '../actions.js'
import { openActions } from '../open-actions.js'

/** What runs actions in a process of its own, made to be killed; its job is the first line of stdin. */
export type ActionProcessJob = {
  readonly databaseUrl: string
  readonly keysDirectory: string
  readonly provider: LoadedProvider['provider']
  readonly orders: readonly QueuedActionOrder[]
}

const lines = createInterface({ input: process.stdin })
const line = await new Promise<string>((resolve) => lines.once('line', resolve))
const job = JSON.parse(line) as ActionProcessJob
const db = await openDatabase({ url: job.databaseUrl })
const providers = new Map([
  [job.provider.name, { provider: job.provider, path: '', apiDescription: null }],
])
const keys = await openKeys(job.keysDirectory)
const store = { db, keys, providers, environment: 'dev' }
const pool = await openRunnerPool({ sandbox: await openSandbox(), size: 3 })
const engine = openEngine({ db, host: 'crash', beatMs: 200, leaseMs: 6000, pollMs: 100 })
const gateway = openGateway(store)
const actions = openActions({ ...{ store, gateway, engine, pool }, logs: openLogWriter({ db }) })
await engine.start()
const ids: string[] = []
for (const order of job.orders) ids.push((await actions.enqueue(order)).id)
process.stdout.write(`${JSON.stringify(ids)}\n`)
