import { expect, test } from 'vitest'
import { firstDivergence } from './first-divergence.js'
import { bash, evidenceOf, plumb, receipt, trace } from './testing/craft-evidence.js'

test('a straight way has no divergence, nor has one failure that was read and repaired', () => {
  expect(
    firstDivergence(
      evidenceOf({ trace: trace(plumb('docs search x'), plumb('dryrun'), plumb('submit')) }),
    ),
  ).toBeNull()
  const repaired = trace(
    plumb('dryrun', 1, 'title is required'),
    plumb('dryrun'),
    plumb('dryrun', 1, 'title is required'),
  )
  expect(firstDivergence(evidenceOf({ trace: repaired }))).toBeNull()
})

test('the first failure is told, not the last error', () => {
  const events = trace(
    plumb('docs search x'),
    plumb('request GET /issue/7', 1, '404 Not Found'),
    plumb('request GET /issue/8', 1, '404 Not Found'),
    plumb('dryrun', 1, 'id is undefined'),
    plumb('check', 1, 'TS2322'),
  )
  expect(firstDivergence(evidenceOf({ trace: events }))).toMatchObject({
    kind: 'misread-error',
    sequence: 2,
    consequences: [3],
  })
})

test('the same call again is a repetition; other numbers in the error are the same error', () => {
  const events = trace(
    plumb('dryrun', 1, 'Error at line 12'),
    plumb('check'),
    plumb('dryrun', 1, 'Error at line 14'),
  )
  expect(firstDivergence(evidenceOf({ trace: events }))).toMatchObject({
    kind: 'repeated-failure',
    sequence: 1,
    consequences: [3],
  })
})

test('another error of the same verb means that the first was repaired', () => {
  const events = trace(
    plumb('dryrun', 1, 'title is required'),
    plumb('dryrun', 1, 'owner not found'),
    plumb('dryrun'),
  )
  expect(firstDivergence(evidenceOf({ trace: events }))).toBeNull()
})

test.each([
  trace(
    plumb('docs search x'),
    plumb('record --all', 64),
    plumb('dryrun', 1, 'x'),
    plumb('dryrun', 1, 'x'),
  ),
  trace(
    plumb('docs search x'),
    bash('nango dryrun', 127, 'not found'),
    plumb('dryrun', 1, 'x'),
    plumb('dryrun', 1, 'x'),
  ),
])('an invented command is a divergence by itself', (...events) => {
  expect(firstDivergence(evidenceOf({ trace: events }))).toMatchObject({
    kind: 'invented-command',
    sequence: 2,
  })
})

test('a parameter that the API refuses by name is the premise', () => {
  const refused = { status: 422, text: '{"message":"Unknown parameter: perPage"}' }
  const events = trace(
    plumb('docs search x'),
    plumb('request GET /issues'),
    plumb('request GET /issues'),
  )
  const receipts = [
    receipt(2, 'GET /issues?perPage=5', refused),
    receipt(3, 'GET /issues?perPage=9', refused),
  ]
  const found = firstDivergence(evidenceOf({ trace: events, receipts }))
  expect(found).toMatchObject({ kind: 'rejected-parameter', sequence: 2, consequences: [3] })
  expect(found?.premise).toContain('"perPage"')
  const other = [
    receipt(2, 'GET /issues?page=5', { status: 422, text: '{"message":"title is required"}' }),
  ]
  expect(firstDivergence(evidenceOf({ trace: events, receipts: other }))).toBeNull()
})

test('a plumb command seen by the shell and by the tool counts once', () => {
  const events = trace(plumb('dryrun', 1, 'x'), bash('plumb dryrun', 1, 'x'), plumb('dryrun'))
  expect(firstDivergence(evidenceOf({ trace: events }))).toBeNull()
})
