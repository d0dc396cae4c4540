import { openRunnerPool, openSandbox } from '@plumb/runtime'
import type { RunnerPool, Sandbox } from '@plumb/runtime'
import { compileFunction, fixtureFromReceipts } from '@plumb/toolchain'
import { afterAll, beforeAll, expect, test } from 'vitest'
import * as sample from '../verification/testing/sample-attempt.js'
import { pseudonymisedFixture } from './pseudonymised-fixture.js'

let sandbox: Sandbox
let pool: RunnerPool

beforeAll(async () => {
  sandbox = await openSandbox()
  pool = await openRunnerPool({ sandbox, size: 1 })
})
afterAll(async () => {
  await pool.close()
  await sandbox.close()
})

const body = { id: '7', title: 'Leak', email: 'ada.byron@crm.example', full_name: 'Ada Byron' }
const fields = 'z.object({ id: z.string(), email: z.string(), full_name: z.string() })'

async function made(exec: string) {
  const source = sample.readIssue
    .replaceAll('z.object({ id: z.string(), title: z.string() })', fields)
    .replace('return ', exec)
  const result = await compileFunction({ source, fileName: 'function.ts', pool })
  if (result.kind === 'failed') throw new Error(JSON.stringify(result.diagnostics))
  const { email, full_name } = body
  const { connection, baseUrl, provider } = sample
  const { receipts } = sample.signReceipts([sample.draftReceipt('r-1', { body })])
  const execution = sample.dryRun(source, {
    outcome: { kind: 'returned', output: { id: '7', email, full_name } },
  })
  const own = { execution, receipts, baseUrl, connection }
  const member = {
    ...{ ...own, source, compiled: result.compiled, fixture: fixtureFromReceipts(own) },
    ...{ interaction: sample.interaction, submission: sample.submit(source), path: 'x.ts' },
    ...{ model: 'm', tokens: 0, costUsd: 0, findings: [], checks: [] },
  }
  const tools = { provider, connection, pool, signal: new AbortController().signal }
  return pseudonymisedFixture({ ...tools, salt: 'a secret of the test' } as never, member)
}

test('what is about people has a pseudonym in the fixture of a build', async () => {
  const { fixture, findings } = await made('return ')
  const text = JSON.stringify(fixture)
  expect(text).not.toMatch(/ada\.|byron/i)
  expect(text).toContain('Leak')
  expect(fixture.output).toMatchObject({ id: '7' })
  expect(findings).toEqual([])
})

test('a recording that a function depends on stays as it is, and a person is told', async () => {
  const exec =
    "if (!JSON.stringify(data).includes(['Ada', 'Byron'].join(' '))) throw new Error('Another.')\n    return "
  const { fixture, findings } = await made(exec)
  expect(JSON.stringify(fixture)).toContain('Ada Byron')
  expect(findings).toMatchObject([{ behaviour: 'H8', severity: 'warn' }])
  expect(findings[0]?.message).not.toContain('Byron')
})
