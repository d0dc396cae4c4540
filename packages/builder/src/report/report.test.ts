import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Finding, Interaction, Report, TraceEventBody, Verdict } from '@plumb/protocol'
import {
  addUsage,
  appendTraceEvent,
  createRun,
  decideInteraction,
  finishAttempt,
  finishRun,
  getAttempt,
  listTraceEvents,
  recordResource,
  saveInteractions,
  startAttempt,
} from '@plumb/store'
import { openTestDatabase } from '@plumb/store/testing'
import type { TestDatabase } from '@plumb/store/testing'
import { buildReport } from './build-report.js'
import { renderReportHtml } from './render-report-html.js'
import { renderReportText } from './render-report-text.js'
import { renderRunTrace } from './render-run-trace.js'
import { renderTrace } from './render-trace.js'

let db: TestDatabase
let report: Report
const at = (second: number): string => new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString()
const hostile = '<img src=x onerror="alert(1)"> & \'quoted\''

const finding: Finding = {
  check: 'replay',
  behaviour: 'C10',
  severity: 'reject',
  message: `The replay did not repeat GET ${hostile}.`,
  remedy: 'Ask again.',
  pointer: { kind: 'execution', executionId: 'e-1' },
}

const verdicts: Record<string, Verdict> = {
  'read-issue': { kind: 'accepted', findings: [{ ...finding, severity: 'warn' }] },
  'close-issue': { kind: 'rejected', findings: [finding] },
  'delete-repo': {
    kind: 'blocked',
    cause: {
      kind: 'missing-scope',
      message: 'DELETE /repos was answered with 403.',
      remedy: 'Add the scope delete_repo.',
      receiptIds: ['r-1'],
    },
    findings: [],
  },
  'send-fax': {
    kind: 'exhausted',
    budget: 'tokens',
    detail: 'Used 1000 of 900 tokens.',
    findings: [],
  },
}

function interaction(id: string): Interaction {
  return {
    id,
    description: `Does ${hostile}`,
    expect: id === 'delete-repo' ? 'blocked' : 'accepted',
  }
}

beforeAll(async () => {
  db = await openTestDatabase()
  const ids = [...Object.keys(verdicts), 'waiting']
  await createRun(db, {
    id: 'run-1',
    fingerprint: 'f',
    model: 'offline/builder',
    briefs: [],
    state: 'running',
    outputPath: '/out',
    startedAt: at(0),
    finishedAt: null,
  })
  await saveInteractions(
    db,
    'run-1',
    ids.map((id) => ({
      runId: 'run-1',
      key: `acme/${id}`,
      integrationKey: 'acme',
      interaction: interaction(id),
      outcome: null,
      attemptId: null,
    })),
  )
  for (const [id, verdict] of Object.entries(verdicts)) await attempt(id, verdict)
  await finishRun(db, 'run-1', { state: 'finished', finishedAt: at(30) })
  report = await buildReport(db, 'run-1')
})
afterAll(() => db.close())

async function attempt(id: string, verdict: Verdict): Promise<void> {
  const attemptId = `attempt-${id}`
  const interactionKey = `acme/${id}`
  await startAttempt(db, {
    id: attemptId,
    runId: 'run-1',
    interactionKey,
    number: 1,
    model: 'offline/builder',
    startedAt: at(1),
  })
  await addUsage(
    db,
    attemptId,
    { input: 1000, output: 200, reasoning: 30, cacheRead: 4, cacheWrite: 0 },
    0.25,
  )
  const failing: TraceEventBody = {
    kind: 'plumb-called',
    verb: 'dryrun',
    args: ['dryrun', hostile],
    known: true,
    exitCode: 1,
    durationMs: 5,
    summary: 'title is required',
  }
  const invented: TraceEventBody = {
    ...{ kind: 'plumb-called', verb: 'fax send', args: ['fax', 'send'], known: false },
    ...{ exitCode: 64, durationMs: 1 },
    summary: JSON.stringify({ error: `<${hostile}>`, didYouMean: 'plumb submit' }),
  }
  const events: TraceEventBody[] = [
    { kind: 'session-started', harness: 'opencode', model: 'offline/builder', sessionId: 's' },
    { kind: 'message', role: 'assistant', text: `I will ${hostile}` },
    failing,
    {
      kind: 'usage',
      tokens: { input: 1, output: 1, reasoning: 0, cacheRead: 0, cacheWrite: 0 },
      costUsd: 0,
    },
    failing,
    ...(id === 'send-fax' ? [invented] : []),
    { kind: 'session-finished', reason: 'stop' },
  ]
  for (const [index, event] of events.entries())
    await appendTraceEvent(db, attemptId, at(2 + index), event)
  await finishAttempt(db, { id: attemptId, verdict, artefacts: [], finishedAt: at(11) })
  await decideInteraction(db, {
    runId: 'run-1',
    key: interactionKey,
    outcome: verdict.kind,
    attemptId,
  })
}

test('a report counts outcomes, usage and what was expected', () => {
  expect(report).toMatchObject({
    run: 'run-1',
    model: 'offline/builder',
    modelLabel: 'offline model: rules, no LLM',
    output: '/out',
  })
  expect(report.totals).toEqual({
    interactions: 5,
    attempts: 4,
    accepted: 1,
    rejected: 1,
    blocked: 1,
    exhausted: 1,
    undecided: 1,
    asExpected: 2,
    claims: 0,
    honestClaims: 0,
    waivers: 0,
    tokens: 4936,
    cost: 1,
    seconds: 30,
  })
  expect(report.perIntegration).toMatchObject([{ integration: 'acme', accepted: 1, seconds: 40 }])
  expect(report.interactions.map(({ id, outcome, attempts }) => [id, outcome, attempts])).toEqual([
    ['read-issue', 'accepted', 1],
    ['close-issue', 'rejected', 1],
    ['delete-repo', 'blocked', 1],
    ['send-fax', 'exhausted', 1],
    ['waiting', null, 0],
  ])
})

