import { readFileSync } from 'node:fs'
import { errorCodes, PlumbError } from '@plumb/protocol'
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
