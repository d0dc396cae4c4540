import { expect, test } from 'vitest'
import { behaviourGroups, behaviours } from './behaviours.js'

const sizes = { A: 11, B: 11, C: 11, D: 9, E: 9, F: 6, G: 7, H: 8, I: 3 }

test('the catalogue goes from A1 to I3 without a gap', () => {
  const expected = Object.entries(sizes).flatMap(([letter, size]) =>
    Array.from({ length: size }, (_, at) => `${letter}${at + 1}`),
  )
  expect(behaviours.map(({ id }) => id)).toEqual(expected)
  for (const { letter, rows } of behaviourGroups)
    for (const { id } of rows) expect(id.startsWith(letter)).toBe(true)
})

test.each(behaviours)('$id says what it is and what is done about it', (row) => {
  expect(row.title).toMatch(/^[A-Z].{15,90}[^.]$/)
  expect(row.defences.length).toBeGreaterThan(0)
  expect(row.appliesTo.length).toBeGreaterThan(0)
  for (const layer of row.layers) expect(layer).toMatch(/^D[0-5]$/)
  for (const defence of row.defences) {
    if (defence.kind === 'detected') expect(defence.by.length).toBeGreaterThan(0)
    else expect(defence.kind === 'open' ? defence.reason : defence.by).toMatch(/^[a-z`].{20,}[^.]$/)
  }
})
