import type { AttemptGivens } from '@plumb/protocol'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { finishAttempt, startAttempt } from '../attempts/attempts.js'
import { saveInteractions } from '../runs/interactions.js'
import { createRun } from '../runs/runs.js'
import { openTestDatabase, type TestDatabase } from '../testing/index.js'
import { appendTraceEvent } from '../trace/trace-events.js'
import { getGivens, listSkillUses, saveGivens } from './attempt-givens.js'

let db: TestDatabase
const at = (second: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString()

beforeAll(async () => {
  db = await openTestDatabase()
  await createRun(db, {
    ...{ id: 'run', fingerprint: 'f', model: 'm', briefs: [], state: 'running', outputPath: '/o' },
    startedAt: at(0),
    finishedAt: null,
  })
  const interaction = { id: 'x', description: 'abc', expect: 'accepted' } as const
  await saveInteractions(db, 'run', [
    {
      ...{ runId: 'run', key: 'g/a', integrationKey: 'g', interaction },
      outcome: null,
      attemptId: null,
    },
  ])
  for (const [index, id] of ['old', 'new', 'other', 'untouched', 'open'].entries())
    await attempt(id, index + 1)
})
afterAll(() => db.close())

async function attempt(id: string, number: number): Promise<void> {
  const model = id === 'other' ? 'm2' : 'm'
  await startAttempt(db, {
    ...{ id, runId: 'run', interactionKey: 'g/a', number, model, startedAt: at(number) },
  })
  if (id !== 'untouched')
    await appendTraceEvent(db, id, at(number), { kind: 'session-finished', reason: 'stop' })
  if (id === 'open') return
  const verdict = { kind: 'accepted', findings: [] } as const
  await finishAttempt(db, { id, verdict, artefacts: [], finishedAt: at(number + 1) })
}

const known = {
  baseUrl: null,
  baseUrls: ['https://api.example.com'],
  operations: [{ id: 'listThings', method: 'GET', path: '/things' }],
} as const
const givens = (attemptId: string, version: string): AttemptGivens => ({
  attemptId,
  skills: [
    { name: 'plumb-function', version },
    { name: 'second', version: 's' },
  ],
  draftHash: 'd',
  known,
})

test('what an attempt was given comes back as it was, and an attempt without it is unknown', async () => {
  await saveGivens(db, givens('new', 'v1'))
  await saveGivens(db, givens('other', 'v2'))
  expect(await getGivens(db, 'new')).toEqual(givens('new', 'v1'))
  expect(await getGivens(db, 'old')).toBeNull()
  const lists = await db.query<{ count: number }>(
    'select count(*)::int as count from plumb.operation_lists',
  )
  expect(lists).toEqual([{ count: 1 }])
})

test('what was given is said once', async () => {
  await expect(saveGivens(db, givens('new', 'v3'))).rejects.toThrow(/duplicate key/)
  expect((await getGivens(db, 'new'))?.skills[0]?.version).toBe('v1')
})

test('uses are of ended attempts with an agent, the newest first; old ones have no version', async () => {
  const uses = await listSkillUses(db, { limit: 10 })
  expect(uses.map(({ attemptId, skill }) => [attemptId, skill?.name, skill?.version])).toEqual([
    ['other', 'plumb-function', 'v2'],
    ['other', 'second', 's'],
    ['new', 'plumb-function', 'v1'],
    ['new', 'second', 's'],
    ['old', undefined, undefined],
  ])
  const ofOne = await listSkillUses(db, { limit: 1, model: 'm' })
  expect(new Set(ofOne.map(({ attemptId }) => attemptId))).toEqual(new Set(['new']))
})
