import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readFile, readdir, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Execution, ReceiptDraft } from '@plumb/protocol'
import { openRunnerPool, openSandbox } from '@plumb/runtime'
import type { RunnerPool, Sandbox } from '@plumb/runtime'
import { replayFixture } from '@plumb/toolchain/replay'
import * as sample from '../verification/testing/sample-attempt.js'
import { assembleIntegration } from './assemble-integration.js'
import type { AcceptedFunction, AssemblyInput } from './assembly-input.js'

const run = promisify(execFile)
let sandbox: Sandbox
let pool: RunnerPool
let folder: string
let count = 0

beforeAll(async () => {
  sandbox = await openSandbox()
  pool = await openRunnerPool({ sandbox, size: 1 })
})
afterAll(async () => {
  await pool.close()
  await sandbox.close()
})
beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'plumb-assembly-')))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const listIssues = `import { createSync } from 'nango'
import { z } from 'zod'

const Issue = z.object({ id: z.string(), title: z.string(), seen: z.string(), token: z.string() })

export default createSync({
  description: 'All issues | with pages',
  frequency: 'every hour',
  scopes: ['issues:read'],
  models: { Issue },
  exec: async (nango) => {
    for await (const page of nango.paginate({
      endpoint: '/issues',
      paginate: { type: 'link', link_rel_in_response_header: 'next' },
    })) {
      const records = z.array(z.object({ id: z.string(), title: z.string() })).parse(page)
      const seen = new Date().toISOString()
      await nango.batchSave(records.map((one) => ({ ...one, seen, token: 'x'.repeat(Math.ceil(Math.random())) })), 'Issue')
    }
  },
})
`

function accepted(
  id: string,
  source: string,
  { drafts, ...change }: Partial<Execution> & { drafts: ReceiptDraft[] },
): AcceptedFunction {
  const { receipts } = sample.signReceipts(drafts)
  const execution = sample.dryRun(source, change)
  const { baseUrl } = sample
  return {
    interaction: { ...sample.interaction, id },
    submission: sample.submit(
      source,
      change.functionKind === 'sync' ? ['issues.list'] : ['issues.get'],
    ),
    execution,
    baseUrl,
    receipts,
    model: 'offline/builder',
    tokens: 1200,
    costUsd: 0,
    findings: [],
    checks: ['replay', 'types'],
  }
}

const readIssue = () =>
  accepted('read-issue', sample.readIssue, { drafts: [sample.draftReceipt('r-1')] })

function syncIssues(): AcceptedFunction {
  const next = {
    'content-type': 'application/json',
    link: `<${sample.baseUrl}/issues?page=2>; rel="next"`,
  }
  const page = (id: string, path: string, headers: Record<string, string>) => {
    const draft = sample.draftReceipt(`r-${id}`, { path, body: [{ id, title: `Issue ${id}` }] })
    return draft.response ? { ...draft, response: { ...draft.response, headers } } : draft
  }
  const saved = ['1', '2'].map((id) => ({
    id,
    title: `Issue ${id}`,
    seen: sample.startedAt,
    token: 'x',
  }))
  return accepted('sync-issues', listIssues, {
    drafts: [page('1', '/issues', next), page('2', '/issues?page=2', {})],
    functionKind: 'sync',
    input: null,
    outcome: { kind: 'returned', output: null },
    records: { Issue: { saved, updated: [], deleted: [] } },
  })
}

function input(members: AcceptedFunction[], change: Partial<AssemblyInput> = {}): AssemblyInput {
  const { provider, connection, description } = sample
  return {
    integration: 'acme',
    provider,
    connection,
    description,
    accepted: members,
    outputDirectory: folder,
    runId: 'run-1',
    salt: 'a secret of the test',
    sandbox,
    pool,
    deadlineMs: 100_000,
    ids: () => `assembly-${(count += 1)}`,
    signal: new AbortController().signal,
    ...change,
  }
}

const read = (path: string): Promise<string> =>
  readFile(join(folder, 'integrations', 'acme', path), 'utf8')

test('an integration holds sources, fixtures, tests, a README and the index of the evidence', async () => {
  const result = await assembleIntegration(input([readIssue(), syncIssues()]))
  expect(result).toMatchObject({ kind: 'assembled', commit: null })
  expect(await read('actions/read-issue.ts')).toBe(sample.readIssue)
  expect(await read('index.ts')).toBe(
    "import './actions/read-issue.js'\nimport './syncs/sync-issues.js'\n",
  )
  const evidence = JSON.parse(await read('evidence.json')) as {
    functions: { id: string; receipts: unknown[]; attempt: string }[]
  }
  expect(
    evidence.functions.map(({ id, receipts, attempt }) => [id, receipts.length, attempt]),
  ).toEqual([
    ['read-issue', 1, 'attempt-1'],
    ['sync-issues', 2, 'attempt-1'],
  ])
  const page = await read('README.md')
  expect(page).toContain('| [sync-issues](#sync-issues) | sync | All issues \\| with pages | 0 |')
  expect(page).toContain('`GET /issues/{id}`')
  expect(page).toContain('Scopes: `issues:read`.')
  expect(await readdir(join(folder, 'integrations'))).toEqual(['acme'])
})

