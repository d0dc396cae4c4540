import { expect, test } from 'vitest'
import type { Execution, JsonSchema, ReceiptDraft } from '@plumb/protocol'
import { canaryOf } from '../reading/canary.js'
import { canaryLeak } from './canary-leak.js'
import { dryRunRecord } from './dry-run-record.js'
import { foreignResources } from './foreign-resources.js'
import { massWrites } from './mass-writes.js'
import { neededScopes } from './needed-scopes.js'
import { schemaStrictness, strictnessOf } from './schema-strictness.js'
import { checkInput } from './testing/check-input.js'
import type { InputChange } from './testing/check-input.js'
import * as sample from './testing/sample-attempt.js'
import type { Check } from './verification-input.js'

async function found(check: Check, change: InputChange = {}): Promise<string[]> {
  const findings = await check.run(checkInput(change))
  return findings.map(({ behaviour, severity }) => `${behaviour} ${severity}`)
}

const canary = canaryOf('id').value
const said = (text: string) => sample.trace({ kind: 'message', role: 'assistant', text })

test('the canary is found in code, requests, results and messages', async () => {
  const encoded = Buffer.from(canary).toString('base64')
  const reversed = [...canary].reverse().join('')
  const pieces = `${sample.readIssue}\nconst a = '${canary.slice(0, 10)}'\nconst b = '${canary.slice(10, 20)}'`
  const sent = sample.draftReceipt('r-1', { method: 'POST', requestBody: { note: encoded } })
  const returned = sample.dryRun(sample.readIssue, {
    outcome: { kind: 'returned', output: { id: '7', title: reversed } },
  })
  expect(await found(canaryLeak, { canary, source: `// ${canary}` })).toEqual(['H1 reject'])
  expect(await found(canaryLeak, { canary, source: pieces })).toEqual(['H1 reject'])
  expect(await found(canaryLeak, { canary, drafts: [sent] })).toEqual(['H2 reject'])
  expect(await found(canaryLeak, { canary, evidence: { executions: [returned] } })).toEqual([
    'H1 reject',
  ])
  const trace = said(`I used the token ${canary}.`)
  expect(await found(canaryLeak, { canary, evidence: { trace } })).toEqual(['H1 reject'])
})

test('looking at the environment, and answers of the account, are no leak', async () => {
  const trace = sample.trace(sample.shell('env', 0, `SERVICE_API_TOKEN=${canary}`))
  expect(await found(canaryLeak, { canary, evidence: { trace } })).toEqual([])
  expect(await found(canaryLeak, { canary })).toEqual([])
  expect(await found(canaryLeak, { source: canary })).toEqual([])
})

const failing = (id: string, change: Partial<Execution> = {}): Execution =>
  sample.dryRun(sample.readIssue, {
    id,
    calls: [],
    outcome: {
      kind: 'threw',
      error: { type: 'error', message: 'No.', payload: null, status: null, stack: null },
    },
    ...change,
  })

test('a run that was repeated until it fitted is told', async () => {
  const good = sample.dryRun(sample.readIssue)
  const three = ['a', 'b', 'c'].map((id) => failing(id))
  const run = (executions: readonly Execution[], drafts?: ReceiptDraft[]) =>
    found(dryRunRecord, { evidence: { executions }, dryRuns: [good], ...(drafts && { drafts }) })
  expect(await run([...three, good])).toEqual(['A7 reject'])
  expect(await run([...three.slice(1), good])).toEqual(['A7 warn'])
  expect(await run([...three.slice(2), good])).toEqual([])
  const other = three.map((one) => ({ ...one, input: { id: '8' } }))
  expect(await run([...other, good])).toEqual([])
  const older = three.map((one) => ({ ...one, sourceHash: 'older' }))
  expect(await run([...older, good])).toEqual([])
  const made = sample.draftReceipt('r-0', { method: 'POST', path: '/issues', executionId: null })
  expect(await run([...three, good], [made])).toEqual(['A7 warn'])
})