test('what was not accepted has a cause and a remedy', () => {
  const told = report.interactions.map(({ cause, remedy }) => [cause, remedy])
  expect(told[0]).toEqual([null, null])
  expect(told[1]).toEqual([finding.message, finding.remedy])
  expect(told[2]).toEqual(['DELETE /repos was answered with 403.', 'Add the scope delete_repo.'])
  expect(told[3]?.[1]).toContain('budget of tokens')
})

test.each([60, 100, 160])(
  'text for %i columns keeps to the width and names the model as what it is',
  (columns) => {
    const text = renderReportText(report, { columns })
    for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(columns)
    expect(text).toContain('offline model: rules, no LLM')
    expect(text).toContain('blocked (expected)')
    expect(text).toContain('Add the scope delete_repo.')
    expect(text).not.toContain('\u001b')
  },
)

test('colours are optional', () => {
  expect(renderReportText(report, { color: true })).toContain('\u001b[32m')
})

test('the page escapes every text, loads nothing and runs nothing', () => {
  const page = renderReportHtml(report)
  expect(page).not.toContain('<img')
  expect(page).toContain('&lt;img src=x onerror=&quot;alert(1)&quot;&gt; &amp; &#39;quoted&#39;')
  expect(page).not.toMatch(/<script|<link|\bhref="(?!#)|\bsrc="/)
  expect(page).toMatch(/^<!doctype html>\s*<html lang="en">/)
})

test('the page has headings, table headers and a target for every link', () => {
  const page = renderReportHtml(report)
  for (const [, target = ''] of page.matchAll(/href="#([^"]+)"/g))
    expect(page).toContain(`id="${target}"`)
  expect([...page.matchAll(/<h1>/g)]).toHaveLength(1)
  expect([...page.matchAll(/<th scope="col">/g)].length).toBe(25)
  for (const [table] of page.matchAll(/<table>[\s\S]*?<\/table>/g))
    expect(table).toMatch(/<table>\s*<caption>\s*\S/)
  expect(page).toContain('prefers-color-scheme: dark')
  for (const tag of ['article', 'details', 'table', 'li', 'section', 'tr', 'p']) {
    const count = (pattern: RegExp): number => [...page.matchAll(pattern)].length
    expect([tag, count(new RegExp(`<${tag}[ >]`, 'g'))]).toEqual([
      tag,
      count(new RegExp(`</${tag}>`, 'g')),
    ])
  }
})

test('a report groups attempts by root cause, and lists what was asked for in vain', () => {
  expect(report.rootCauses).toHaveLength(1)
  const [cause] = report.rootCauses
  expect(cause).toMatchObject({ kind: 'repeated-failure', tokens: 8 })
  expect(cause?.attempts.map(({ interaction, sequence }) => [interaction, sequence])).toEqual(
    ['read-issue', 'close-issue', 'delete-repo', 'send-fax'].map((id) => [`acme/${id}`, 3]),
  )
  // Nothing went well after step 3, so all of them lost what came after it: 3 seconds, and 4 of the longest.
  expect(cause?.seconds).toBe(13)
  expect(report.wishes).toEqual([
    {
      ...{ kind: 'verb', asked: 'plumb fax', nearest: 'plumb submit', count: 1 },
      attempts: ['attempt-send-fax'],
    },
  ])
  for (const columns of [60, 100]) {
    const text = renderRunTrace(report, { columns })
    for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(columns)
    expect(text.replace(/\s+/g, ' ')).toContain('4 attempts lost time on the same failure again')
    expect(text).toContain('1 x plumb fax (1 attempt; nearest: plumb submit)')
    expect(text).not.toContain('\u001b')
  }
  expect(renderReportHtml(report)).toContain('4 attempts lost time on the same failure again')
})

test('a trace marks the first divergence', async () => {
  const record = await getAttempt(db, 'attempt-close')
  const trace = await listTraceEvents(db, record.id)
  const text = renderTrace(
    { attempt: record, trace, receipts: [], executions: [], givens: null },
    { columns: 80 },
  )
  for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(80)
  expect(text).toContain('offline model: rules, no LLM')
  expect(text).toMatch(/#3 x plumb dryrun[\s\S]*>>> first divergence[\s\S]*same reason again: #5/)
  const calm = trace.filter(({ kind }) => kind !== 'plumb-called')
  expect(
    renderTrace({ attempt: record, trace: calm, receipts: [], executions: [], givens: null }),
  ).toContain('No divergence.')
})

test('a report names what is left in the account, and not what was deleted', async () => {
  expect(report.left).toEqual([])
  expect(renderReportHtml(report)).not.toContain('Left in the account')
  for (const [id, attemptId] of Object.entries({ 81: 'attempt-send-fax', 82: 'of-another-run' }))
    await recordResource(db, {
      connection: { integrationKey: 'acme', connectionId: 'test' },
      ...{ attemptId, receiptId: 'r-1', resourceId: id, createdAt: at(1) },
      url: `https://api.example.com/issues/${id}`,
    })
  const told = await buildReport(db, report.run)
  expect(told.left).toEqual([
    {
      ...{ integration: 'acme', interaction: 'send-fax', attempt: 'attempt-send-fax' },
      ...{ url: 'https://api.example.com/issues/81', receiptId: 'r-1', createdAt: at(1) },
    },
  ])
  const text = renderReportText(told, { columns: 80 })
  expect(text).toContain('Left in the account: 1, to be deleted by hand')
  expect(text).toContain('issues/81')
  expect(renderReportHtml(told)).toContain('https://api.example.com/issues/81')
})
