import { expect, test } from 'vitest'
import { canonicalJson } from '@plumb/protocol'

test('equal values with another key order give equal bytes', () => {
  expect(canonicalJson({ b: [{ z: 1, a: 2 }], a: undefined })).toBe('{"b":[{"a":2,"z":1}]}')
})

test('dates are written as JSON writes them', () => {
  expect(canonicalJson({ at: new Date(0) })).toBe('{"at":"1970-01-01T00:00:00.000Z"}')
})

test('a member that is named as the prototype is one', () => {
  const text = '{"__proto__":{"b":1},"a":2}'
  expect(canonicalJson(JSON.parse(text))).toBe(text)
})
