import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  appendReceipt,
  appendTraceEvent,
  createRun,
  saveExecution,
  saveInteractions,
  saveSubmission,
  startAttempt,
} from '@plumb/store'
import { openTestDatabase } from '@plumb/store/testing'
import type { TestDatabase } from '@plumb/store/testing'
import * as sample from '../verification/testing/sample-attempt.js'
import { collectEvidence } from './collect-evidence.js'

let db: TestDatabase
beforeAll(async () => {
  db = await openTestDatabase()
})
afterAll(() => db.close())

async function begin(number: number): Promise<string> {
  const id = `attempt-${number}`
  await startAttempt(db, {
    id,
    runId: 'run-1',
    interactionKey: 'acme/read-issue',
    number,
    model: 'm',
    startedAt: sample.startedAt,
  })
  return id
}

test('evidence is what the store holds about this attempt and no other', async () => {
  const { interaction, startedAt } = sample
  await createRun(db, {
    id: 'run-1',
    fingerprint: 'f',
    model: 'm',
    briefs: [],
    state: 'running',
    outputPath: '/o',
    startedAt,
    finishedAt: null,
  })
  await saveInteractions(db, 'run-1', [
    {
      runId: 'run-1',
      key: 'acme/read-issue',
      integrationKey: 'acme',
      interaction,
      outcome: null,
      attemptId: null,
    },
  ])
  const [first, second] = [await begin(1), await begin(2)]
  const signer = { keyId: 'k', sign: (hash: string) => hash }
  for (const [index, attemptId] of [first, second, first].entries()) {
    await appendReceipt(
      db,
      { ...sample.draftReceipt(`r-${index}`), attemptId, chain: attemptId },
      signer,
    )
  }
  await saveExecution(db, sample.dryRun(sample.readIssue))
  await saveSubmission(db, sample.submit(sample.readIssue))
  await appendTraceEvent(db, first, startedAt, {
    kind: 'message',
    role: 'assistant',
    text: 'hello',
  })
  const evidence = await collectEvidence({
    db,
    attemptId: first,
    protectedFilesChanged: ['AGENTS.md'],
  })
  expect(evidence.receipts.map(({ id, sequence }) => [id, sequence])).toEqual([
    ['r-0', 1],
    ['r-2', 2],
  ])
  expect(evidence.executions.map(({ id }) => id)).toEqual(['run-1'])
  expect(evidence.submission?.operations).toEqual(['issues.get'])
  expect(evidence.trace).toMatchObject([{ sequence: 1, kind: 'message', text: 'hello' }])
  expect(evidence.protectedFilesChanged).toEqual(['AGENTS.md'])
  expect(await collectEvidence({ db, attemptId: second })).toMatchObject({
    submission: null,
    executions: [],
    trace: [],
    protectedFilesChanged: [],
  })
})
