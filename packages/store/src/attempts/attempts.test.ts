import type { Finding, Run, RunInteraction, TokenUsage, Verdict } from '@plumb/protocol'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { saveInteractions } from '../runs/interactions.js'
import { createRun } from '../runs/runs.js'
import { getSubmission, saveSubmission } from '../submissions/submissions.js'
import { openTestDatabase, type TestDatabase } from '../testing/index.js'
import { appendTraceEvent, listTraceEvents } from '../trace/trace-events.js'
import { addUsage, finishAttempt, getAttempt, listAttempts, startAttempt } from './attempts.js'
import { listFindings } from './findings.js'

let db: TestDatabase
const at = '2026-01-01T00:00:00.000Z'

beforeAll(async () => {
  db = await openTestDatabase()
  const run: Run = {
    id: 'run',
    fingerprint: 'f',
    model: 'm',
    briefs: [],
    state: 'running',
    outputPath: '/out',
    startedAt: at,
    finishedAt: null,
  }
  await createRun(db, run)
  const interaction = { id: 'x', description: 'abc', expect: 'accepted' } as const
  const rest = { runId: 'run', integrationKey: 'g', interaction, outcome: null, attemptId: null }
  const interactions: RunInteraction[] = ['g/a', 'g/b'].map((key) => ({ ...rest, key }))
  await saveInteractions(db, 'run', interactions)
  await start('attempt-1', 'g/a', 1)
  await start('attempt-2', 'g/a', 2)
  await start('attempt-20', 'g/b', 1)
})
afterAll(() => db.close())

const start = (id: string, interactionKey: string, number: number) =>
  startAttempt(db, { id, runId: 'run', interactionKey, number, model: 'm', startedAt: at })

const tokens: TokenUsage = {
  input: 5_000_000_000,
  output: 2,
  reasoning: 3,
  cacheRead: 4,
  cacheWrite: 5,
}

const finding: Finding = {
  check: 'replay',
  behaviour: 'A1',
  severity: 'reject',
  message: 'The answer is "\u0000".',
  remedy: null,
  pointer: { kind: 'trace', sequence: 3 },
}

test('usage adds up beyond 32 bits', async () => {
  await addUsage(db, 'attempt-1', tokens, 0.25)
  await addUsage(db, 'attempt-1', tokens, 0.5)
  const attempt = await getAttempt(db, 'attempt-1')
  expect(attempt.tokens).toEqual({
    input: 10_000_000_000,
    output: 4,
    reasoning: 6,
    cacheRead: 8,
    cacheWrite: 10,
  })
  expect(attempt.costUsd).toBe(0.75)
  await expect(addUsage(db, 'nope', tokens, 1)).rejects.toMatchObject({ code: 'attempt-not-found' })
})

test('an attempt ends once, with verdict, findings and artefacts', async () => {
  const verdict: Verdict = {
    kind: 'blocked',
    cause: { kind: 'missing-scope', message: 'm', remedy: 'r', receiptIds: ['r1'] },
    findings: [finding, { ...finding, severity: 'note' }],
  }
  const end = {
    id: 'attempt-1',
    verdict,
    artefacts: [{ kind: 'session', path: '/p', sha256: 'x' }],
    finishedAt: '2026-01-01T00:01:00.000Z',
  }
  await finishAttempt(db, end)
  expect(await getAttempt(db, 'attempt-1')).toMatchObject(end)
  await expect(finishAttempt(db, end)).rejects.toMatchObject({ code: 'attempt-not-found' })
  expect(await listFindings(db, { attemptId: 'attempt-1' })).toEqual(
    verdict.findings.map((each) => ({ ...each, attemptId: 'attempt-1' })),
  )
  expect(await listFindings(db, { runId: 'run' })).toHaveLength(2)
  expect(await listFindings(db, { attemptId: 'attempt-2' })).toEqual([])
})

test('a failed end leaves the attempt open', async () => {
  const broken = { kind: 'rejected', findings: [{ ...finding, severity: 'odd' }] }
  const end = {
    id: 'attempt-2',
    verdict: broken as unknown as Verdict,
    artefacts: [],
    finishedAt: at,
  }
  await expect(finishAttempt(db, end)).rejects.toThrow(/severity/)
  expect(await getAttempt(db, 'attempt-2')).toMatchObject({ finishedAt: null, verdict: null })
})

test('an attempt is found by an unambiguous beginning; an exact id wins', async () => {
  expect((await getAttempt(db, 'attempt-20')).id).toBe('attempt-20')
  expect((await getAttempt(db, 'attempt-2')).id).toBe('attempt-2')
  expect((await getAttempt(db, 'attempt-1')).id).toBe('attempt-1')
  await expect(getAttempt(db, 'attempt-')).rejects.toMatchObject({
    message: expect.stringContaining('attempt-1, attempt-2, attempt-20'),
  })
  await expect(getAttempt(db, 'attempt_1')).rejects.toMatchObject({ code: 'attempt-not-found' })
  await expect(getAttempt(db, '')).rejects.toMatchObject({ code: 'attempt-not-found' })
})

test('attempts are listed by run and interaction, and a number is given once', async () => {
  expect(await listAttempts(db, { runId: 'run' })).toHaveLength(3)
  const ofA = await listAttempts(db, { runId: 'run', interactionKey: 'g/a' })
  expect(ofA.map((attempt) => attempt.number)).toEqual([1, 2])
  await expect(start('attempt-3', 'g/a', 2)).rejects.toThrow(/duplicate key/)
})

test('events appended at once are numbered without gaps and read from a cursor', async () => {
  const body = { kind: 'message', role: 'assistant', text: 'a\u0000b' } as const
  const appended = await Promise.all(
    Array.from({ length: 30 }, () => appendTraceEvent(db, 'attempt-1', at, body)),
  )
  const events = await listTraceEvents(db, 'attempt-1')
  expect(events.map((event) => event.sequence)).toEqual(appended.map((_, index) => index + 1))
  expect(events[0]).toEqual({ attemptId: 'attempt-1', sequence: 1, at, ...body })
  expect(await listTraceEvents(db, 'attempt-1', 28)).toHaveLength(2)
  await expect(appendTraceEvent(db, 'nope', at, body)).rejects.toMatchObject({
    code: 'attempt-not-found',
  })
})

test('the latest submission of an attempt counts', async () => {
  expect(await getSubmission(db, 'attempt-1')).toBeNull()
  const submission = {
    attemptId: 'attempt-1',
    files: [],
    hash: 'h1',
    operations: ['o'],
    submittedAt: at,
  }
  await saveSubmission(db, submission)
  await saveSubmission(db, { ...submission, hash: 'h2' })
  expect(await getSubmission(db, 'attempt-1')).toEqual({ ...submission, hash: 'h2' })
})
