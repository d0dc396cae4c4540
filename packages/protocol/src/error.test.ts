import { readFileSync } from 'node:fs'
import { asPlumbError, errorCodes, PlumbError } from '@plumb/protocol'
import { expect, test } from 'vitest'

const page = readFileSync(new URL('../../../docs/errors.md', import.meta.url), 'utf8')

test('every code has a section that says something, and every section a code', () => {
  const sections = page.split(/^## /m).slice(1)
  const titles = sections.map((section) => section.split('\n')[0])
  expect([...titles].sort()).toEqual([...errorCodes].sort())
  for (const section of sections) expect(section.length, section).toBeGreaterThan(60)
})

test('an error carries its value, its remedy, its cause and its page', () => {
  const cause = new Error('ENOENT')
  const error = new PlumbError({ code: 'brief-not-found', message: 'm', remedy: 'r', cause })
  expect(error).toMatchObject({ code: 'brief-not-found', message: 'm', remedy: 'r', cause })
  expect(error.docs).toBe('docs/errors.md#brief-not-found')
})

test('what nobody expected is told without its text', () => {
  const known = new PlumbError({ code: 'usage', message: 'm', remedy: 'r' })
  expect(asPlumbError(known)).toBe(known)
  for (const thrown of [new Error('hunter2'), 'hunter2', null]) {
    const { code, message, remedy, cause } = asPlumbError(thrown)
    expect({ code, told: message + remedy }).toMatchObject({ code: 'internal' })
    expect(message + remedy).not.toContain('hunter2')
    expect(cause).toBe(thrown)
  }
})

test('never repeats a value that is longer than anybody reads', () => {
  const long = 'x'.repeat(20_000_000)
  const { message, remedy } = new PlumbError({
    ...{ code: 'connection-unknown', message: `There is no "${long}" here.` },
    remedy: `Add ${long}, or ${'many words '.repeat(100_000)}`,
  })
  expect(message).toBe(`There is no "${'x'.repeat(199)}... (20000002 characters) here.`)
  expect(remedy).toMatch(/^Add x{200}\.\.\. \(20000001 characters\) or many/)
  expect(remedy.length).toBeLessThan(21_000)
})

test('leaves what is not too long as it is, and no half of a character', () => {
  const words = `${'a'.repeat(1000)} ${'b\n'.repeat(2000)}`
  const told = (message: string) =>
    new PlumbError({ code: 'usage', message, remedy: message }).message
  expect(told(words)).toBe(words)
  const faces = told('\u{1f600}'.repeat(600).slice(1))
  expect(() => encodeURIComponent(faces.slice(1))).not.toThrow()
  expect(faces.length).toBeLessThan(300)
})
