import type { TraceEventBody, Verdict } from '@plumb/protocol'
import {
  addUsage,
  appendTraceEvent,
  createRun,
  finishAttempt,
  saveGivens,
  saveInteractions,
  startAttempt,
} from '@plumb/store'
import { openTestDatabase } from '@plumb/store/testing'
import type { TestDatabase } from '@plumb/store/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { renderSkillsReport } from './render-skills-report.js'
import { skillsReport } from './skills-report.js'
import type { SkillReport } from './skills-report.js'

let db: TestDatabase
let reports: readonly SkillReport[]
const at = (second: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString()

beforeAll(async () => {
  db = await openTestDatabase()
  await createRun(db, {
    ...{ id: 'run', fingerprint: 'f', model: 'm', briefs: [], state: 'running', outputPath: '/o' },
    startedAt: at(0),
    finishedAt: null,
  })
  const interaction = { id: 'x', description: 'abc', expect: 'accepted' } as const
  await saveInteractions(
    db,
    'run',
    ['g/a', 'g/b'].map((key) => ({
      ...{ runId: 'run', key, integrationKey: 'g', interaction, outcome: null, attemptId: null },
    })),
  )
  await attempt({ id: 'before', key: 'g/a', number: 1, kind: 'accepted', version: null })
  await attempt({ id: 'one', key: 'g/a', number: 2, kind: 'rejected', version: 'v1' })
  await attempt({ id: 'two', key: 'g/a', number: 3, kind: 'accepted', version: 'v1' })
  await attempt({ id: 'three', key: 'g/b', number: 4, kind: 'rejected', version: 'v1' })
  await attempt({ id: 'four', key: 'g/b', number: 5, kind: 'accepted', version: 'v2' })
  reports = await skillsReport(db, { limit: 100 })
})
afterAll(() => db.close())

type Played = {
  readonly id: string
  readonly key: string
  readonly number: number
  readonly kind: 'accepted' | 'rejected'
  readonly version: string | null
}

async function attempt({ id, key, number, kind, version }: Played): Promise<void> {
  const second = number * 10
  await startAttempt(db, {
    ...{ id, runId: 'run', interactionKey: key, number, startedAt: at(second) },
    model: version === 'v2' ? 'big/model' : 'offline/builder',
  })
  await addUsage(db, id, { input: 100, output: 20, reasoning: 0, cacheRead: 0, cacheWrite: 0 }, 0.5)
  const invented: TraceEventBody = {
    ...{ kind: 'plumb-called', verb: 'record', args: ['record'], known: false, exitCode: 64 },
    ...{ durationMs: 1, summary: '{"didYouMean":"plumb dryrun"}' },
  }
  if (kind === 'rejected') await appendTraceEvent(db, id, at(second + 1), invented)
  await appendTraceEvent(db, id, at(second + 2), { kind: 'session-finished', reason: 'stop' })
  if (version !== null) {
    await saveGivens(db, {
      attemptId: id,
      skills: [{ name: 'plumb-function', version }],
      draftHash: 'd',
      known: { baseUrl: null, baseUrls: [], operations: [] },
    })
  }
  const verdict: Verdict = { kind, findings: [] }
  await finishAttempt(db, { id, verdict, artefacts: [], finishedAt: at(second + 4) })
}

test('versions are apart, the newest first, and attempts from before are of an unknown one', () => {
  expect(reports.map(({ skill, version, attempts }) => [skill, version, attempts])).toEqual([
    ['plumb-function', 'v2', 1],
    ['plumb-function', 'v1', 3],
    ['unknown', 'unknown', 1],
  ])
})

test('a version is measured by what its attempts came to', () => {
  const [, first] = reports
  expect(first).toMatchObject({
    ...{ accepted: 1, rejected: 2, blocked: 0, exhausted: 0, tokens: 120, cost: 0.5, seconds: 4 },
    // Two attempts at g/a, of which the second was accepted; g/b came to nothing.
    attemptsPerAccepted: 2,
    models: ['offline/builder'],
    rootCauses: [{ kind: 'invented-command', subject: 'plumb record', attempts: 2 }],
  })
  expect(first?.passRate.share).toBeCloseTo(1 / 3)
  expect(first?.passRate.low).toBeCloseTo(0.0615, 3)
  expect(first?.passRate.high).toBeCloseTo(0.7923, 3)
})

test('one model can be looked at alone, and the newest attempts only', async () => {
  expect((await skillsReport(db, { limit: 9, model: 'big/model' })).map((r) => r.version)).toEqual([
    'v2',
  ])
  expect((await skillsReport(db, { limit: 2 })).map((one) => one.attempts)).toEqual([1, 1])
})

test.each([60, 100])('the text keeps to %i columns and says what is not known', (columns) => {
  const text = renderSkillsReport(reports, { columns })
  for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(columns)
  expect(text).toContain('attempts of which the skills were not kept')
  expect(text.replace(/\s+/g, ' ')).toContain('1 of 3 attempts: 33.3 % (6.1 % to 79.2 %)')
  expect(text).not.toContain('\u001b')
  expect(renderSkillsReport([])).toContain('No attempts yet')
})
