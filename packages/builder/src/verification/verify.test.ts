import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Evidence, Execution, ReceiptDraft } from '@plumb/protocol'
import { openRunnerPool, openSandbox } from '@plumb/runtime'
import type { RunnerPool, Sandbox } from '@plumb/runtime'
import * as sample from './testing/sample-attempt.js'
import type { VerificationInput } from './verification-input.js'
import { verify } from './verify.js'

let sandbox: Sandbox
let pool: RunnerPool
let executions = 0

beforeAll(async () => {
  sandbox = await openSandbox()
  pool = await openRunnerPool({ sandbox, size: 1 })
})
afterAll(async () => {
  await pool.close()
  await sandbox.close()
})

type Attempt = {
  source?: string
  drafts?: ReceiptDraft[]
  run?: Partial<Execution>
  evidence?: Partial<Evidence>
  change?: Partial<VerificationInput>
}

function attempt({
  source = sample.readIssue,
  drafts = [sample.draftReceipt('r-1')],
  ...rest
}: Attempt): VerificationInput {
  const { receipts, publicKeys } = sample.signReceipts(drafts)
  return {
    evidence: sample.evidenceOf({
      submission: sample.submit(source),
      receipts,
      executions: [sample.dryRun(source, rest.run)],
      ...rest.evidence,
    }),
    interaction: sample.interaction,
    description: sample.description,
    provider: sample.provider,
    connection: sample.connection,
    baseUrl: sample.baseUrl,
    publicKeys,
    sandbox,
    pool,
    workspaceRoot: '/home/w/attempt-1',
    deadlineMs: 100_000,
    ids: () => `verification-${(executions += 1)}`,
    signal: new AbortController().signal,
    ...rest.change,
  }
}

const honest = (name: string): string =>
  readFileSync(join(import.meta.dirname, '../../../toolchain/test/honest', name), 'utf8')

test('an honest attempt is accepted without a finding', async () => {
  expect(await verify(attempt({}))).toEqual({ kind: 'accepted', findings: [] })
})

test('a function that answers from memory is found by the replay', async () => {
  const source = sample.readIssue.replace(
    /const \{ data \}[\s\S]*parse\(data\)/,
    "return { id: '7', title: 'Leak' }",
  )
  const verdict = await verify(attempt({ source }))
  expect(verdict).toMatchObject({
    kind: 'rejected',
    findings: expect.arrayContaining([
      expect.objectContaining({ check: 'replay', behaviour: 'C10' }),
    ]),
  })
})

test('a function whose result is not that of the recorded answers is found by the replay', async () => {
  const run = { outcome: { kind: 'returned', output: { id: '7', title: 'Other' } } } as const
  const verdict = await verify(attempt({ run }))
  expect(verdict).toMatchObject({
    kind: 'rejected',
    findings: [{ check: 'replay', behaviour: 'T2' }],
  })
  expect(verdict.kind === 'rejected' && verdict.findings[0]?.message).toContain('Other')
})

test('a function that asks for something else the second time is found by the replay', async () => {
  const source = sample.readIssue.replace('/issues/$', '/issues/9$')
  const verdict = await verify(attempt({ source }))
  expect(verdict).toMatchObject({
    kind: 'rejected',
    findings: [{ check: 'replay', behaviour: 'C11' }],
  })
})

test('time and randomness stand still, so that a function may use them; a random question is told', async () => {
  const source = sample.readIssue.replace(
    '{ endpoint:',
    '{ params: { since: new Date().toISOString(), r: Math.random() }, endpoint:',
  )
  const first = await verify(attempt({ source }))
  const asked = first.kind === 'rejected' ? (first.findings.at(-1)?.message ?? '') : ''
  const query = /issues\/7(\?\S+)\. Nearest/.exec(asked)?.[1] ?? ''
  expect(query).toContain('since=2026-03-04T05%3A06%3A07.000Z')
  const drafts = [sample.draftReceipt('r-1', { path: `/issues/7${query}` })]
  expect(await verify(attempt({ source, drafts }))).toMatchObject({
    kind: 'accepted',
    findings: [{ behaviour: 'C11', severity: 'warn', message: expect.stringContaining('"r"') }],
  })
})

test('source that does not compile is rejected with its place', async () => {
  const verdict = await verify(attempt({ source: "import fs from 'node:fs'\nexport default fs" }))
  expect(verdict.kind).toBe('rejected')
  const compile = verdict.findings.find(({ check }) => check === 'compile')
  expect(compile).toMatchObject({
    behaviour: 'C5',
    pointer: { kind: 'code', path: 'function.ts', line: 1 },
  })
})

test('source that defines no function is rejected', async () => {
  const verdict = await verify(attempt({ source: 'export const x = 1' }))
  expect(verdict.findings.some(({ check }) => check === 'compile')).toBe(true)
})