test('the generated tests run with vitest, pass, and fail when the function or its fixture is changed', async () => {
  await assembleIntegration(input([readIssue(), syncIssues()]))
  const directory = join(folder, 'integrations', 'acme')
  const vitest = () =>
    run('npx', ['--no-install', 'vitest', 'run'], { cwd: directory }).then(({ stdout }) => stdout)
  expect(await vitest()).toMatch(/Tests\s.*2 passed/)
  await writeFile(
    join(directory, 'actions/read-issue.ts'),
    sample.readIssue.replace('.parse(data)', '.parse({ ...Object(data), title: "x" })'),
  )
  await expect(vitest()).rejects.toMatchObject({
    stdout: expect.stringMatching(/1 failed[\s\S]*1 passed/) as string,
  })
}, 240_000)

test('a fixture is replayed strictly: other requests, unused recordings and other results show', async () => {
  await assembleIntegration(input([readIssue(), syncIssues()]))
  const directory = join(folder, 'integrations', 'acme')
  const files = {
    function: join(directory, 'syncs/sync-issues.ts'),
    fixture: join(directory, 'tests/sync-issues.test.json'),
    provider: join(directory, 'provider.json'),
  }
  expect(await replayFixture(files)).toMatchObject({ failure: null, unused: [], unknown: [] })
  await writeFile(files.function, listIssues.replace("'/issues'", "'/tickets'"))
  expect((await replayFixture(files)).unknown[0]).toContain('/tickets')
  await writeFile(
    files.function,
    listIssues.replace('{ type:', '{ on_page: () => { throw new Error("stop") }, type:'),
  )
  const stopped = await replayFixture(files)
  expect(stopped.unused).toHaveLength(1)
  expect(stopped.failure).toContain('stop')
})

test('members that do not hold together are rejected and nothing is written', async () => {
  const wrong = readIssue()
  const result = await assembleIntegration(input([{ ...wrong, receipts: [] }, syncIssues()]))
  expect(result).toMatchObject({
    kind: 'rejected',
    findings: [{ interactionId: 'read-issue', check: 'assembly-replay' }],
  })
  expect(await readdir(folder)).toEqual([])
})

test('what a person has written or changed is not replaced silently', async () => {
  const action = join(folder, 'integrations', 'acme', 'actions')
  await mkdir(action, { recursive: true })
  await writeFile(join(action, 'read-issue.ts'), '// by hand\n')
  const result = await assembleIntegration(input([readIssue()]))
  expect(result).toMatchObject({ kind: 'conflict', paths: [join(action, 'read-issue.ts')] })
  expect(await read('actions/read-issue.ts')).toBe('// by hand\n')
  expect(await assembleIntegration(input([readIssue()], { overwrite: true }))).toMatchObject({
    kind: 'assembled',
  })
})

test('a later run keeps the functions of the earlier one, its own files may be replaced', async () => {
  await assembleIntegration(input([readIssue()]))
  await writeFile(join(folder, 'integrations', 'acme', 'notes.md'), 'mine\n')
  expect(await assembleIntegration(input([syncIssues()], { runId: 'run-2' }))).toMatchObject({
    kind: 'assembled',
  })
  expect(await read('index.ts')).toContain('read-issue')
  expect(await read('README.md')).toContain('## read-issue')
  expect(await read('notes.md')).toBe('mine\n')
  const renewed = accepted('read-issue', sample.readIssue.replace('Reads an', 'Gets an'), {
    drafts: [sample.draftReceipt('r-1')],
  })
  expect(await assembleIntegration(input([renewed], { runId: 'run-3' }))).toMatchObject({
    kind: 'assembled',
  })
  expect(await read('actions/read-issue.ts')).toContain('Gets an')
})

const git = (...args: string[]): Promise<string> =>
  run('git', ['-C', folder, '-c', 'user.name=A', '-c', 'user.email=a@b', ...args]).then(
    ({ stdout }) => stdout.trim(),
  )

test('in a git repository the files are committed on a branch of their own and nothing else moves', async () => {
  await git('init', '-q', '-b', 'main')
  await writeFile(join(folder, 'a.txt'), 'one\n')
  await git('add', '.')
  await git('commit', '-q', '-m', 'first')
  await writeFile(join(folder, 'a.txt'), 'two\n')
  await writeFile(join(folder, 'staged.txt'), 'staged\n')
  await git('add', 'staged.txt')
  const before = [
    await git('rev-parse', 'HEAD'),
    await git('branch', '--show-current'),
    await git('diff', '--cached', '--name-only'),
  ]
  const result = await assembleIntegration(input([readIssue()]))
  expect(result).toMatchObject({ kind: 'assembled', commit: { branch: 'plumb/acme-run-1' } })
  expect([
    await git('rev-parse', 'HEAD'),
    await git('branch', '--show-current'),
    await git('diff', '--cached', '--name-only'),
  ]).toEqual(before)
  const files = await git('ls-tree', '-r', '--name-only', 'plumb/acme-run-1')
  expect(files).toContain('integrations/acme/actions/read-issue.ts')
  expect(files).toContain('a.txt')
  expect(files).not.toMatch(/node_modules|staged\.txt/)
  expect(await git('show', 'plumb/acme-run-1:a.txt')).toBe('one')
  expect(await git('log', '-1', '--format=%B', 'plumb/acme-run-1')).toContain(
    '- read-issue: issues.get; 1 signed receipts',
  )
})

test('an output that git ignores is not committed', async () => {
  await git('init', '-q', '-b', 'main')
  await writeFile(join(folder, '.gitignore'), 'integrations/\n')
  expect(await assembleIntegration(input([readIssue()]))).toMatchObject({
    kind: 'assembled',
    commit: null,
  })
  expect(await git('branch', '--list', 'plumb/*')).toBe('')
})
