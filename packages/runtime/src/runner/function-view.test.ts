import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import type { RunClock } from '@plumb/protocol'
import { hostMethod } from './function-host.js'
import { actionCode, openTestRunner, testHost } from './testing/test-runner.js'
import type { TestRunner } from './testing/test-runner.js'

const clock: RunClock = { now: '2026-03-01T12:00:00.000Z', seed: 'seed-1' }

let runner: TestRunner
let tenants = 0

beforeAll(async () => {
  runner = await openTestRunner()
})

afterAll(async () => {
  await runner?.close()
})

async function output(body: string, replay?: RunClock): Promise<unknown> {
  tenants += 1
  const { outcome } = await runner.pool.run({
    tenant: `view ${tenants}`,
    code: actionCode(body),
    fileName: 'f.ts',
    input: null,
    deadlineMs: 20_000,
    host: testHost({
      getCheckpoint: hostMethod(z.unknown(), async () => {
        await new Promise((done) => setTimeout(done, 50))
        return { n: 1 }
      }),
    }),
    ...(replay && { clock: replay }),
  })
  if (outcome.kind !== 'returned') throw new Error(JSON.stringify(outcome))
  return outcome.output
}

describe('live and replay', () => {
  it('show a function the same things', async () => {
    const look = `
      const names = (object) => {
        const found = []
        for (let at = object; at && at !== Object.prototype; at = Object.getPrototypeOf(at)) {
          for (const key of Reflect.ownKeys(at)) {
            const member = Object.getOwnPropertyDescriptor(at, key)
            found.push(String(key) + ':' + typeof member.value + ':' + !!member.get + ':' + (typeof member.value === 'function' ? String(member.value).length : ''))
          }
        }
        return found.sort()
      }
      return {
        globals: names(globalThis), context: names(ctx), process: names(process), env: process.env,
        argv: process.argv, date: names(Date), math: names(Math), timer: names(setTimeout(() => {}, 5)),
        performance: names(performance), crypto: names(crypto), console: names(console),
        modules: ['nango', 'zod', 'node:crypto', 'url', 'buffer'].map((name) => names(require(name))),
        stack: new Error('x').stack, text: [Date, setTimeout, Math.random, fetchType()].map(String),
      }
      function fetchType() { return typeof fetch }`
    const live = await output(look)
    const replay = await output(look, clock)
    expect(replay).toEqual(live)
    expect(JSON.stringify(live)).not.toMatch(/replay|frozen|dryrun|verification/i)
  })

  it('differ in nothing but the clock and the randomness', async () => {
    const now = Date.now()
    expect(Math.abs(Number(await output('return Date.now()')) - now)).toBeLessThan(60_000)
    expect(await output('return Math.random()')).not.toEqual(await output('return Math.random()'))
  })
})

describe('a stopped clock', () => {
  it('shows one moment everywhere', async () => {
    const body = `await ctx.getCheckpoint(); return [
      Date.now(), new Date().toISOString(), new Date(5).getTime(), Date().slice(0, 15), performance.now(), process.hrtime()[0],
      new Intl.DateTimeFormat('en-US', { timeZone: 'UTC' }).format(), new Date() instanceof Date, new Date().constructor === Date]`
    const now = Date.parse(clock.now)
    const shown = ['Sun Mar 01 2026', now, now / 1000, '3/1/2026', true, true]
    expect(await output(body, clock)).toEqual([now, clock.now, 5, ...shown])
  })

  it('gives the same randomness for the same seed, and other for another', async () => {
    const body = `const c = require('crypto'); return [Math.random(), crypto.randomUUID(), c.randomUUID(), c.randomBytes(8).toString('hex'),
      c.randomInt(1000), [...crypto.getRandomValues(new Uint8Array(4))], [...c.webcrypto.getRandomValues(new Uint8Array(4))]]`
    const first = await output(body, clock)
    expect(await output(body, clock)).toEqual(first)
    expect(await output(body, { ...clock, seed: 'seed-2' })).not.toEqual(first)
    expect((first as string[])[1]).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab]/)
  })

  it('jumps over waiting, in order', async () => {
    const body = `const seen = []
      setTimeout(() => seen.push('b'), 7_200_000); setTimeout((x) => seen.push(x), 3_600_000, 'a')
      const gone = setTimeout(() => seen.push('never'), 1000); clearTimeout(gone)
      const tick = setInterval(() => seen.push('tick'), 3_000_000)
      await new Promise((done) => setTimeout(done, 8_000_000)); clearInterval(tick)
      return [seen, Date.now()]`
    const end = Date.parse(clock.now) + 8_000_000
    expect(await output(body, clock)).toEqual([['tick', 'a', 'tick', 'b'], end])
  })

  it('does not jump while a call is in flight', async () => {
    const body = `return Promise.race([
      ctx.getCheckpoint().then(() => 'answer'), new Promise((done) => setTimeout(() => done('timeout'), 1000))])`
    expect(await output(body, clock)).toBe('answer')
  })
})
