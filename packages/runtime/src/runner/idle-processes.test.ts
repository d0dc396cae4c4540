import { afterAll, beforeAll, expect, it } from 'vitest'
import { z } from 'zod'
import type { Sandbox } from '../sandbox/sandbox.js'
import { hostMethod } from './function-host.js'
import { openRunnerPool } from './runner-pool.js'
import type { RunnerPool } from './runner-pool.js'
import { openTestRunner, testHost, testOrder } from './testing/test-runner.js'
import type { TestRunner } from './testing/test-runner.js'

let runner: TestRunner
let pool: RunnerPool
const idleMs = 300_000
const patience = { timeout: 30_000 }
const clock = { time: 0, alarms: [] as { at: number; act: () => void }[] }
const alive = new Set<number>()

/** Time goes on, and whatever was to happen by then does. */
function pass(ms: number): void {
  clock.time += ms
  const due = clock.alarms.filter(({ at }) => at <= clock.time)
  clock.alarms = clock.alarms.filter(({ at }) => at > clock.time)
  for (const { act } of due) act()
}

beforeAll(async () => {
  runner = await openTestRunner()
  let count = 0
  const counted: Sandbox = {
    ...runner.sandbox,
    backend: runner.sandbox.backend,
    spawn: (policy, command, options) => {
      const box = runner.sandbox.spawn(policy, command, options)
      const id = (count += 1)
      alive.add(id)
      void box.exited.then(() => alive.delete(id))
      return box
    },
  }
  pool = await openRunnerPool({
    ...{ sandbox: counted, size: 3, idleMs },
    clock: {
      now: () => clock.time,
      after: (ms, act) => void clock.alarms.push({ at: clock.time + ms, act }),
    },
  })
})

afterAll(async () => {
  await pool?.close()
  await runner?.close()
})

const run = (tenant: string) => pool.run(testOrder('return 1', { tenant }))

it('ends a process that nobody has used for long, and keeps one that somebody uses', async () => {
  await Promise.all([run('a'), run('b'), run('c')])
  // Two blank ones are ready beside those of the tenants.
  expect(alive.size).toBe(5)
  pass(idleMs - 1)
  await run('b')
  expect(alive.size).toBe(5)
  pass(1)
  await expect.poll(() => alive.size, patience).toBe(3)
  const used = { isHeld: false, letGo: () => undefined as void }
  const wait = hostMethod(z.unknown(), async () => {
    used.isHeld = true
    await new Promise<void>((resolve) => (used.letGo = resolve))
    return null
  })
  const host = testHost({ getCheckpoint: wait })
  const body = 'await ctx.getCheckpoint(); return 2'
  const held = pool.run(testOrder(body, { tenant: 'b', host, deadlineMs: 60_000 }))
  await expect.poll(() => used.isHeld, patience).toBe(true)
  pass(2 * idleMs)
  used.letGo()
  expect(await held).toMatchObject({ outcome: { kind: 'returned', output: 2 } })
  expect(alive.size).toBe(3)
})

it('leaves one blank process of a pool that nobody uses, and starts no more alarms', async () => {
  await run('a')
  pass(idleMs)
  pass(idleMs)
  await expect.poll(() => alive.size, patience).toBe(1)
  expect(clock.alarms).toEqual([])
  expect((await run('d')).outcome).toEqual({ kind: 'returned', output: 1 })
  expect(clock.alarms).toHaveLength(1)
})
