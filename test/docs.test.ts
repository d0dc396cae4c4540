import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { starterProject } from '../packages/toolchain/src/create/starter-project.js'
import { nativeCompilerDirectory } from '../packages/toolchain/src/types/native-compiler.js'
import { docBlocks, docCommands, docFiles } from './doc-blocks.js'
import { run, runLine, runPlumb } from './run-plumb.js'

/* Everything in docs/functions.md and docs/testing.md is one project, and it works. */

const root = join(import.meta.dirname, '..')
const pages = ['docs/functions.md', 'docs/testing.md']
let place = ''
let project = ''

beforeAll(() => {
  place = mkdtempSync(join(tmpdir(), 'plumb-docs-'))
  project = join(place, 'project')
  const starter = { name: 'docs', integration: 'acme', checkEndpoint: '/me', version: '0.1.0' }
  const files = {
    ...starterProject(starter),
    ...Object.fromEntries(pages.flatMap((page) => [...docFiles(page)])),
    'acme/tests/get-contact.test.json': theOnly('json', 'docs/testing.md'),
  }
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(project, path)), { recursive: true })
    writeFileSync(join(project, path), text)
  }
  symlinkSync(join(root, 'node_modules'), join(project, 'node_modules'))
})

afterAll(() => rmSync(place, { recursive: true, force: true }))

function theOnly(language: string, page: string): string {
  const [found = '', ...others] = docBlocks(page).filter((block) => block.language === language)
  expect(others).toEqual([])
  return typeof found === 'string' ? found : found.text
}

test('every example has its types right in an editor', async () => {
  const compiler = join(nativeCompilerDirectory(), 'tsc')
  const checked = await run([compiler, '-p', project, '--pretty', 'false'], { cwd: project })
  expect(checked.stdout).toBe('')
  expect(checked.code).toBe(0)
})

test('every function compiles, without a warning', async () => {
  const ended = await runPlumb(['compile', '--strict', '--json'], { cwd: project })
  const { diagnostics, functions } = JSON.parse(ended.stdout) as {
    diagnostics: unknown[]
    functions: number
  }
  expect(diagnostics).toEqual([])
  const shown = pages.flatMap((page) => [...docFiles(page).keys()])
  const written = shown.filter((path) => /\/(actions|syncs|on-events)\//.test(path))
  expect(functions).toBe(written.length + 1)
})

test('the fixture and the generated test pass here and in plain vitest', async () => {
  const strict = await runPlumb(['test', '--json'], { cwd: project })
  expect(JSON.parse(strict.stdout)).toMatchObject({ ok: true, passed: 2, failed: 0 })
  const generated = await runPlumb(['generate', 'tests', '--json'], { cwd: project })
  expect(JSON.parse(generated.stdout)).toMatchObject({
    kept: ['acme/tests/acme-get-contact.test.ts'],
  })
  const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs')
  const plain = await run([process.execPath, vitest, 'run'], { cwd: project })
  expect(`${plain.stdout}${plain.stderr}`).toContain('1 passed')
  expect(plain.code).toBe(0)
})

test('the commands for continuous integration say which functions lack a fixture', async () => {
  const ended = []
  for (const line of docCommands('docs/testing.md').flat())
    ended.push(await runLine(line, join(place, 'bin'), { cwd: project }))
  expect(ended.map(({ code }) => code)).toEqual([0, 1])
  expect(ended[1]?.stdout).toContain('acme/actions/find-contact has no fixture')
})

test('existing projects compile and pass', async () => {
  const collection = join(place, 'collection', 'integrations')
  const from = join(root, 'packages', 'testbed', 'collection')
  cpSync(from, collection, { recursive: true, verbatimSymlinks: true })
  const lines = docCommands('docs/toolchain.md')[1] ?? []
  expect(lines).toHaveLength(2)
  for (const line of lines) {
    const ended = await runLine(line, join(place, 'bin'), { cwd: project })
    expect({ line, ...ended }).toMatchObject({ code: 0 })
  }
})
