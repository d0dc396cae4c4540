import { describe, expect, it } from 'vitest'
import { frequencyMs } from './frequency.js'

const minute = 60_000

describe('frequencyMs', () => {
  it.each([
    ['every hour', 60 * minute],
    ['every half hour', 30 * minute],
    ['every day', 1440 * minute],
    ['every half day', 720 * minute],
    ['every 5m', 5 * minute],
    ['every 6 hours', 360 * minute],
    ['every 30s', 30_000],
    ['every 45 seconds', 45_000],
    ['every month', 43_200 * minute],
    ['every week', 10_080 * minute],
  ])('reads %s', (text, ms) => expect(frequencyMs(text)).toBe(ms))

  it.each(['every 29s', 'every 0m', 'hourly', 'every', 'every 5 parsecs', 'every half', '5m', ''])(
    'refuses %j',
    (text) => expect(frequencyMs(text)).toBeNull(),
  )
})
