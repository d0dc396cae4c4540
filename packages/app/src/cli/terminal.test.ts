import { expect, test } from 'vitest'
import { plain, terminalOf } from './terminal.js'

test('colours are for terminals whose owner wants them', () => {
  expect(terminalOf({ isTTY: true }, {}).color).toBe(true)
  expect(terminalOf({ isTTY: true }, { NO_COLOR: '1' }).color).toBe(false)
  expect(terminalOf({ isTTY: true }, { TERM: 'dumb' }).color).toBe(false)
  expect(terminalOf({}, {}).color).toBe(false)
})

test('the width is what COLUMNS says, what the terminal has, or 100', () => {
  expect(terminalOf({ columns: 80 }, { COLUMNS: '60' }).columns).toBe(60)
  expect(terminalOf({ columns: 80 }, { COLUMNS: 'wide' }).columns).toBe(80)
  expect(terminalOf({}, {}).columns).toBe(100)
  expect(terminalOf({ isTTY: true, columns: 0 }, {}).columns).toBe(100)
})

test('texts of others cannot steer the terminal', () => {
  expect(plain('a\u001b[31mb\u0007\u009bc\r\nd\te')).toBe('a [31mb  c \nd\te')
})
