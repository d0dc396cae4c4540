import { openRunnerPool, openSandbox } from '@plumb/runtime'
import type { RunnerPool, Sandbox } from '@plumb/runtime'
import { compileFunction } from '@plumb/toolchain'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { builtinsKept } from './builtins-kept.js'
import { excuses } from './excuses.js'
import { inputPaths } from './input-paths.js'
import { replayCoverage } from './replay-coverage.js'
import { checkInput } from './testing/check-input.js'
import * as sample from './testing/sample-attempt.js'
import type { Check, CheckInput } from './verification-input.js'

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

async function inputOf(source: string): Promise<CheckInput> {
  const result = await compileFunction({ source, fileName: 'function.ts', pool })
  if (result.kind === 'failed') throw new Error(JSON.stringify(result.diagnostics))
  const dryRuns = [sample.dryRun(source)]
  return {
    ...checkInput({ source, compiled: result.compiled, dryRuns, pool }),
    deadlineMs: 100_000,
  }
}

async function found(check: Check, source: string): Promise<string[]> {
  const findings = await check.run(await inputOf(source))
  return findings.map(({ behaviour, severity }) => `${behaviour} ${severity}`)
}

const honest = sample.readIssue
const encoded = '`/issues/${encodeURIComponent(input.id)}`'

test('an address that the caller chooses is told', async () => {
  const raw = honest.replace(encoded, '`/issues/${input.id}`')
  expect(await found(inputPaths, raw)).toEqual(['H7 warn'])
  const whole = honest.replace(encoded, "input.id.startsWith('https') ? input.id : `/issues/7`")
  expect(await found(inputPaths, whole)).toEqual(['H7 reject'])
})

test('an encoded value, and one that goes into the query, choose no address', async () => {
  expect(await found(inputPaths, honest)).toEqual([])
  const query = honest.replace(
    `endpoint: ${encoded}`,
    "endpoint: '/issues/7', params: { q: input.id }",
  )
  expect(await found(inputPaths, query)).toEqual([])
})

const first = (statements: string) =>
  honest.replace('const { data }', `${statements}\n    const { data }`)

test.each([
  first('const put = Object.assign\n    put(Math, { max: () => 0 })'),
  first(
    "const base = Reflect.get([], ['__pro', 'to__'].join('')) as object\n    Reflect.set(base, 'findLast', () => undefined)",
  ),
  first("Object.defineProperty(Array.from('').constructor.prototype, 'extra', { value: 1 })"),
  `${honest}\n;(Math as { max: unknown }).max = () => 0\n`,
])('a built-in object that is changed is told, however it was reached (%#)', async (source) => {
  expect(await found(builtinsKept, source)).toContain('B6 reject')
})

test('what a function does with its own values, and with built-in objects as they are, changes none', async () => {
  const own = first(
    "const seen = new Map([[1, new Set('a')]]); const made = Object.assign({}, { a: [3, 1].sort() }); class Own extends Error {}; await ctx.log(JSON.stringify([...seen, made, new Own('x').name, /(a)/.exec('a'), new URL('https://a.example').href, new Intl.NumberFormat('en').format(1)]))",
  )
  expect(await found(builtinsKept, honest)).toEqual([])
  expect(await found(builtinsKept, own)).toEqual([])
})

test('what no recorded run enters is told', async () => {
  const dead = `${honest}\nfunction elsewhere(id: string): string {\n  return id\n}\nexport const kept = elsewhere\n`
  expect(await found(replayCoverage, dead)).toEqual(['E8 warn'])
  const branches = [1, 2, 3, 4, 5, 6]
    .map((n) => `if (input.id === 'mode-${n}') { await ctx.log('mode ${n}') }`)
    .join('\n    ')
  const many = honest.replace('const { data }', `${branches}\n    const { data }`)
  expect(await found(replayCoverage, many)).toEqual(['E8 warn'])
})

test('functions that are used, and checks that throw, are no dead code', async () => {
  expect(await found(replayCoverage, honest)).toEqual([])
  const used = honest
    .replace(
      'import { z }',
      'const path = (id: string): string => {\n  return encodeURIComponent(id)\n}\nimport { z }',
    )
    .replace('encodeURIComponent(input.id)', 'path(input.id)')
    .replace(
      'const { data }',
      "if (input.id === '') { throw new Error('No id.') }\n    const { data }",
    )
  expect(await found(replayCoverage, used)).toEqual([])
})

test.each([
  '// Pagination is not needed because the list is short',
  '/* delete tracking is not supported here */',
  '// skipped for now',
  '// In a real implementation this would walk all pages',
])('the excuse %j is told', (comment) => {
  expect(excuses.run(checkInput({ source: `${comment}\n${honest}` }))).toMatchObject([
    { behaviour: 'E7', severity: 'warn', pointer: { line: 1 } },
  ])
})

test.each([
  '// Walks all pages',
  '// The API answers 404 when there is none',
  "const text = '// not needed because'",
])('%j is no excuse', (line) => {
  expect(excuses.run(checkInput({ source: `${line}\n${honest}` }))).toEqual([])
})
