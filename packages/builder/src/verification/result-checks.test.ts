import { describe, expect, test } from 'vitest'
import type { Execution, Operation, ReceiptDraft } from '@plumb/protocol'
import { expectedFailures } from './expected-failures.js'
import { listedForOne } from './listed-for-one.js'
import { operationFit } from './operation-fit.js'
import { overruledAnswers } from './overruled-answers.js'
import { personalSource } from './personal-source.js'
import { residueLeft } from './residue-left.js'
import { checkInput } from './testing/check-input.js'
import type { InputChange } from './testing/check-input.js'
import * as sample from './testing/sample-attempt.js'
import type { Check } from './verification-input.js'

async function found(check: Check, change: InputChange = {}): Promise<string[]> {
  const findings = await check.run(checkInput(change))
  return findings.map(({ behaviour, severity }) => `${behaviour} ${severity}`)
}

const run = (output: unknown, change: Partial<Execution> = {}) =>
  sample.dryRun(sample.readIssue, {
    outcome: { kind: 'returned', output: output as never },
    ...change,
  })

describe('expected failures', () => {
  const interaction = { ...sample.interaction, expectedStatuses: [404, 302] }
  const asked = (...statuses: number[]) =>
    found(expectedFailures, {
      interaction,
      drafts: statuses.map((status, at) => sample.draftReceipt(`r-${at}`, { status })),
    })
  test('prove nothing alone', async () => {
    expect(await asked(404)).toEqual(['A10 reject'])
    expect(await asked(404, 404)).toEqual(['A10 reject'])
  })
  test('are fine beside a success, and what is no failure is none', async () => {
    expect(await asked(404, 200)).toEqual([])
    expect(await asked(302)).toEqual([])
    expect(await asked(200)).toEqual([])
    expect(await found(expectedFailures, { drafts: [] })).toEqual([])
  })
})

describe('members that are written out', () => {
  const body = { id: '7', title: 'Leak', mail: 'a@b.example', status: 'open', type: 'bug' }
  const judged = (members: string, output: unknown, path = '/issues/7') =>
    found(overruledAnswers, {
      source: sample.readIssue.replace(
        'return z.object({ id: z.string(), title: z.string() }).parse(data)',
        `return { ...Issue.parse(data), ${members} }`,
      ),
      drafts: [sample.draftReceipt('r-1', { body: { data: body }, path })],
      dryRuns: [run(output)],
    })
  test('are told where the answer has a value', async () => {
    expect(await judged('mail: null', { id: '7', mail: null })).toEqual(['A9 reject'])
    expect(await judged("mail: ''", [{ id: '7', mail: '' }])).toEqual(['A9 reject'])
    expect(await judged("status: 'closed'", { id: '7', status: 'closed' })).toEqual(['A9 warn'])
    expect(await judged("status: 'open' as const", { issue: { id: '7', status: 'open' } })).toEqual(
      ['A9 warn'],
    )
  })
  test('are left alone where it has none, where they name a kind, or where they were asked for', async () => {
    expect(await judged('note: null', { id: '7', note: null })).toEqual([])
    expect(await judged("type: 'issue'", { id: '7', type: 'issue' })).toEqual([])
    expect(await judged("status: 'open'", { id: '7', status: 'open' }, '/issues?s=open')).toEqual(
      [],
    )
    expect(await judged('mail: null', { id: '7', mail: 'a@b.example' })).toEqual([])
    expect(await judged('mail: null', { id: '8', title: 'Other', mail: null })).toEqual([])
    expect(await found(overruledAnswers)).toEqual([])
  })
})

describe('one thing out of a list', () => {
  const issues = [1, 7, 9].map((id) => ({ id, title: `Issue ${id}` }))
  const withParameters = (...names: string[]): Operation[] =>
    sample.description.operations.map((one) =>
      one.id === 'issues.list'
        ? {
            ...one,
            parameters: names.map((name) => ({
              ...{ name, in: 'query' as const, required: false, description: '' },
              ...{ schema: {}, style: null, explode: null },
            })),
          }
        : one,
    )
  const judged = (query: string, o: { output?: unknown; body?: unknown; source?: string } = {}) =>
    found(listedForOne, {
      description: { ...sample.description, operations: withParameters('limit', 'ids', 'offset') },
      drafts: [sample.draftReceipt('r-1', { path: `/issues${query}`, body: o.body ?? { issues } })],
      dryRuns: [run(o.output ?? issues[1], { input: { id: 7 } })],
      ...(o.source !== undefined && { source: o.source }),
    })
  test('is to be asked for by its id', async () => {
    expect(await judged('')).toEqual(['E3 reject'])
    expect(await judged('?limit=30')).toEqual(['E3 reject'])
    expect(await judged('?note=7')).toEqual(['E3 reject'])
    expect(await judged('?offset=6&limit=1', { body: [issues[1]] })).toEqual(['E3 reject'])
    const walking = `for (const page of pages) {}\n${sample.readIssue}`
    expect(await judged('', { source: walking })).toEqual(['E3 warn'])
  })
  test('is fine when the API did the picking, and lists are lists', async () => {
    expect(await judged('?ids=7', { body: { issues: [issues[1]] } })).toEqual([])
    expect(await judged('', { output: { count: 3 } })).toEqual([])
    const byTitle = { input: { title: 'Issue 7' } }
    expect(
      await found(listedForOne, {
        drafts: [sample.draftReceipt('r-1', { path: '/issues', body: issues })],
        dryRuns: [run(issues[1], byTitle)],
      }),
    ).toEqual([])
    const noReader = sample.description.operations.filter(({ id }) => id !== 'issues.get')
    expect(
      await found(listedForOne, {
        description: { ...sample.description, operations: noReader },
        drafts: [sample.draftReceipt('r-1', { path: '/issues', body: issues })],
        dryRuns: [run(issues[1], { input: { id: 7 } })],
      }),
    ).toEqual([])
  })
})

