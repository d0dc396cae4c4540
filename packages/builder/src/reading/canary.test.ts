import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { canaryOf, disguiseIn } from './canary.js'

const { value } = canaryOf('a secret id')
const bytes = Buffer.from(value)
const half = value.length / 2

const digit = (letter: string): number => Number.parseInt(letter, 16)
const moved = (by: number): string =>
  [...value].map((letter) => String.fromCharCode(by + digit(letter))).join('')
const base32 = (text: string): string => {
  const bits = [...Buffer.from(text)].map((byte) => byte.toString(2).padStart(8, '0')).join('')
  const groups = bits.match(/.{5}/g) ?? []
  return groups.map((five) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'[Number.parseInt(five, 2)]).join('')
}

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
  ['in other letters', moved(103)],
  [
    'in signs that are no letters',
    `'${[...value].map((letter) => '!#$%&()*+,-./:;<'[digit(letter)]).join('')}'`,
  ],
  ['as codes that are moved on', JSON.stringify([...bytes].map((byte) => byte + 1))],
  ['in pieces from the back', (value.match(/.{8}/g) ?? []).reverse().join(' ')],
  [
    'with every second letter first',
    [0, 1].map((odd) => [...value].filter((_, at) => at % 2 === odd).join('')).join(''),
  ],
  ['sorted in fours', (value.match(/.{4}/g) ?? []).reverse().join('')],
  ['base64 of base64', Buffer.from(bytes.toString('base64')).toString('base64')],
  ['base64 of hexadecimal', Buffer.from(bytes.toString('hex')).toString('base64')],
  ['base32', base32(value)],
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
  Array.from({ length: 400 }, (_, at) => canaryOf(`id ${at}`).value).join('\n'),
  JSON.stringify(
    Array.from({ length: 500 }, (_, at) => ({ id: at, at: `2026-01-02T03:04:${at}Z` })),
  ),
  readFileSync(new URL('./canary.ts', import.meta.url), 'utf8'),
])('it is not found in %j', (text) => {
  expect(disguiseIn(text, value)).toBeNull()
})

test('each attempt has a canary of its own, and the same id gives the same one', () => {
  expect(canaryOf('a secret id')).toEqual(canaryOf('a secret id'))
  expect(canaryOf('b').value).not.toBe(value)
})
