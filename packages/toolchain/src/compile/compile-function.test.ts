import { afterAll, beforeAll, expect, test } from 'vitest'
import { openRunnerPool, openSandbox } from '@plumb/runtime'
import type { RunnerPool, Sandbox } from '@plumb/runtime'
import { compileFunction, hashSource } from './compile-function.js'
import type { Diagnostic } from './diagnostic.js'

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

const source = `import { createAction } from 'nango'
import { createHash } from 'node:crypto'
import { z } from 'zod'
type Text = string
export default createAction({
  description: 'Hashes',
  input: z.object({ text: z.string() }),
  output: z.object({ hash: z.string() }),
  exec: async (_ctx, input) => ({ hash: createHash('sha256').update(input.text as Text).digest('hex') }),
})
`

async function failures(text: string): Promise<readonly Diagnostic[]> {
  const result = await compileFunction({ source: text, fileName: 'function.ts', pool })
  if (result.kind === 'compiled') throw new Error('It compiled.')
  return result.diagnostics
}

test('a function becomes one text with its definition and the hash of its source', async () => {
  const result = await compileFunction({ source, fileName: 'lib/hash-text.ts', pool })
  if (result.kind === 'failed') throw new Error(JSON.stringify(result.diagnostics))
  const { compiled } = result
  expect(compiled).toMatchObject({
    name: 'hash-text',
    fileName: 'lib/hash-text.ts',
    sourceHash: hashSource(source),
  })
  expect(compiled.definition).toMatchObject({ kind: 'action', description: 'Hashes' })
  expect(compiled.definition.inputSchema).toMatchObject({ required: ['text'] })
  expect(compiled.code).toContain('require("nango")')
  expect(compiled.code).not.toContain('input.text as Text')
})

test('a given name stands before that of the file', async () => {
  const result = await compileFunction({ source, fileName: 'function.ts', name: 'hash-text', pool })
  expect(result).toMatchObject({ kind: 'compiled', compiled: { name: 'hash-text' } })
})

test.each([
  ["import fs from 'node:fs'\nexport default fs", 1, '"node:fs"'],
  ["import { x } from './other.js'\nexport default x", 1, '"./other.js"'],
  ["\n\nconst a = require('child_process')\nexport default a", 3, '"child_process"'],
  ["export default import('zod')", 1, 'loads at run time'],
  ["export * from '/etc/passwd'", 1, '"/etc/passwd"'],
])('%j is refused where it stands', async (text, line, offending) => {
  const [first] = await failures(text)
  expect(first).toMatchObject({ line, behaviour: 'C5', severity: 'reject', code: 'build' })
  expect(first?.message).toContain(offending)
  expect(first?.message).toMatch(/^> \d+ \|.*\n +\| *\^/m)
})

test('a syntax error names its place', async () => {
  const [first] = await failures('export default {\n  a: ,\n}')
  expect(first).toMatchObject({ line: 2, column: 6, behaviour: 'T1' })
})

test('a file that defines no function, or fails while loading, is told as such', async () => {
  expect((await failures('export const a = 1'))[0]).toMatchObject({ code: 'definition' })
  expect((await failures("throw new Error('boom')"))[0]?.message).toContain('boom')
})