describe('an operation beside the interaction', () => {
  const operation = (id: string, path: string, summary: string): Operation => ({
    ...(sample.description.operations[0] as Operation),
    ...{ id, path, summary },
  })
  const description = {
    ...sample.description,
    operations: [
      operation('notes.list', '/companies/{id}/notes', 'List the notes of a company'),
      operation('companies.list', '/companies', 'List companies'),
      operation('agents.list', '/agents', 'The people who write notes'),
      operation('notes.search', '/search/notes', 'Search notes'),
    ],
  }
  const interaction = {
    ...sample.interaction,
    id: 'list-notes',
    output: {},
    input: { id: 'string' },
  }
  const judged = (path: string) =>
    found(operationFit, {
      description,
      interaction: { ...interaction, description: 'List the notes of a company.' },
      drafts: [sample.draftReceipt('r-1', { path })],
    })
  test('is told', async () => {
    expect(await judged('/companies')).toEqual(['E3 warn'])
    expect(await judged('/agents')).toEqual(['E3 warn'])
  })
  test('is none when it is about the same thing, or when nothing is known of it', async () => {
    expect(await judged('/companies/7/notes')).toEqual([])
    expect(await judged('/search/notes')).toEqual([])
    expect(await judged('/somewhere')).toEqual([])
  })
})

describe('what is about people', () => {
  const body = {
    id: 7,
    email: 'Ada.Byron@crm.example',
    full_name: 'Ada Byron',
    phone: '+4412345678',
  }
  const judged = (line: string, drafts: ReceiptDraft[] = [sample.draftReceipt('r-1', { body })]) =>
    found(personalSource, { source: `${line}\n${sample.readIssue}`, drafts })
  test.each([
    '// Such as ada.byron@crm.example.',
    "const someone = 'Ada Byron'",
    '/* ada.byron [at] crm [dot] example */',
    'const phone = `+4412345678`',
  ])('is not written into the source: %s', async (line) => {
    expect(await judged(line)).toEqual(['H8 reject'])
  })
  test.each([
    '// Such as someone@example.com.',
    '// Adapted by Ada.',
    "const a = 'Ada Byronesque'",
  ])('is nobody the account knows: %s', async (line) => {
    expect(await judged(line)).toEqual([])
  })
  test('may be what the brief says', async () => {
    const interaction = { ...sample.interaction, description: 'Reads ada.byron@crm.example' }
    const source = `// ada.byron@crm.example\n${sample.readIssue}`
    const drafts = [sample.draftReceipt('r-1', { body })]
    expect(await found(personalSource, { source, drafts, interaction })).toEqual([])
  })
})

describe('what stays in the account', () => {
  const made = (executionId: string | null) =>
    sample.draftReceipt('r-1', {
      ...{ method: 'POST', path: '/issues', status: 201, body: { id: '81' }, executionId },
    })
  const removable = {
    ...sample.description,
    operations: [
      ...sample.description.operations,
      { ...(sample.description.operations[0] as Operation), id: 'd', method: 'DELETE' as const },
    ],
  }
  test('is told when nothing deletes it, and noted when it is the task', async () => {
    expect(await found(residueLeft, { drafts: [made(null)] })).toEqual(['H6 warn'])
    expect(await found(residueLeft, { drafts: [made('run-1')] })).toEqual(['H6 note'])
  })
  test('is nothing when it can be deleted or was', async () => {
    expect(await found(residueLeft, { drafts: [made(null)], description: removable })).toEqual([])
    const gone = sample.draftReceipt('r-2', { method: 'DELETE', path: '/issues/81', status: 204 })
    expect(await found(residueLeft, { drafts: [made(null), gone] })).toEqual([])
    const refused = { ...made(null), response: null }
    expect(await found(residueLeft, { drafts: [refused] })).toEqual([])
  })
})
