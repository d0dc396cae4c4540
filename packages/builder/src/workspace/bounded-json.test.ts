import type { Json } from '@plumb/protocol'
import { expect, test } from 'vitest'
import { boundJson } from './bounded-json.js'

const bytes = (value: Json) => Buffer.byteLength(JSON.stringify(value))

test('what fits is left as it is', () => {
  const value = { a: ['x'.repeat(500)], b: null }
  expect(boundJson(value, 1_000)).toBe(value)
})

test('long lists and texts are cut where they stand, and say so', () => {
  const value = {
    status: 200,
    body: Array.from({ length: 500 }, (_, id) => ({ id, text: 'é'.repeat(200) })),
  }
  const bounded = boundJson(value, 20_000) as { truncated: boolean; status: number; body: Json[] }
  expect(bounded.truncated).toBe(true)
  expect(bounded.status).toBe(200)
  expect(bounded.body[0]).toMatchObject({ id: 0 })
  expect(bounded.body.at(-1)).toMatch(/truncated: \d+ more of 500 items/)
  expect(bytes(bounded)).toBeLessThanOrEqual(20_000)
})

test.each([
  [
    'a wide object',
    Object.fromEntries(Array.from({ length: 5_000 }, (_, key) => [`k${key}`, key])),
  ],
  ['a long text', 'x'.repeat(100_000)],
  [
    'a deep list',
    Array.from({ length: 400 }).reduce<Json>((inner) => [inner, 'y'.repeat(99)], 'x'),
  ],
])('%s fits whatever it takes', (_name, value: Json) => {
  expect(bytes(boundJson(value, 2_000))).toBeLessThanOrEqual(2_100)
})
