import { expect, test } from 'vitest'
import type { Receipt, TraceEvent, TraceEventBody } from '@plumb/protocol'
import { firstDivergence } from './first-divergence.js'

const at = (second: number): string => new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString()

function trace(...bodies: TraceEventBody[]): TraceEvent[] {
  return bodies.map((body, index) => ({
    attemptId: 'a',
    sequence: index + 1,
    at: at(index * 10 + 9),
    ...body,
  }))
}

function plumb(line: string, exitCode = 0, summary = ''): TraceEventBody {
  const [verb = '', ...args] = line.split(' ')
  return {
    kind: 'plumb-called',
    verb,
    args,
    known: exitCode !== 64,
    exitCode,
    durationMs: 1,
    summary,
  }
}

function bash(command: string, exitCode: number, output = ''): TraceEventBody {
  return {
    kind: 'tool-called',
    callId: 'c',
    tool: 'bash',
    input: { command },
    output,
    exitCode,
    status: 'completed',
    durationMs: 1,
  }
}

/** A receipt of the step with the given number. */
function receipt(step: number, query: string, answer: { status: number; text: string }): Receipt {
  const body = { encoding: 'utf8', text: answer.text, bytes: 1, sha256: '' } as const
  return {
    id: `r-${step}`,
    chain: 'a',
    sequence: step,
    previousHash: null,
    attemptId: 'a',
    executionId: null,
    purpose: 'explore',
    integrationKey: 'acme',
    connectionId: 'test',
    request: {
      method: 'GET',
      url: `https://api.example.com/issues?${query}`,
      headers: {},
      body: null,
    },
    response: { status: answer.status, headers: {}, body },
    failure: null,
    write: false,
    startedAt: at((step - 1) * 10 + 5),
    durationMs: 1,
    hash: '',
    signature: '',
    keyId: '',
  }
}

test('a straight way has no divergence, nor has one failure that was read and repaired', () => {
  expect(
    firstDivergence(trace(plumb('docs search x'), plumb('dryrun'), plumb('submit')), [], []),
  ).toBeNull()
  const repaired = trace(
    plumb('dryrun', 1, 'title is required'),
    plumb('dryrun'),
    plumb('dryrun', 1, 'title is required'),
  )
  expect(firstDivergence(repaired, [], [])).toBeNull()
})

test('the first failure is told, not the last error', () => {
  const events = trace(
    plumb('docs search x'),
    plumb('request GET /issue/7', 1, '404 Not Found'),
    plumb('request GET /issue/8', 1, '404 Not Found'),
    plumb('dryrun', 1, 'id is undefined'),
    plumb('check', 1, 'TS2322'),
  )
  expect(firstDivergence(events, [], [])).toMatchObject({
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
  expect(firstDivergence(events, [], [])).toMatchObject({
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
  expect(firstDivergence(events, [], [])).toBeNull()
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
  expect(firstDivergence(events, [], [])).toMatchObject({ kind: 'invented-command', sequence: 2 })
})

test('a parameter that the API refuses by name is the premise', () => {
  const refused = { status: 422, text: '{"message":"Unknown parameter: perPage"}' }
  const events = trace(
    plumb('docs search x'),
    plumb('request GET /issues'),
    plumb('request GET /issues'),
  )
  const receipts = [receipt(2, 'perPage=5', refused), receipt(3, 'perPage=9', refused)]
  const found = firstDivergence(events, receipts, [])
  expect(found).toMatchObject({ kind: 'rejected-parameter', sequence: 2, consequences: [3] })
  expect(found?.premise).toContain('"perPage"')
  const other = [receipt(2, 'page=5', { status: 422, text: '{"message":"title is required"}' })]
  expect(firstDivergence(events, other, [])).toBeNull()
})

test('a plumb command seen by the shell and by the tool counts once', () => {
  const events = trace(plumb('dryrun', 1, 'x'), bash('plumb dryrun', 1, 'x'), plumb('dryrun'))
  expect(firstDivergence(events, [], [])).toBeNull()
})
