import type { Finding, Verdict } from '@plumb/protocol'
import {
  createRun,
  finishAttempt,
  finishRun,
  getRun,
  listInteractions,
  saveExecution,
  saveInteractions,
  saveSubmission,
  startAttempt,
} from '@plumb/store'
import { openTestDatabase } from '@plumb/store/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { findingId } from '../reading/finding-id.js'
import { buildReport } from '../report/build-report.js'
import { renderReportText } from '../report/render-report-text.js'
import * as sample from '../verification/testing/sample-attempt.js'
import { boxHelp, boxVerbs } from '../workspace/box-verbs.js'
import { waiveFinding } from './waive-finding.js'
import type { WaiverOrder } from './waive-finding.js'

let db: Awaited<ReturnType<typeof openTestDatabase>>
const at = sample.startedAt

const finding = (behaviour: Finding['behaviour'], severity: Finding['severity'] = 'reject') =>
  ({
    check: 'x',
    behaviour,
    severity,
    message: `About ${behaviour}.`,
    remedy: null,
    pointer: null,
  }) as const
const told = [finding('E3'), finding('D2'), finding('G2', 'warn')]
const [declared, laundered] = told.map((one) => findingId('attempt-1', one))

beforeAll(async () => {
  db = await openTestDatabase()
  await createRun(db, {
    ...{ id: 'run', fingerprint: 'f', model: 'm', briefs: [], state: 'running' },
    ...{ outputPath: '/out', startedAt: at, finishedAt: null },
  })
  const { interaction } = sample
  const rest = { runId: 'run', integrationKey: 'g', interaction, outcome: 'rejected' } as const
  await saveInteractions(db, 'run', [
    { ...rest, key: 'g/a', attemptId: 'attempt-1' },
    { ...rest, key: 'g/b', attemptId: 'attempt-2' },
  ])
  await ended('attempt-1', 'g/a', { kind: 'rejected', findings: told })
  await saveSubmission(db, sample.submit(sample.readIssue))
  await saveExecution(db, sample.dryRun(sample.readIssue))
  await ended('attempt-2', 'g/b', { kind: 'rejected', findings: [finding('G1')] })
  await finishRun(db, 'run', 'finished')
})
afterAll(() => db.close())

async function ended(id: string, interactionKey: string, verdict: Verdict): Promise<void> {
  await startAttempt(db, { id, runId: 'run', interactionKey, number: 1, model: 'm', startedAt: at })
  await finishAttempt(db, { id, verdict, artefacts: [], finishedAt: at })
}

const order = (change: Partial<WaiverOrder>): WaiverOrder => ({
  ...{ finding: declared ?? '', reason: 'asked-for', by: null, account: 'ada', now: at },
  evidence: { kind: 'docs', url: 'https://example.com/api' },
  ...change,
})

test.each([
  [{ finding: 'fnd_0000000000000000' }, 'finding-not-found'],
  [{ finding: 'fnd_' }, 'finding-not-found'],
  [{ evidence: { kind: 'receipt', receiptId: 'none' } }, 'waiver-refused'],
  [{ evidence: { kind: 'operation', operationId: 'none' } }, 'waiver-refused'],
  [{ evidence: { kind: 'docs', url: 'because I say so' } }, 'waiver-refused'],
] as const)('%j is refused as %s', async (change, code) => {
  await expect(waiveFinding(db, order(change))).rejects.toMatchObject({ code })
})

test('an error that became a success is waived by a person with a name only', async () => {
  const nameless = waiveFinding(db, order({ finding: laundered ?? '' }))
  await expect(nameless).rejects.toMatchObject({ code: 'waiver-refused' })
  const waived = await waiveFinding(db, order({ finding: laundered ?? '', by: 'Ada Byron' }))
  expect(waived).toMatchObject({ outcome: 'rejected', open: [declared] })
})

test('when nothing rejects any more, the interaction is accepted and its run goes on', async () => {
  const evidence = { kind: 'operation', operationId: 'issues.get' } as const
  expect(await waiveFinding(db, order({ evidence }))).toMatchObject({
    outcome: 'accepted',
    open: [],
  })
  expect(await listInteractions(db, 'run')).toMatchObject([
    { outcome: 'accepted', attemptId: 'attempt-1' },
    { outcome: 'rejected' },
  ])
  expect((await getRun(db, 'run')).state).toBe('running')
  await expect(waiveFinding(db, order({}))).rejects.toMatchObject({ code: 'waiver-refused' })
})

test('a waiver makes no function of nothing', async () => {
  const id = findingId('attempt-2', finding('G1'))
  expect(await waiveFinding(db, order({ finding: id.slice(0, 10) }))).toMatchObject({
    ...{ outcome: 'rejected', open: [] },
    missing: 'The attempt handed in nothing.',
  })
})

test('waivers are counted and shown with their findings', async () => {
  const report = await buildReport(db, 'run')
  expect(report.totals.waivers).toBe(3)
  expect(report.waiversByModel).toEqual({ m: 3 })
  expect(report.interactions[0]).toMatchObject({ waivers: 2, findings: [{ id: declared }, {}, {}] })
  expect(renderReportText(report)).toContain('3 waivers (m 3)')
})

test('no verb of a box waives anything', () => {
  expect(JSON.stringify([boxHelp, boxVerbs])).not.toContain('waive')
})
