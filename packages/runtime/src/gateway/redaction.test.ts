import { expect, test } from 'vitest'
import { createRedaction } from './redaction.js'

/** A small generator with a fixed start, so that a failing case can be run again. */
function numbers(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (state * 1103515245 + 12345) % 2 ** 31
    return state % below
  }
}

const alphabet = 'abcXYZ0189-_.~+/=%"\\ :;äß€😀'

function randomText(next: (below: number) => number, length: number): string {
  const characters = [...alphabet]
  return Array.from({ length }, () => characters[next(characters.length)] ?? 'x').join('')
}

const encodings: Record<string, (text: string) => string> = {
  plain: (text) => text,
  url: encodeURIComponent,
  'url, lower-case codes': (text) =>
    encodeURIComponent(text).replace(/%../g, (code) => code.toLowerCase()),
  form: (text) => new URLSearchParams({ v: text }).toString(),
  json: (text) => JSON.stringify({ v: text }),
  hex: (text) => Buffer.from(text).toString('hex'),
  base64: (text) => Buffer.from(text).toString('base64'),
  base64url: (text) => Buffer.from(text).toString('base64url'),
}

test.each(Object.keys(encodings))('no secret survives %s, whatever stands around it', (name) => {
  const next = numbers(4711)
  const encode = encodings[name] ?? String
  for (let round = 0; round < 200; round++) {
    const secret = randomText(next, 10 + next(40))
    const around = [randomText(next, next(6)), randomText(next, next(6))]
    const text = encode(`${around[0]}${secret}${around[1]}`)
    const cleaned = createRedaction([secret], { headers: {}, query: {} }).text(text)
    expect(cleaned, `${secret} in ${text}`).toContain('[secret]')
    expect(cleaned.includes(secret)).toBe(false)
    const middle = encode(secret).slice(8, -8)
    if (middle.length > 8) expect(cleaned, `${secret} in ${text}`).not.toContain(middle)
  }
})

test('text without a secret stays as it is, byte for byte', () => {
  const redaction = createRedaction(['tok-secret-4711'], { headers: {}, query: {} })
  const next = numbers(1)
  for (let round = 0; round < 100; round++) {
    const text = randomText(next, 50)
    expect(redaction.text(text)).toBe(text)
    const bytes = Buffer.from(text)
    expect(redaction.bytes(bytes)).toBe(bytes)
  }
})

test('a value too short to be a secret is not looked for', () => {
  const redaction = createRedaction(['', 'ab', 'x'], { headers: {}, query: {} })
  expect(redaction.text('abx')).toBe('abx')
})

test('headers and query parameters are hidden by their names', () => {
  const redaction = createRedaction([], { headers: { 'x-key': 'k' }, query: { 'api key': 'k' } })
  expect(redaction.headers({ 'X-Key': 'k', cookie: 'c', other: 'o' })).toEqual({
    'X-Key': '[secret]',
    cookie: '[secret]',
    other: 'o',
  })
  expect(redaction.url('https://a/b?api%20key=k&c=d')).toBe('https://a/b?api%20key=[secret]&c=d')
})