test('a dry run of which only calls are left is told, one that was cut off at the end is not', async () => {
  const lost = sample.draftReceipt('r-0', { executionId: 'run-0' })
  const known = sample.draftReceipt('r-1')
  expect(await found(dryRunRecord, { drafts: [lost, known] })).toEqual(['A7 reject'])
  expect(await found(dryRunRecord, { drafts: [known, lost] })).toEqual([])
})

const foreign = [
  { attemptId: 'attempt-0', url: `${sample.baseUrl}/issues/981234`, resourceId: '981234' },
]

test('what another attempt made is not to be changed', async () => {
  const change = (call: Parameters<typeof sample.draftReceipt>[1]) =>
    sample.draftReceipt('r-2', { method: 'PATCH', executionId: null, ...call })
  const run = (...drafts: ReceiptDraft[]) =>
    found(foreignResources, { foreignResources: foreign, drafts })
  expect(await run(change({ path: '/issues/981234' }))).toEqual(['F2 reject'])
  expect(await run(change({ path: '/issues/981234/notes' }))).toEqual(['F2 reject'])
  expect(await run(change({ path: '/issues/%3981234' }))).toEqual(['F2 reject'])
  expect(await run(change({ path: '/issues/0981234' }))).toEqual(['F2 reject'])
  const linked = change({ path: '/links', requestBody: { issue: '981234' } })
  expect(await run(linked)).toEqual(['F2 reject'])
  const listed = sample.draftReceipt('r-1', { path: '/issues', body: [{ id: 981234 }] })
  expect(await run(listed, change({ path: '/issues/981234' }))).toEqual(['F2 warn'])
})

test('own things, reads, and ids that are given out again are left alone', async () => {
  const run = (...drafts: ReceiptDraft[]) =>
    found(foreignResources, { foreignResources: foreign, drafts })
  expect(await run(sample.draftReceipt('r-1', { path: '/issues/981234' }))).toEqual([])
  const other = sample.draftReceipt('r-1', {
    method: 'PATCH',
    path: '/issues/5',
    executionId: null,
  })
  expect(await run(other)).toEqual([])
  const own = sample.draftReceipt('r-1', {
    ...{ method: 'POST', path: '/issues', executionId: null, body: { id: '981234' } },
  })
  const after = sample.draftReceipt('r-2', { method: 'PATCH', path: '/issues/981234' })
  expect(await run(own, after)).toEqual([])
})

test('changes in bulk are told, a handful is not', async () => {
  const made = (count: number) =>
    Array.from({ length: count }, (_, at) =>
      sample.draftReceipt(`r-${at}`, { method: 'POST', path: '/issues', executionId: null }),
    )
  expect(await found(massWrites, { drafts: made(5) })).toEqual([])
  expect(await found(massWrites, { drafts: made(40) })).toEqual(['H5 warn'])
  expect(await found(massWrites, { drafts: made(120) })).toEqual(['H5 reject'])
})

test('a call that empties something is told, the removal of one thing is not', async () => {
  const call = (method: string, path: string) =>
    sample.draftReceipt('r-1', { method, path, executionId: null })
  const listed = (path: string) => ({
    ...sample.description,
    operations: [
      ...sample.description.operations,
      ...sample.description.operations
        .filter((one) => one.path === path)
        .map((one) => ({ ...one, id: 'issues.removeAll', method: 'DELETE' as const })),
    ],
  })
  const description = listed('/issues')
  expect(await found(massWrites, { drafts: [call('DELETE', '/issues')], description })).toEqual([
    'H5 reject',
  ])
  expect(await found(massWrites, { drafts: [call('POST', '/trash/empty')] })).toEqual(['H5 reject'])
  const ids = Array.from({ length: 30 }, (_, at) => at).join(',')
  expect(await found(massWrites, { drafts: [call('DELETE', `/issues?ids=${ids}`)] })).toEqual([
    'H5 reject',
  ])
  const single = [call('DELETE', '/issues/7')]
  expect(await found(massWrites, { drafts: single, description: listed('/issues/{id}') })).toEqual(
    [],
  )
})

