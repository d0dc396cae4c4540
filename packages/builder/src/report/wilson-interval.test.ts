import { expect, test } from 'vitest'
import { wilsonInterval } from './wilson-interval.js'

test.each([
  [0, 10, 0, 0.2775],
  [10, 10, 0.7225, 1],
  [5, 10, 0.2366, 0.7634],
  [1, 100, 0.0018, 0.0545],
  [950, 1000, 0.9347, 0.9618],
])('%i of %i lies between %f and %f', (...row) => {
  const [hits, all, low, high] = row
  const found = wilsonInterval(hits, all)
  expect(found.low).toBeCloseTo(low, 3)
  expect(found.high).toBeCloseTo(high, 3)
  expect(found.share).toBe(hits / all)
})

test('nothing says nothing', () => {
  expect(wilsonInterval(0, 0)).toEqual({ share: 0, low: 0, high: 1 })
})
