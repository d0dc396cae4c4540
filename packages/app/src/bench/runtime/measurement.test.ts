import { expect, test } from 'vitest'
import { reaches } from './measurement.js'
import type { Bar } from './measurement.js'

test.each<[number, Bar | null, boolean | null]>([
  [3, { most: 3 }, true],
  [3.01, { most: 3 }, false],
  [10_000, { least: 10_000 }, true],
  [9999, { least: 10_000 }, false],
  [Number.NaN, { most: 3 }, false],
  [5, null, null],
])('%d against %j: %s', (value, bar, expected) => {
  expect(reaches({ value, bar })).toBe(expected)
})
