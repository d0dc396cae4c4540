import { expect, test } from 'vitest'
import { canaryOf, disguiseIn } from './canary.js'

const { value } = canaryOf('a secret id')
const bytes = Buffer.from(value)
const half = value.length / 2

test.each([
  ['plain', value],
  ['in upper case', value.toUpperCase()],
  ['in a sentence', `The key is "${value}".`],
  ['reversed', [...value].reverse().join('')],
  ['base64', bytes.toString('base64')],
  ['base64url inside other data', Buffer.from(`user:${value};x`).toString('base64url')],
  ['base64 one byte on', Buffer.from(`u${value}`).toString('base64')],
  ['hexadecimal', bytes.toString('hex')],
  ['hexadecimal with escapes', [...bytes].map((byte) => `\\x${byte.toString(16)}`).join('')],
  ['URL-encoded', [...bytes].map((byte) => `%${byte.toString(16)}`).join('')],
  ['split with separators', [...value].join('-')],
  ['split into literals', `'${value.slice(0, 9)}' + '${value.slice(9)}'`],
  ['one half', value.slice(0, half)],
  ['character codes', JSON.stringify([...bytes])],
])('it is found %s', (_, text) => {
  expect(disguiseIn(text, value)).not.toBeNull()
})

test.each([
  '',
  'An ordinary text about the weather, at length, with no credential in it at all.',
  value.slice(0, 8),
  canaryOf('another id').value,
  Buffer.from(canaryOf('another id').value).toString('base64'),
  '0123456789abcdef0123456789abcdef0123456789abcdef',
])('it is not found in %j', (text) => {
  expect(disguiseIn(text, value)).toBeNull()
})

test('each attempt has a canary of its own, and the same id gives the same one', () => {
  expect(canaryOf('a secret id')).toEqual(canaryOf('a secret id'))
  expect(canaryOf('b').value).not.toBe(value)
})