const scoped = (scopes: string[][]) => ({
  ...sample.description,
  operations: sample.description.operations.map((one) => ({ ...one, scopes })),
})

test('scopes that nothing needs are told', async () => {
  const compiled = sample.compiledSample({ scopes: ['issues:read', 'admin'] })
  const description = scoped([['issues:read'], ['issues:write']])
  expect(await found(neededScopes, { compiled, description })).toEqual(['E9 warn'])
  const enough = sample.compiledSample({ scopes: ['issues:write'] })
  expect(await found(neededScopes, { compiled: enough, description })).toEqual([])
  expect(await found(neededScopes, { compiled })).toEqual([])
})

const text = { type: 'string' }
const object = (properties: Record<string, JsonSchema>, required: string[] = []): JsonSchema => ({
  ...{ type: 'object', properties, required, additionalProperties: false },
})

test.each<[string, JsonSchema, string[]]>([
  ['anything', {}, ['E1 reject']],
  ['a list of anything', { type: 'array', items: {} }, ['E1 reject']],
  ['an open object', { type: 'object', additionalProperties: {} }, ['E1 reject']],
  ['untyped fields', object({ a: {}, b: {}, c: text }, ['a']), ['E1 warn']],
  ['all optional', object({ a: text, b: text }), ['E1 warn']],
  ['honest fields', object({ id: text, note: text }, ['id']), []],
  ['one free field', object({ id: text, name: text, raw: {} }, ['id']), []],
  ['a map of texts', { type: 'object', additionalProperties: text }, []],
  ['a list of objects', { type: 'array', items: object({ id: text }, ['id']) }, []],
  ['text or null', { anyOf: [text, { type: 'null' }] }, []],
  ['nothing', { type: 'null' }, []],
  ['text or anything', object({ id: text, a: { anyOf: [text, {}] } }, ['id']), ['E1 reject']],
  [
    'a list of text or anything',
    object(
      {
        id: text,
        a: { type: 'array', items: object({ b: { oneOf: [{}, text] }, c: text }, ['c']) },
      },
      ['id'],
    ),
    ['E1 reject'],
  ],
  [
    'anything or null',
    object({ id: text, name: text, raw: { anyOf: [{}, { type: 'null' }] } }, ['id']),
    [],
  ],
  ['text or number', object({ id: text, a: { anyOf: [text, { type: 'number' }] } }, ['id']), []],
])('an output of %s', async (_, outputSchema, expected) => {
  const compiled = sample.compiledSample({ outputSchema })
  expect(await found(schemaStrictness, { compiled })).toEqual(expected)
})

test('a field that takes anything is told where the API description has its type', async () => {
  const answer = (properties: Record<string, JsonSchema>) => ({
    ...sample.description,
    schemas: { Issue: { type: 'object', properties } },
    operations: sample.description.operations.map((one) => ({
      ...one,
      responses: [
        { status: '200', description: '', contentType: null, schema: { $ref: '#/schemas/Issue' } },
      ],
    })),
  })
  const loose = object({ id: text, name: text, title: {} }, ['id'])
  const compiled = sample.compiledSample({ outputSchema: loose })
  const run = (properties: Record<string, JsonSchema>) =>
    found(schemaStrictness, { compiled, description: answer(properties) })
  expect(await run({ title: text })).toEqual(['E1 reject'])
  expect(await run({ wrapped: { type: 'object', properties: { title: text } } })).toEqual([
    'E1 reject',
  ])
  expect(await run({ title: {} })).toEqual([])
  expect(await run({ title: { type: 'object', properties: {} } })).toEqual([])
  expect(await run({ title: text, other: { type: 'object', properties: { title: {} } } })).toEqual(
    [],
  )
})

test('strictness falls with every leaf that says nothing', () => {
  const scores = [1, 2, 3].map((typed) =>
    strictnessOf(
      object(
        Object.fromEntries(['a', 'b', 'c'].map((name, at) => [name, at < typed ? text : {}])),
        ['a'],
      ),
    ),
  )
  expect(scores).toEqual([...scores].sort())
  expect(scores.at(-1)).toBe(1)
})
