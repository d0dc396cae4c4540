import { setTimeout as sleep } from 'node:timers/promises'
import { openTestDatabase } from '@plumb/store/testing'
import type { TestDatabase } from '@plumb/store/testing'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { Engine, WorkflowStatus } from './engine.js'
import { openEngine } from './open-engine.js'

let db: TestDatabase
const engines: Engine[] = []

beforeAll(async () => {
  db = await openTestDatabase()
})

afterEach(async () => {
  for (const engine of engines.splice(0)) await engine.close()
})

afterAll(async () => {
  await db?.close()
})

function open(o: { beatMs?: number; leaseMs?: number } = {}): Engine {
  // The lease outlasts a machine that stands still for a while: what loses it here is told to.
  const engine = openEngine({ db, host: 'test', beatMs: 100, leaseMs: 30_000, pollMs: 50, ...o })
  engines.push(engine)
  return engine
}

const patience = { timeout: 45_000 }

async function ended(engine: Engine, id: string): Promise<WorkflowStatus> {
  const state = async (): Promise<string> => (await engine.status(id)).kind
  await expect.poll(state, { ...patience, interval: 30 }).toMatch(/^(finished|failed)$/)
  return engine.status(id)
}

const endSessions = `select pg_terminate_backend(pid) from pg_stat_activity
  where datname = current_database() and pid <> pg_backend_pid()`

/** Ends every session of the database, as a restart of it does. */
async function loseSessions(): Promise<void> {
  await db.query(endSessions).catch(() => null)
}

