import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { openDatabase } from '@plumb/store'
import type { Queryable } from '@plumb/store'
import { openTestDatabase } from '@plumb/store/testing'
import type { TestDatabase } from '@plumb/store/testing'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startTypeScript } from '../connections/testing/start-typescript.js'
import type { ConnectionGateway } from '../gateway/connection-gateway.js'
import { openTestRunner } from '../runner/testing/test-runner.js'
import { databaseUrlOf, killProcess } from '../syncs/testing/start-sync-process.js'
import { executeFunction } from './execute-function.js'
import type { ExecutionOrder } from './execute-function.js'
import { ExecutionLocks, memoryLocks } from './locks.js'
import type { LockStore } from './locks.js'
import { storedLocks } from './stored-locks.js'
import { action, memoryGateway } from './testing/memory-gateway.js'
import type { LockProcessJob } from './testing/lock-process.js'

const connection = { environment: 'dev', integrationKey: 'crm', connectionId: 'c1' }
const minute = 60_000
let db: TestDatabase

beforeAll(async () => {
  db = await openTestDatabase()
})
beforeEach(() => db.query('delete from plumb.locks'))
afterAll(() => db?.close())

const stored = (queryable: Queryable = db): LockStore => storedLocks(queryable, connection)

describe.each([
  ['in memory', () => memoryLocks(Date.now)],
  ['in the database', () => stored()],
])('locks %s', (_, open) => {
  it('are for one execution at a time, which may take its own again', async () => {
    const store = open()
    const [a, b] = [new ExecutionLocks(store, 'a'), new ExecutionLocks(store, 'b')]
    expect(await a.acquire('k', minute)).toBe(true)
    expect(await a.acquire('k', minute)).toBe(true)
    expect([await b.acquire('k', minute), await b.release('k')]).toEqual([false, false])
    expect([await a.release('k'), await a.release('k')]).toEqual([true, false])
    expect(await b.acquire('k', minute)).toBe(true)
  })

  it('end by themselves, and then are not freed by who had them', async () => {
    const store = open()
    const [a, b] = [new ExecutionLocks(store, 'a'), new ExecutionLocks(store, 'b')]
    await a.acquire('k', 1)
    await sleep(20)
    expect(await b.acquire('k', minute)).toBe(true)
    expect(await a.release('k')).toBe(false)
    await a.end()
    expect(await a.acquire('k', minute)).toBe(false)
    expect(await new ExecutionLocks(store, 'c').acquire('k', minute)).toBe(false)
  })

  it('are all free when their execution ends, also one that was being taken', async () => {
    const store = open()
    const a = new ExecutionLocks(store, 'a')
    for (const key of ['x', 'y']) await a.acquire(key, minute)
    const late = a.acquire('z', minute)
    await a.end()
    await late
    const b = new ExecutionLocks(store, 'b')
    for (const key of ['x', 'y', 'z']) expect(await b.acquire(key, minute)).toBe(true)
  })

  it('take any text as their key', async () => {
    const store = open()
    const a = new ExecutionLocks(store, 'a')
    const b = new ExecutionLocks(store, 'b')
    for (const key of ['a\0b', '\ud800', '\u00010', "'; drop table", '\ufffd'.repeat(500)]) {
      expect(await a.acquire(key, minute)).toBe(true)
      expect(await b.acquire(key, minute)).toBe(false)
      expect(await a.release(key)).toBe(true)
    }
  })

  it('are few, with a name and a time', async () => {
    const locks = new ExecutionLocks(open(), 'a')
    const refused = { code: 'request-invalid' }
    for (const key of ['', 'x'.repeat(501)]) {
      await expect(locks.acquire(key, minute)).rejects.toMatchObject(refused)
    }
    for (const ttlMs of [0, -1, Number.NaN]) {
      await expect(locks.acquire('k', ttlMs)).rejects.toMatchObject(refused)
    }
    for (let n = 0; n < 100; n += 1) await locks.acquire(`k${n}`, 1e300)
    await expect(locks.acquire('more', minute)).rejects.toThrow('"more" was not taken')
    expect(await locks.acquire('k0', minute)).toBe(true)
    await locks.release('k0')
    expect(await locks.acquire('more', minute)).toBe(true)
    await locks.end()
  })
})

it('a lock that could not be freed does not spoil the end', async () => {
  const failing = { query: async () => Promise.reject(new Error('The database is gone.')) }
  const locks = new ExecutionLocks(stored(failing), 'a')
  await expect(locks.acquire('k', minute)).rejects.toThrow('gone')
  await locks.end()
})

it('hold across processes, until the time of an owner that was killed is up', async () => {
  const child = await startTypeScript(new URL('./testing/lock-process.ts', import.meta.url))
  const databaseUrl = await databaseUrlOf(db)
  const own = new ExecutionLocks(stored(), 'here')
  await own.acquire('mine', minute)
  const job: LockProcessJob = { databaseUrl, connection, keys: ['k', 'mine'], ttlMs: minute }
  try {
    child.stdin.write(`${JSON.stringify(job)}\n`)
    const [said] = (await once(child.stdout, 'data')) as [Buffer]
    expect(JSON.parse(said.toString())).toEqual([true, false])
  } finally {
    await killProcess(child)
  }
  expect(await own.acquire('k', minute)).toBe(false)
  await db.query(`update plumb.locks set expires_at = now() where owner like 'process %'`)
  expect(await own.acquire('k', minute)).toBe(true)
})

describe('functions', () => {
  let runner: Awaited<ReturnType<typeof openTestRunner>>
  beforeAll(async () => {
    runner = await openTestRunner({ size: 2 })
  })
  afterAll(() => runner?.close())

  async function run(id: string, body: string, more: Partial<ExecutionOrder> = {}) {
    const code = action(body)
    const definition = await runner.pool.describe({ code })
    const compiled = { name: 'a', fileName: 'a.ts', code, sourceHash: 'h', definition }
    const { outcome } = await executeFunction({
      ...{ pool: runner.pool, compiled, purpose: 'execution', deadlineMs: 20_000 },
      gateway: memoryGateway(() => ({})),
      locks: stored(),
      ids: { executionId: id },
      ...more,
    })
    return outcome.kind === 'returned' ? outcome.output : outcome
  }

  const take = "return ctx.tryAcquireLock({ key: 'k', ttlMs: 60000 })"

  it('of two executions and two databases share a lock, until its holder ends, however it does', async () => {
    const second = await openDatabase({ url: await databaseUrlOf(db) })
    const other = (): Promise<unknown> => run('e2', take, { locks: stored(second) })
    let seen: unknown
    const gateway: ConnectionGateway = {
      ...memoryGateway(() => ({})),
      async request() {
        seen = await other()
        throw new Error('The provider is gone.')
      },
    }
    const body =
      "await ctx.tryAcquireLock({ key: 'k', ttlMs: 60000 }); await ctx.get({ endpoint: '/' })"
    expect(await run('e1', body, { gateway })).toMatchObject({ kind: 'threw' })
    expect(seen).toBe(false)
    expect(await other()).toBe(true)
    await second.close()
  })

  it('get an error for a lock that is none, and a killed one frees what it had', async () => {
    const bad = "return ctx.tryAcquireLock({ key: 'k', ttlMs: -1 }).catch((e) => e.message)"
    expect(await run('e1', bad)).toContain('a "ttlMs" of -1')
    const spin = "await ctx.tryAcquireLock({ key: 'k', ttlMs: 60000 }); for (;;);"
    expect(await run('e1', spin, { deadlineMs: 500 })).toMatchObject({ kind: 'killed' })
    expect(await run('e2', take)).toBe(true)
  })
})
