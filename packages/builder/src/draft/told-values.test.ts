import { expect, test } from 'vitest'
import type { Candidate } from './candidate-inputs.js'
import { documentedWord, isToldValue } from './told-values.js'

const candidate: Candidate = {
  place: 'path',
  path: ['calendarId'],
  shape: { kind: 'string' },
  required: true,
  nullable: false,
  description: 'To access the calendar of the user, use the "primary" keyword.',
  parameter: null,
}

test.each([
  ['Sync the events of the primary calendar.', "'primary'"],
  ['Sync the events of every calendar. Primary ones matter.', null],
  ['Sync the events of the team calendar.', null],
])('%s asks for the documented value %s', (words, value) =>
  expect(documentedWord(candidate, words)).toBe(value),
)

test.each([
  ['The calendar id is team-a.', true],
  ['Use calendar id team-a.', true],
  ['calendarId: team-a', true],
  ['Sync the events of all calendars.', false],
  ['Use the calendars of the user.', false],
])('%s gives a value: %s', (words, expected) =>
  expect(isToldValue(candidate, words)).toBe(expected),
)
