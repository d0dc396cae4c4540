import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openSandbox } from '@plumb/runtime'
import type { Sandbox } from '@plumb/runtime'
import { checkTypes, parseDiagnostics } from './check-types.js'
import type { SourceText } from './check-types.js'

const honest = join(import.meta.dirname, '..', '..', 'test', 'honest')
let sandbox: Sandbox
const signal = new AbortController().signal
const check = (...files: SourceText[]) => checkTypes({ files, sandbox, signal })

beforeAll(async () => {
  sandbox = await openSandbox()
})
afterAll(() => sandbox.close())

function action(body: string): string {
  return [
    "import { createAction } from 'nango'",
    "import { z } from 'zod'",
    'export default createAction({',
    "  description: 'x', input: z.object({ id: z.string() }), output: z.object({ id: z.string() }),",
    `  exec: async (ctx, input) => { ${body} } })`,
  ].join('\n')
}

test('honest functions pass together, in one run', async () => {
  const files = readdirSync(honest).map((name) => ({
    path: `actions/${name}`,
    content: readFileSync(join(honest, name), 'utf8'),
  }))
  expect(files.length).toBeGreaterThan(5)
  expect(await check(...files)).toEqual([])
})

test('an error names file, place and reason, and only the wrong file', async () => {
  const found = await check(
    { path: 'actions/good.ts', content: action('return { id: input.id }') },
    {
      path: 'actions/bad.ts',
      content: action('const n: number = input.id; return { id: String(n) }'),
    },
  )
  expect(found).toMatchObject([
    { path: 'actions/bad.ts', line: 5, code: 'TS2322', behaviour: 'T1' },
  ])
  expect(found[0]?.message).toContain("'string' is not assignable to type 'number'")
})

test.each([
  [
    'an unread answer',
    'const r = await ctx.get({ endpoint: "/x" }); return { id: r.data.id }',
    'TS18046',
  ],
  ['an unchecked index', 'const a: string[] = []; return { id: a[0] }', 'TS2322'],
  ['a parameter without type', 'const f = (a) => a; return { id: f(1) }', 'TS7006'],
  ['a context member that does not exist', 'await ctx.fetchAll(); return { id: "" }', 'TS2339'],
  ['a missing module', 'return import("./other.js")', 'TS2307'],
])('%s is an error', async (_, body, code) => {
  expect(
    (await check({ path: 'function.ts', content: action(body) })).map((one) => one.code),
  ).toContain(code)
})

test('configuration that is handed in changes nothing', async () => {
  const files = [
    { path: 'function.ts', content: action('const f = (a) => a; return { id: f(1) }') },
    { path: 'sub/tsconfig.json', content: '{"compilerOptions":{"strict":false}}' },
  ]
  await expect(check(...files, { path: 'tsconfig.json', content: '{}' })).rejects.toMatchObject({
    code: 'submission-invalid',
  })
  expect(await check(...files.slice(0, 1))).not.toEqual([])
})

test('a path that leaves the submission is refused', async () => {
  await expect(check({ path: '../x.ts', content: '' })).rejects.toMatchObject({
    code: 'submission-invalid',
  })
})

test('indented lines belong to the message before them, and lines without place are left out', () => {
  const output =
    'a.ts(1,2): error TS1: First.\n  More.\nerror TS5: Global.\nb.ts(3,4): error TS2: Second.'
  expect(parseDiagnostics(output).map(({ path, message }) => [path, message])).toEqual([
    ['a.ts', 'First.\n  More.'],
    ['b.ts', 'Second.'],
  ])
})
