import type { Run, RunInteraction } from '@plumb/protocol'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTestDatabase, type TestDatabase } from '../testing/index.js'
import { decideInteraction, listInteractions, saveInteractions } from './interactions.js'
import { createRun, findUnfinishedRun, finishRun, getRun, listRuns } from './runs.js'

let db: TestDatabase
beforeAll(async () => {
  db = await openTestDatabase()
})
afterAll(() => db.close())

const run = (id: string, startedAt: string): Run => ({
  id,
  fingerprint: 'f1',
  model: 'offline',
  briefs: [],
  state: 'running',
  outputPath: '/out',
  startedAt,
  finishedAt: null,
})

const interaction = (key: string): RunInteraction => ({
  runId: 'run-1',
  key,
  integrationKey: 'github',
  interaction: {
    id: 'x',
    description: 'with a NUL \u0000 and half a pair \ud800',
    expect: 'accepted',
  },
  outcome: null,
  attemptId: null,
})

test('the newest run that was never finished is found again', async () => {
  await createRun(db, run('run-1', '2026-01-01T00:00:00.000Z'))
  await createRun(db, run('run-2', '2026-01-02T00:00:00.000Z'))
  expect((await findUnfinishedRun(db, 'f1'))?.id).toBe('run-2')
  await finishRun(db, 'run-2', 'failed')
  expect(await findUnfinishedRun(db, 'f1')).toEqual(run('run-1', '2026-01-01T00:00:00.000Z'))
  expect(await findUnfinishedRun(db, 'f2')).toBeNull()
  expect((await listRuns(db)).map((each) => each.state)).toEqual(['failed', 'running'])
})

test('an unknown run is an error that names it', async () => {
  await expect(getRun(db, 'nope')).rejects.toMatchObject({
    code: 'run-not-found',
    message: expect.stringContaining('"nope"'),
  })
  await expect(finishRun(db, 'nope', 'failed')).rejects.toMatchObject({ code: 'run-not-found' })
})

test('interactions keep their order, their text to the last character, and their outcome when saved again', async () => {
  const given = ['github/b', 'github/a'].map(interaction)
  await saveInteractions(db, 'run-1', given)
  expect(await listInteractions(db, 'run-1')).toEqual(given)
  const decision = { runId: 'run-1', key: 'github/a', outcome: 'blocked', attemptId: 'a1' } as const
  await decideInteraction(db, decision)
  await saveInteractions(db, 'run-1', given)
  expect((await listInteractions(db, 'run-1')).map((each) => each.outcome)).toEqual([
    null,
    'blocked',
  ])
  await expect(decideInteraction(db, { ...decision, key: 'github/z' })).rejects.toMatchObject({
    code: 'run-not-found',
  })
})