describe('openEngine', () => {
  it('does what is enqueued once, whoever asks for it again', async () => {
    const engine = open()
    let runs = 0
    engine.define({
      name: 'add',
      concurrency: 2,
      run: async (input, run) => run.step('add', async () => (runs += 1) + (input as number)),
    })
    await engine.start()
    await engine.enqueue('add', 41, { id: 'a' })
    await engine.enqueue('add', 41, { id: 'a' })
    expect(await ended(engine, 'a')).toEqual({ kind: 'finished', output: 42 })
    await engine.enqueue('add', 41, { id: 'a' })
    expect(runs).toBe(1)
    expect(await engine.status('never')).toEqual({ kind: 'unknown' })
  })

  it('keeps to its limits per process and per partition', async () => {
    const engine = open()
    let now = 0
    const most = { all: 0, one: 0 }
    const inPartition = new Map<string, number>()
    engine.define({
      name: 'limited',
      concurrency: 3,
      perPartition: 1,
      run: async (input) => {
        const key = input as string
        most.all = Math.max(most.all, (now += 1))
        inPartition.set(key, (inPartition.get(key) ?? 0) + 1)
        most.one = Math.max(most.one, inPartition.get(key) ?? 0)
        for (let tries = 0; most.all < 2 && tries < 1000; tries += 1) await sleep(30)
        await sleep(40)
        inPartition.set(key, (inPartition.get(key) ?? 0) - 1)
        now -= 1
        return null
      },
    })
    await engine.start()
    const ids = Array.from({ length: 12 }, (_, n) => ({ id: `w${n}`, partition: `p${n % 4}` }))
    for (const { id, partition } of ids)
      await engine.enqueue('limited', partition, { id, partition })
    for (const { id } of ids) await ended(engine, id)
    expect(most.one).toBe(1)
    expect(most.all).toBeGreaterThan(1)
    expect(most.all).toBeLessThanOrEqual(3)
  })

  it('keeps to its own limits, whatever other processes of the database have', async () => {
    const engine = open()
    let now = 0
    let most = 0
    engine.define({
      name: 'own',
      concurrency: 3,
      perPartition: 3,
      run: async () => {
        most = Math.max(most, (now += 1))
        for (let tries = 0; most < 3 && tries < 1000; tries += 1) await sleep(30)
        now -= 1
        return null
      },
    })
    await engine.start()
    // As a server of another version registers it, with limits of its own.
    await db.query(
      `insert into plumb_engine.queues (name, worker_concurrency, partition_queue, partition_concurrency)
       values ('plumb own', 1, true, 1)
       on conflict (name) do update set worker_concurrency = 1, partition_concurrency = 1`,
    )
    await sleep(1200)
    const ids = Array.from({ length: 6 }, (_, n) => `own${n}`)
    for (const id of ids) await engine.enqueue('own', null, { id, partition: 'p' })
    for (const id of ids) await ended(engine, id)
    expect(most).toBe(3)
  })

  it('goes on in the step that stopping interrupted, and repeats no step that had ended', async () => {
    const done: string[] = []
    const define = (engine: Engine, patient: boolean): void =>
      engine.define({
        name: 'steps',
        concurrency: 1,
        run: async (_input, run) => {
          await run.step('first', async () => void done.push('first'))
          await run.step('second', async (signal) => {
            done.push('second')
            if (patient) return
            await sleep(60_000, null, { signal })
          })
          return 'all'
        },
      })
    const first = open()
    define(first, false)
    await first.start()
    await first.enqueue('steps', null, { id: 's' })
    await expect.poll(() => done, patience).toHaveLength(2)
    await first.close()
    const second = open()
    define(second, true)
    await second.start()
    expect(await ended(second, 's')).toEqual({ kind: 'finished', output: 'all' })
    expect(done).toEqual(['first', 'second', 'second'])
  })

  it('begins again when another process has taken its work over', async () => {
    const engine = open()
    let begun = 0
    engine.define({
      name: 'long',
      concurrency: 1,
      run: async (_input, run) =>
        run.step('wait', async (signal) => {
          begun += 1
          if (begun === 1) await sleep(60_000, null, { signal })
          run.assertOwned()
          return begun
        }),
    })
    await engine.start()
    await engine.enqueue('long', null, { id: 'l' })
    await expect.poll(() => begun, patience).toBe(1)
    await db.query('delete from plumb.engine_slots returning pg_terminate_backend(backend_pid)')
    expect(await ended(engine, 'l')).toEqual({ kind: 'finished', output: 2 })
  })

  it('goes on with what it does when only its sessions are lost, and says so meanwhile', async () => {
    const engine = open()
    let begun = 0
    let end: () => void = () => undefined
    const wait = new Promise<void>((resolve) => (end = resolve))
    engine.define({
      name: 'patient',
      concurrency: 1,
      run: async (_input, run) =>
        run.step('wait', async () => {
          begun += 1
          await wait
          run.assertOwned()
          return begun
        }),
    })
    expect(engine.isWorking).toBe(false)
    await engine.start()
    expect(engine.isWorking).toBe(true)
    await engine.enqueue('patient', null, { id: 'patient' })
    await expect.poll(() => begun, patience).toBe(1)
    await db.withLock('outage', async (session) => {
      // Nobody gets in again before it was seen what is said meanwhile.
      const letIn = `update pg_database set datallowconn = $1 where datname = current_database()`
      await session.query(letIn, [false])
      await session.query(endSessions)
      try {
        await expect.poll(() => engine.isWorking, patience).toBe(false)
      } finally {
        await session.query(letIn, [true])
      }
    })
    await expect.poll(() => engine.isWorking, patience).toBe(true)
    end()
    expect(await ended(engine, 'patient')).toEqual({ kind: 'finished', output: 1 })
  })

  it('ends everything that it was given, however often its sessions are lost', async () => {
    const engine = open()
    engine.define({
      name: 'here',
      run: async (_input, run) => {
        await run.step('one', async () => void (await db.query('select pg_sleep(0.01)')))
        return run.step('two', async () => 'done')
      },
    })
    engine.define({
      name: 'queued',
      concurrency: 4,
      perPartition: 2,
      run: async (_input, run) => run.step('one', async () => 'done'),
    })
    await engine.start()
    const ids = Array.from({ length: 80 }, (_, n) => `lossy${n}`)
    for (const [n, id] of ids.entries()) {
      if (n % 8 === 5) await loseSessions()
      if (n % 2 === 0) await engine.startHere('here', null, { id })
      else await engine.enqueue('queued', null, { id, partition: `p${n % 3}` })
      await sleep(n % 7)
    }
    for (const id of ids)
      expect(await ended(engine, id)).toEqual({ kind: 'finished', output: 'done' })
  })

  it('takes up what was begun in its slot and is executed by nobody', async () => {
    const engine = open()
    let begun = 0
    engine.define({ name: 'again', run: async () => (begun += 1) })
    await engine.start()
    await engine.startHere('again', null, { id: 'again' })
    expect(await ended(engine, 'again')).toEqual({ kind: 'finished', output: 1 })
    // As a claim leaves it whose answer was lost.
    await db.query(
      `update plumb_engine.workflow_status set status = 'PENDING', owner_xid = 'lost' where workflow_uuid = 'again'`,
    )
    await expect.poll(() => begun, patience).toBe(2)
  })

  it('records what work throws, and ends there', async () => {
    const engine = open()
    engine.define({
      name: 'broken',
      concurrency: 1,
      run: async (_input, run) => run.step('break', () => Promise.reject(new Error('broken'))),
    })
    await engine.start()
    await engine.enqueue('broken', null, { id: 'b' })
    expect(await ended(engine, 'b')).toMatchObject({ kind: 'failed', error: { message: 'broken' } })
    expect(await db.query('select * from plumb.engine_starts')).toEqual([])
  })

  it('gives up work that never gets anywhere', async () => {
    const told: unknown[] = []
    const engine = open()
    engine.define({
      name: 'poison',
      concurrency: 1,
      run: async () => 'swallowed',
      abandoned: async (input, error) => void told.push(input, error.code),
    })
    await engine.start()
    await db.query(`insert into plumb.engine_starts (workflow_id, starts) values ('p', 5)`)
    await engine.enqueue('poison', { for: 'you' }, { id: 'p' })
    expect(await ended(engine, 'p')).toMatchObject({ kind: 'failed' })
    expect(told).toEqual([{ for: 'you' }, 'work-abandoned'])
  })

  it('is one per process', async () => {
    await open().start()
    await expect(open().start()).rejects.toMatchObject({ code: 'engine-open' })
  })
})
