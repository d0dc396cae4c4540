import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { openLoop, quantile } from './open-loop.js'

const never = new AbortController().signal

test('calls of all kinds are begun in turn, whether those before have ended or not', async () => {
  const order: string[] = []
  let open = 0
  let most = 0
  let shortest = Infinity
  const slow = async () => {
    order.push('slow')
    open += 1
    most = Math.max(most, open)
    const begun = performance.now()
    await sleep(120)
    shortest = Math.min(shortest, performance.now() - begun)
    open -= 1
  }
  const quick = async () => void order.push('quick')
  const options = { perSecond: 50, seconds: 0.2, signal: never }
  const [slows = [], quicks = []] = await openLoop([slow, quick], options)
  expect(order.slice(0, 4)).toEqual(['slow', 'quick', 'slow', 'quick'])
  expect([slows.length, quicks.length]).toEqual([10, 10])
  expect(most).toBeGreaterThan(1)
  // One may begin up to a millisecond before it is due.
  expect(slows[0]).toBeGreaterThanOrEqual(shortest - 1)
  expect(slows).toEqual([...slows].sort((a, b) => a - b))
})

test('a call that waits for its turn counts from when it was due', async () => {
  let first = true
  const call = async () => {
    if (!first) return
    first = false
    const until = performance.now() + 100
    while (performance.now() < until);
  }
  const [times = []] = await openLoop([call], { perSecond: 100, seconds: 0.1, signal: never })
  // The first one holds the process up, and those behind it pay for it.
  expect(times.filter((ms) => ms > 20).length).toBeGreaterThan(4)
})

test('what fails is told, and a loop can be stopped', async () => {
  const failing = () => Promise.reject(new Error('refused'))
  const options = { perSecond: 100, seconds: 0.01, signal: never }
  await expect(openLoop([failing], options)).rejects.toThrow('refused')
  const stopped = AbortSignal.abort(new Error('stop'))
  const call = async () => undefined
  const loop = openLoop([call], { perSecond: 1, seconds: 9, signal: stopped })
  await expect(loop).rejects.toThrow('stop')
})

test.each([
  [[], 0.5, 0],
  [[7], 0.99, 7],
  [[1, 2, 3, 4], 0.5, 3],
  [Array.from({ length: 100 }, (_, n) => n), 0.99, 99],
])('of %j below the share %d lies %d', (sorted, share, value) => {
  expect(quantile(sorted, share)).toBe(value)
})
