import { openRunnerPool, openSandbox } from '@plumb/runtime'
import type { RunnerPool, Sandbox } from '@plumb/runtime'
import { compileFunction } from '@plumb/toolchain'
import type { Execution, Operation, ReceiptDraft } from '@plumb/protocol'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { knownParameters } from './known-parameters.js'
import { pagesFollowed } from './pages-followed.js'
import { checkInput } from './testing/check-input.js'
import * as sample from './testing/sample-attempt.js'
import type { Check } from './verification-input.js'

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

const sync = (body: string, members = '') => `import { createSync } from '@plumb/sdk'
import { z } from 'zod'

const Page = z.object({ issues: z.array(z.object({ id: z.number() })), has_more: z.boolean().optional() })
export default createSync({
  description: 'Keeps issues',
  version: '1.0.0',
  frequency: 'every hour',
  models: { Issue: z.object({ id: z.string() }) },${members}
  exec: async (ctx) => {
    ${body}
  },
})
`
const save = "await ctx.batchSave(page.issues.map(({ id }) => ({ id: String(id) })), 'Issue')"
const get = (params: string) =>
  `const page = Page.parse((await ctx.get({ endpoint: '/issues', params: ${params} })).data)`

const parameter = (name: string): Operation['parameters'][number] => ({
  ...{ name, in: 'query', required: false, description: '', schema: {}, style: null },
  explode: null,
})
const description = {
  ...sample.description,
  operations: sample.description.operations.map((one) => ({
    ...one,
    parameters: ['limit', 'offset', 'after', 'updated_since'].map(parameter),
    incrementalParameter: 'updated_since',
  })),
}

type Recorded = {
  readonly path: string
  readonly body: unknown
  readonly headers?: Record<string, string>
  readonly end?: Execution['endCheckpoint']
}

async function found(check: Check, source: string, recorded: Recorded): Promise<string[]> {
  const result = await compileFunction({ source, fileName: 'function.ts', pool })
  if (result.kind === 'failed') throw new Error(JSON.stringify(result.diagnostics))
  const dryRuns = [
    sample.dryRun(source, {
      functionKind: 'sync',
      outcome: { kind: 'returned', output: null },
      endCheckpoint: recorded.end ?? null,
    }),
  ]
  const draft = sample.draftReceipt('r-1', { path: recorded.path, body: recorded.body })
  const headers = { ...draft.response?.headers, ...recorded.headers }
  const drafts = [{ ...draft, response: { ...draft.response, headers } } as ReceiptDraft]
  const input = {
    ...checkInput({ source, compiled: result.compiled, dryRuns, drafts, pool, description }),
    deadlineMs: 100_000,
  }
  const findings = await check.run(input)
  return findings.map(({ behaviour, severity }) => `${behaviour} ${severity}`)
}

const two = { issues: [{ id: 1 }, { id: 2 }] }
const onePage = sync(`${get('{ limit: 50 }')}\n    ${save}`)
const turns = (condition: string) =>
  sync(`let offset = 0
    for (;;) {
      ${get('{ limit: 50, offset }')}
      ${save}
      offset += page.issues.length
      if (${condition}) break
    }`)
const limited = { path: '/issues?limit=50&offset=0', body: two }

test('a sync that stops although there is more is told', async () => {
  const first = { path: '/issues?limit=50', body: two }
  expect(await found(pagesFollowed, onePage, first)).toEqual(['E4 reject'])
  expect(
    await found(pagesFollowed, turns('offset > 100 || page.issues.length < 50'), limited),
  ).toEqual(['E4 reject'])
  const more = { ...first, body: { ...two, has_more: true } }
  expect(await found(pagesFollowed, onePage, more)).toEqual(['E4 reject'])
  const link = { ...first, headers: { link: '</issues?page=2>; rel="next"' } }
  expect(await found(pagesFollowed, onePage, link)).toEqual(['E4 reject'])
})

test('a sync that walks on, and one whose API has no pages, are right', async () => {
  expect(await found(pagesFollowed, turns('page.issues.length < 50'), limited)).toEqual([])
  const after = sync(`let after: number | undefined
    let more = true
    while (more) {
      ${get('{ after }')}
      ${save}
      after = page.issues.at(-1)?.id
      more = page.has_more === true && after !== undefined
    }`)
  const flagged = { path: '/issues', body: { ...two, has_more: false } }
  expect(await found(pagesFollowed, after, flagged)).toEqual([])
  const all = sync(`${get('{}')}\n    ${save}`)
  const byLink = sync(`const pages = ctx.paginate({
      endpoint: '/issues',
      paginate: { type: 'link', link_rel_in_response_header: 'next', response_path: 'issues', limit: 50, limit_name_in_request: 'limit' },
    })
    for await (const issues of pages) {
      const page = Page.parse({ issues })
      ${save}
    }`)
  expect(await found(pagesFollowed, byLink, { path: '/issues?limit=50', body: two })).toEqual([])
  const byCursor = sync(`let next: string | undefined
    do {
      const response = await ctx.get({ endpoint: '/issues', params: { limit: 50, after: next } })
      const page = Page.parse(response.data)
      ${save}
      next = z.object({ next_cursor: z.string().optional() }).parse(response.data).next_cursor
    } while (next)`)
  expect(await found(pagesFollowed, byCursor, { path: '/issues?limit=50', body: two })).toEqual([])
  const last = { path: '/issues?limit=50', body: { ...two, has_more: false, next_cursor: '' } }
  expect(await found(pagesFollowed, byCursor, last)).toEqual([])
  expect(await found(pagesFollowed, all, { path: '/issues', body: two })).toEqual([])
})

const from = (name: string) =>
  sync(
    `const kept = await ctx.getCheckpoint()
    ${get(`{ ${name}: kept?.at }`)}
    ${save}
    await ctx.saveCheckpoint({ at: '2026-01-02T00:00:00Z' })`,
    ' checkpoint: z.object({ at: z.string() }),',
  )
const kept = { path: '/issues', body: two, end: { at: '2026-01-02T00:00:00Z' } }

test('a checkpoint that is sent as a parameter which the API does not have is told', async () => {
  expect(await found(knownParameters, from('since'), kept)).toEqual(['E5 reject'])
  expect(await found(knownParameters, from('updated_since'), kept)).toEqual([])
  const unknown = { path: '/issues?colour=red&ids%5B%5D=1', body: two }
  expect(await found(knownParameters, onePage, unknown)).toEqual(['T3 warn', 'T3 warn'])
  expect(await found(knownParameters, onePage, { path: '/issues?limit=50', body: two })).toEqual([])
})
