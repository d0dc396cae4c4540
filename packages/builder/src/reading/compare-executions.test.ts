import { expect, test } from 'vitest'
import { dryRun, readIssue } from '../verification/testing/sample-attempt.js'
import { compareExecutions } from './compare-executions.js'

const recorded = dryRun(readIssue)

test('ids, times and the order of keys make no difference', () => {
  const replayed = dryRun(readIssue, {
    id: 'other',
    durationMs: 99,
    outcome: { kind: 'returned', output: { title: 'Leak', id: '7' } },
  })
  expect(compareExecutions(recorded, replayed)).toEqual([])
})

test('output, records and checkpoint are compared to the byte, and the place is shown', () => {
  const replayed = dryRun(readIssue, {
    outcome: { kind: 'returned', output: { id: 7, title: 'Leak' } },
    records: { Issue: { saved: [{ id: '1' }], updated: [], deleted: [] } },
    endCheckpoint: { page: 2 },
  })
  const found = compareExecutions(recorded, replayed)
  expect(found.map((text) => text.split(' ').slice(0, 3).join(' '))).toEqual([
    'The output differs:',
    'The records differs:',
    'The checkpoint differs:',
  ])
  expect(found[0]).toContain('"id":7')
})

test('a replay that fails or is ended says why', () => {
  const error = {
    type: 'error',
    message: 'No recording is left',
    payload: null,
    status: null,
    stack: null,
  } as const
  expect(
    compareExecutions(recorded, dryRun(readIssue, { outcome: { kind: 'threw', error } })),
  ).toEqual(['The replay failed: No recording is left'])
  const killed = { kind: 'killed', reason: 'deadline', detail: 'after 10 s' } as const
  expect(compareExecutions(recorded, dryRun(readIssue, { outcome: killed }))[0]).toContain(
    'after 10 s',
  )
})
