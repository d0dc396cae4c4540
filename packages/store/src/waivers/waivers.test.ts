import type { Waiver } from '@plumb/protocol'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startAttempt } from '../attempts/attempts.js'
import { saveInteractions } from '../runs/interactions.js'
import { createRun, finishRun, getRun, reopenRun } from '../runs/runs.js'
import { openTestDatabase, type TestDatabase } from '../testing/index.js'
import { listWaivers, saveWaiver } from './waivers.js'

let db: TestDatabase
const at = '2026-01-01T00:00:00.000Z'

beforeAll(async () => {
  db = await openTestDatabase()
  await createRun(db, {
    ...{ id: 'run', fingerprint: 'f', model: 'm', briefs: [], state: 'running' },
    ...{ outputPath: '/out', startedAt: at, finishedAt: null },
  })
  const interaction = { id: 'x', description: 'abc', expect: 'accepted' } as const
  await saveInteractions(db, 'run', [
    { runId: 'run', key: 'g/a', integrationKey: 'g', interaction, outcome: null, attemptId: null },
  ])
  const attempt = { runId: 'run', interactionKey: 'g/a', model: 'm', startedAt: at }
  await startAttempt(db, { ...attempt, id: 'att_1', number: 1 })
})
afterAll(() => db.close())

const waiver: Waiver = {
  findingId: 'fnd_1',
  attemptId: 'att_1',
  behaviour: 'E3',
  reason: 'asked-for',
  evidence: { kind: 'docs', url: 'https://example.com' },
  by: 'Ada',
  at,
}

test('a waiver is kept as it was, for its attempt and its run, and only once', async () => {
  expect(await saveWaiver(db, waiver)).toBe(true)
  expect(await saveWaiver(db, { ...waiver, by: 'Eve' })).toBe(false)
  expect(await listWaivers(db, { attemptId: 'att_1' })).toEqual([waiver])
  expect(await listWaivers(db, { runId: 'run' })).toEqual([waiver])
  expect(await listWaivers(db, { runId: 'other' })).toEqual([])
})

test('nobody takes a waiver back or changes it', async () => {
  await expect(db.query("update plumb.waivers set decided_by = 'Eve'")).rejects.toThrow('refused')
  await expect(db.query('delete from plumb.waivers')).rejects.toThrow('refused')
})

test('a finished run can be gone on with, one that failed cannot', async () => {
  await finishRun(db, 'run', 'finished')
  await reopenRun(db, 'run')
  expect(await getRun(db, 'run')).toMatchObject({ state: 'running', finishedAt: null })
  await finishRun(db, 'run', 'failed')
  await reopenRun(db, 'run')
  expect(await getRun(db, 'run')).toMatchObject({ state: 'failed' })
})
