import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { listDeployedFunctions, listSyncs, saveDeployment } from '@plumb/store'
import { openTestDatabase } from '@plumb/store/testing'
import type { TestDatabase } from '@plumb/store/testing'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openEngine } from '../engine/open-engine.js'
import { openGateway } from '../gateway/open-gateway.js'
import { openKeys } from '../keys/open-keys.js'
import { openLogWriter } from '../logs/open-log-writer.js'
import { openTestRunner } from '../runner/testing/test-runner.js'
import type { TestRunner } from '../runner/testing/test-runner.js'
import { openSyncs } from './open-syncs.js'
import type { OpenSyncsOptions } from './open-syncs.js'
import type { Syncs } from './syncs.js'
import { connectTo, listProviders } from './testing/open-sync-server.js'

let db: TestDatabase
let runner: TestRunner
let folder = ''
const closers: (() => Promise<unknown>)[] = []

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plumb-late-'))
  ;[db, runner] = await Promise.all([openTestDatabase(), openTestRunner({ size: 1 })])
})
afterAll(async () => {
  for (const close of closers) await close()
  await runner?.close()
  await db?.close()
  await rm(folder, { recursive: true, force: true })
})

/** The schedules as one of several servers sees them. */
async function open(o: Pick<OpenSyncsOptions, 'listFunctions'> = {}): Promise<Syncs> {
  const store = {
    ...{ db, keys: await openKeys(folder), providers: listProviders, environment: 'dev' },
  }
  const [gateway, logs] = [openGateway(store), openLogWriter({ db })]
  closers.push(
    () => gateway.close(),
    () => logs.close(),
  )
  await connectTo(store, { integrationKey: 'crm', connectionId: 'c1', url: 'http://127.0.0.1:1' })
  return openSyncs({
    ...{ store, gateway, logs, pool: runner.pool },
    engine: openEngine({ db }),
    ...o,
  })
}

const deploy = (name: string) =>
  saveDeployment(db, {
    ...{ environment: 'dev', id: name, createdBy: 'test', now: new Date().toISOString() },
    functions: [
      {
        ...{ integrationKey: 'crm', kind: 'sync', name, fileName: 'f', sourceHash: 'a' },
        ...{ bundleHash: 'h', allow: { credentials: false, uncontrolledFetch: false } },
      },
    ],
    bundles: [
      { hash: 'h', code: '', definition: { frequency: 'every hour', autoStart: true } as never },
    ],
  })

it('a server that is late with an older deployment does not have the last word', async () => {
  const gate = { read: () => undefined as void, open: () => undefined as void }
  const read = new Promise<void>((resolve) => (gate.read = resolve))
  const opened = new Promise<void>((resolve) => (gate.open = resolve))
  const late = await open({
    listFunctions: async (queryable, filter) => {
      const found = await listDeployedFunctions(queryable, filter)
      gate.read()
      await opened
      return found
    },
  })
  const other = await open()
  await deploy('before')
  const first = late.ensureAll('dev')
  await read
  const second = deploy('after').then(() => other.ensureAll('dev'))
  await Promise.race([second, sleep(1000)])
  gate.open()
  await Promise.all([first, second])
  const syncs = await listSyncs(db, { environment: 'dev' })
  expect(syncs.map(({ name }) => name)).toEqual(['after'])
})