test('findings of lint and types reject together', async () => {
  const source = sample.readIssue
    .replace('.parse(data)', '.parse(data) as any')
    .replace('input.id', 'input.nope')
  const verdict = await verify(attempt({ source }))
  const rejecting = verdict.findings
    .filter(({ severity }) => severity === 'reject')
    .map(({ check }) => check)
  expect(rejecting).toEqual(expect.arrayContaining(['lint', 'types']))
})

test('a warning alone does not reject', async () => {
  const trace = sample.trace(sample.shell('nango --help', 127))
  const verdict = await verify(attempt({ evidence: { trace } }))
  expect(verdict).toMatchObject({
    kind: 'accepted',
    findings: [{ behaviour: 'G2', severity: 'warn' }],
  })
})

test('no submission, a refused export and a blocked account have verdicts of their own', async () => {
  expect(await verify(attempt({ evidence: { submission: null } }))).toMatchObject({
    kind: 'rejected',
    findings: [{ behaviour: 'G1' }],
  })
  const exportRefusal = {
    path: 'function.ts',
    reason: '"function.ts" is a symbolic link.',
    behaviour: 'A4',
  } as const
  expect(
    await verify(attempt({ evidence: { submission: null }, change: { exportRefusal } })),
  ).toMatchObject({
    kind: 'rejected',
    findings: [{ behaviour: 'A4' }],
  })
  const claim = { reason: 'access', detail: 'scope missing', receiptIds: [] } as const
  const drafts = [sample.draftReceipt('r-1', { status: 403 })]
  expect(await verify(attempt({ drafts, change: { claim } }))).toMatchObject({ kind: 'blocked' })
})

test('an honest sync with pages, records and a checkpoint is accepted', async () => {
  const source = honest('sync-events.ts').replace('/calendar/v3/calendars/', '/calendars/')
  const page = (id: string, next: string | null) => ({
    items: [{ id, status: 'confirmed', summary: `Event ${id}`, updated: `2026-01-0${id}` }],
    ...(next !== null && { nextPageToken: next }),
  })
  const drafts = [
    sample.draftReceipt('r-1', {
      path: '/calendars/c/events?singleEvents=true',
      body: page('1', 'p2'),
    }),
    sample.draftReceipt('r-2', {
      path: '/calendars/c/events?singleEvents=true&pageToken=p2',
      body: page('2', null),
    }),
  ]
  const saved = ['1', '2'].map((id) => ({ id, title: `Event ${id}` }))
  const run: Partial<Execution> = {
    functionKind: 'sync',
    input: null,
    metadata: { calendarId: 'c' },
    outcome: { kind: 'returned', output: null },
    records: { Event: { saved, updated: [], deleted: [] } },
    endCheckpoint: { updatedMin: '2026-01-02' },
  }
  const [operation] = sample.description.operations
  if (!operation) throw new Error('The sample has operations.')
  const description = {
    ...sample.description,
    operations: [{ ...operation, id: 'events', path: '/calendars/{id}/events' }],
  }
  const interaction = {
    id: 'sync-events',
    description: 'Events',
    kind: 'sync',
    output: { id: 'string', title: 'string' },
    expect: 'accepted',
  } as const
  const verdict = await verify(
    attempt({
      source,
      drafts,
      run,
      evidence: { submission: sample.submit(source, ['events']) },
      change: { description, interaction },
    }),
  )
  expect(verdict).toEqual({ kind: 'accepted', findings: [] })
})

test('when nothing was handed in, what was left behind and what was done say why', async () => {
  const source = sample.readIssue.replace('exec: async', 'exec: /* @ts-ignore */ async')
  const trace = sample.trace(sample.shell('echo x > AGENTS.md'))
  const left = attempt({ source, evidence: { submission: null, trace } })
  const verdict = await verify({ ...left, leftBehind: source })
  expect(verdict.kind).toBe('rejected')
  const behaviours = verdict.findings.map(({ behaviour }) => behaviour)
  expect(behaviours[0]).toBe('G1')
  expect(behaviours).toEqual(expect.arrayContaining(['G7', 'E2']))
  expect(behaviours).not.toContain('E3')
  const withoutFile = (await verify(left)).findings.map(({ behaviour }) => behaviour)
  expect(withoutFile).toEqual(['G1', 'G7'])
})

test('an attempt that is blocked still shows what its agent did', async () => {
  const claim = { reason: 'not-possible', detail: 'no such operation', receiptIds: [] } as const
  const trace = sample.trace(sample.shell('echo x > AGENTS.md'))
  const verdict = await verify(attempt({ evidence: { trace }, change: { claim } }))
  expect(verdict.kind).toBe('blocked')
  expect(verdict.findings.map(({ behaviour }) => behaviour)).toContain('G7')
})
