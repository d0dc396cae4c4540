import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openRunnerPool, openSandbox } from '@plumb/runtime'
import type { RunnerPool, Sandbox } from '@plumb/runtime'
import { oracleNames } from './oracles/oracle.js'
import { verifyProject } from './verify-project.js'
import type { FunctionVerification } from './verify-project.js'

const collection = join(import.meta.dirname, '../../../testbed/collection')
let sandbox: Sandbox
let pool: RunnerPool
let runs = 0

beforeAll(async () => {
  sandbox = await openSandbox()
  pool = await openRunnerPool({ sandbox, size: 1 })
})
afterAll(async () => {
  await pool.close()
  await sandbox.close()
})

async function verified(
  place: string,
  project = collection,
): Promise<FunctionVerification | undefined> {
  const run = await verifyProject({
    directory: join(project, place),
    providers: new Map(),
    pool,
    ids: () => `run-${(runs += 1)}`,
    signal: new AbortController().signal,
  })
  expect(run.accepted + run.rejected + run.unproven).toBe(run.functions.length)
  return run.functions[0]
}

const asked = (one: FunctionVerification | undefined): string[] =>
  (one?.results ?? []).filter(({ ran }) => ran).map(({ oracle }) => oracle)

test('a function of a person is asked everything its recording allows, and what is left is said', async () => {
  const one = await verified('harbor-crm/actions/create-contact.ts')
  expect(one).toMatchObject({ function: 'harbor-crm/actions/create-contact', verdict: 'accepted' })
  expect(asked(one)).toEqual([...oracleNames, 'recording'])
  expect(one?.notAsked.map(({ oracle }) => oracle)).toEqual(['held-out', 'read-after-write'])
})

test('recordings in a mocks folder serve as well, written as the function asks', async () => {
  expect(asked(await verified('orchard-hr/actions/create-employee.ts'))).toEqual([
    ...oracleNames,
    'recording',
  ])
})

test('an address of its own is no reason not to be asked', async () => {
  expect(asked(await verified('harbor-crm/actions/get-account-summary.ts'))).toContain('mutation')
})

test('a checkpoint that nothing reads is found in a function that no agent wrote', async () => {
  const one = await verified('tundra-files/syncs/files.ts')
  expect(one?.verdict).toBe('rejected')
  const findings = one?.results.flatMap((result) => (result.ran ? result.findings : []))
  expect(findings).toContainEqual(expect.objectContaining({ behaviour: 'E5', severity: 'reject' }))
})

test('without a recording nothing is proven', async () => {
  const one = await verified('quarry-billing/actions/close-month.ts')
  expect(one?.verdict).toBe('unproven')
  expect(one?.notAsked[0]?.why).toMatch(/no recording/)
})

test('a function that returns something else than its recording says is rejected, as its test fails', async () => {
  const project = await mkdtemp(join(tmpdir(), 'plumb-recording-'))
  try {
    await cp(collection, project, { recursive: true })
    const path = join(project, 'harbor-crm/tests/create-contact.test.json')
    const fixture = JSON.parse(await readFile(path, 'utf8')) as { output: { id: string } }
    await writeFile(path, JSON.stringify({ ...fixture, output: { ...fixture.output, id: 'c-0' } }))
    const one = await verified('harbor-crm/actions/create-contact.ts', project)
    expect(one?.verdict).toBe('rejected')
    const told = one?.results
      .flatMap((result) => (result.ran ? result.findings : []))
      .filter(({ severity }) => severity === 'reject')
    expect(told).toMatchObject([{ check: 'recording', behaviour: 'T2', severity: 'reject' }])
    expect(told?.[0]?.message).toContain('"id" is recorded as "c-0", and is ')
  } finally {
    await rm(project, { recursive: true })
  }
})
