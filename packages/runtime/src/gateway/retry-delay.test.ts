import { expect, test, vi } from 'vitest'
import { maxWaitMs, parseDelay, retryDelay } from './retry-delay.js'
import type { RetrySituation } from './retry-delay.js'

const now = Date.parse('2026-03-01T12:00:00.000Z')

test.each([
  ['0', 0],
  ['7', 7000],
  ['1.5', 1500],
  [' 3 ', 3000],
  ['250ms', 250],
  ['2s', 2000],
  ['1m30s', 90_000],
  ['Sun, 01 Mar 2026 12:00:09 GMT', 9000],
  ['Sunday, 01-Mar-26 12:00:04 GMT', 4000],
  ['Sun Mar  1 12:00:05 2026 GMT', 5000],
  ['2026-03-01T12:00:06Z', 6000],
  [String(now / 1000 + 8), 8000],
  [String(now + 900), 900],
  ['Sun, 01 Mar 2026 11:59:00 GMT', 0],
  [String(now / 1000 - 60), 0],
  ['soon', null],
  ['-5', null],
  ['', null],
  [undefined, null],
  ['1; w=2', null],
])('"%s" means %s ms', (value, delay) => {
  expect(parseDelay(value, now)).toBe(delay)
})

const situation = (o: Partial<RetrySituation>): RetrySituation => ({
  retry: 0,
  headers: {},
  limited: true,
  rules: [],
  now,
  random: 0,
  ...o,
})

test('the rule of the request comes before that of the provider, and both before Retry-After', () => {
  const headers = { 'x-own': '1', 'x-theirs': '2', 'retry-after': '3' }
  const delay = (rules: RetrySituation['rules']) => retryDelay(situation({ headers, rules }))
  expect(delay([{ after: 'X-Own' }, { after: 'x-theirs' }])).toBe(1000)
  expect(delay([{ after: 'x-absent' }, { after: 'x-theirs' }])).toBe(2000)
  expect(delay([{ after: 'x-absent' }])).toBe(3000)
})

test('the time of a reset matters only when a limit was hit', () => {
  const headers = { 'x-reset': String(now / 1000 + 40) }
  const rules = [{ at: 'x-reset' }]
  expect(retryDelay(situation({ headers, rules }))).toBe(40_000)
  expect(retryDelay(situation({ headers, rules, limited: false }))).toBe(500)
})

test('without a header the wait doubles, stays below its cap and is spread', () => {
  const waits = [0, 1, 2, 3, 9].map((retry) => retryDelay(situation({ retry })))
  expect(waits).toEqual([500, 1000, 2000, 4000, 15_000])
  expect(retryDelay(situation({ retry: 9, random: 0.999 }))).toBeLessThanOrEqual(30_000)
})

test('the spread never makes a wait shorter than asked', () => {
  for (const random of [0, 0.3, 0.999]) {
    const delay = retryDelay(situation({ headers: { 'retry-after': '10' }, random }))
    expect(delay).toBeGreaterThanOrEqual(10_000)
    expect(delay).toBeLessThanOrEqual(11_000)
  }
})

test('a wait beyond the cap is not begun', () => {
  const after = (seconds: number) =>
    retryDelay(situation({ headers: { 'retry-after': String(seconds) } }))
  expect(after(maxWaitMs / 1000)).toBe(maxWaitMs)
  expect(after(maxWaitMs / 1000 + 1)).toBeNull()
})

test.each([
  ['Sun Mar  1 12:00:05 2026', 5000],
  ['Sun, 01 Mar 2026 12:00:09', 9000],
  ['2026-03-01T12:00:06', 6000],
  ['2026-03-01T12:00:06.500', 6500],
  ['2026-03-01T21:00:07+09:00', 7000],
])('"%s" means %s ms wherever this machine stands', (value, delay) => {
  vi.stubEnv('TZ', 'Asia/Tokyo')
  expect(parseDelay(value, now)).toBe(delay)
  vi.unstubAllEnvs()
})

test('milliseconds have headers of their own', () => {
  const headers = { 'retry-after-ms': '250', 'retry-after': '1' }
  expect(retryDelay(situation({ headers }))).toBe(250)
  expect(retryDelay(situation({ headers: { 'x-ms-retry-after-ms': '40' } }))).toBe(40)
  expect(retryDelay(situation({ headers: { ...headers, 'retry-after-ms': 'x' } }))).toBe(1000)
})
