import {
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { mkdtemp, realpath, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { manifestSchema } from '@plumb/protocol'
import type { Manifest } from '@plumb/protocol'
import { compileProject } from './compile-project.js'
import type { ProjectCompilation } from './compile-project.js'
import { openCompileTools } from './compile-tools.js'
import type { CompileTools } from './compile-tools.js'

let tools: CompileTools
let root = ''
const { signal } = new AbortController()

beforeAll(async () => {
  tools = await openCompileTools()
})
afterAll(() => tools.close())
beforeEach(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), 'plumb compile é ')))
})
afterEach(() => rm(root, { recursive: true, force: true }))

function write(path: string, content: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true })
  writeFileSync(join(root, path), content)
}

function compile(directory = ''): Promise<ProjectCompilation> {
  return compileProject({ directory: join(root, directory), tools, signal })
}

function action(body = 'return { id: input.id }', imports = ''): string {
  return `import { createAction } from 'nango'
import { z } from 'zod'
${imports}
export default createAction({
  description: 'Reads one',
  input: z.object({ id: z.string() }),
  output: z.object({ id: z.string() }),
  exec: async (_nango, input) => { ${body} },
})
`
}

function manifest(): Manifest {
  return manifestSchema.parse(JSON.parse(readFileSync(join(root, '.plumb/manifest.json'), 'utf8')))
}

function snapshot(): Record<string, string> {
  const folder = join(root, '.plumb')
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
  const kept = files.filter((one) => one.isFile() && !one.parentPath.endsWith('cache'))
  return Object.fromEntries(
    kept.map(({ parentPath, name }) => {
      const path = join(parentPath, name)
      return [path, readFileSync(path, 'utf8')]
    }),
  )
}

/** Three good functions of which two share a file. */
function writeShop(): void {
  write('shop/actions/get-order.ts', action('return { id: clean(input.id) }', shared))
  write('shop/actions/get item ü.ts', action('return { id: clean(input.id) }', shared))
  write('shop/on-events/greet.ts', onEvent)
  write('shop/helpers/clean.ts', 'export const clean = (text: string): string => text.trim()\n')
}

const shared = "import { clean } from '../helpers/clean.js'"
const onEvent = `import { createOnEvent } from 'nango'
export default createOnEvent({
  description: 'Greets', event: 'post-connection-creation', exec: async () => undefined })
`

test('every function becomes a bundle and a line of the manifest, and equal input gives equal bytes', async () => {
  writeShop()
  const first = await compile()
  expect(first).toMatchObject({ functions: 3, compiled: 3, unchanged: 0, failed: 0, errors: [] })
  expect(manifest().functions).toMatchObject([
    { integration: 'shop', kind: 'action', name: 'get item ü', file: 'shop/actions/get item ü.ts' },
    { name: 'get-order', definition: { inputSchema: { required: ['id'] } } },
    { kind: 'on-event', bundle: 'bundles/shop/on-events/greet.cjs' },
  ])
  const bytes = snapshot()
  expect(Object.keys(bytes)).toHaveLength(4)
  rmSync(join(root, '.plumb'), { recursive: true })
  await compile()
  expect(snapshot()).toEqual(bytes)
})

test('only what depends on a changed file is compiled again', async () => {
  writeShop()
  await compile()
  expect(await compile()).toMatchObject({ compiled: 3, unchanged: 3, built: [] })
  write('shop/helpers/clean.ts', 'export const clean = (text: string): string => text\n')
  const { built, compiled } = await compile()
  expect(built).toEqual(['shop/actions/get item ü', 'shop/actions/get-order'])
  expect(compiled).toBe(3)
  const edited = snapshot()
  rmSync(join(root, '.plumb'), { recursive: true })
  await compile()
  expect(snapshot()).toEqual(edited)
})

test.each([
  ['an altered bundle', 'bundles/shop/actions/get-order.cjs', 'module.exports = 1'],
  ['a missing bundle', 'bundles/shop/actions/get-order.cjs', null],
  ['an altered manifest', 'manifest.json', '{}'],
  ['a missing manifest', 'manifest.json', null],
  ['a damaged cache', 'cache/compile.json', '{"functions":'],
  ['a cache of another form', 'cache/compile.json', 'aa\n{"key":"x"}'],
  ['a missing cache', 'cache/compile.json', null],
  ['a lock of a process that ended', 'cache/lock', '999999999'],
  ['a bundle of no function', 'bundles/gone/actions/x.cjs', 'x'],
])('%s does not change the result', async (_, path, content) => {
  writeShop()
  await compile()
  const whole = snapshot()
  const cache = join(root, '.plumb', path)
  if (content === null) rmSync(cache)
  else write(join('.plumb', path), content)
  write('shop/on-events/greet.ts', `${onEvent}\n`)
  expect(await compile()).toMatchObject({ compiled: 3, errors: [] })
  const text = (files: Record<string, string>) =>
    Object.entries(files).filter(([name]) => !name.endsWith('manifest.json'))
  expect(text(snapshot())).toEqual(text(whole))
  expect(manifest().functions).toHaveLength(3)
})

test('an error in a shared file is told once, fails all that use it, and is remembered', async () => {
  writeShop()
  write('shop/helpers/clean.ts', 'export const clean = (text: string): string => text.length\n')
  for (const unchanged of [0, 3]) {
    const result = await compile()
    expect(result).toMatchObject({ compiled: 1, failed: 2, unchanged })
    expect(result.errors).toMatchObject([
      { path: 'shop/helpers/clean.ts', line: 1, code: 'TS2322' },
    ])
    expect(result.errors[0]?.codeFrame).toContain('^')
    expect(manifest().functions.map(({ name }) => name)).toEqual(['greet'])
  }
  write('shop/helpers/clean.ts', 'export const clean = (text: string): string => text\n')
  expect(await compile()).toMatchObject({ compiled: 3, failed: 0, errors: [] })
})

test.each([
  ['broken syntax', action('return {'), 'build'],
  ['a missing import', action('return { id: y }', "import { y } from '../nowhere.js'"), 'build'],
  [
    'a name that is not exported',
    action('return { id: no }', "import { no } from '../x.js'"),
    'build',
  ],
  [
    'a module that is not allowed',
    action('return { id: f.sep }', "import f from 'node:path'"),
    'build',
  ],
  ['a module that throws', action(undefined, "throw new Error('boom')"), 'definition'],
  ['a module that never ends to load', action(undefined, 'process.exit()'), 'definition'],
  ['no default export', 'export const a = 1\n', 'definition'],
  ['another kind than its folder', onEvent, 'definition'],
  ['an unused name', action('const a = 1; return { id: input.id }'), 'TS6133'],
])('%s fails that function and no other', async (_, source, code) => {
  write('shop/x.ts', 'export const x = 1\n')
  write('shop/actions/bad.ts', source)
  write('shop/actions/good.ts', action())
  const result = await compile()
  expect(result).toMatchObject({ functions: 2, compiled: 1, failed: 1 })
  expect(result.errors.map((one) => one.code)).toContain(code)
  expect(new Set(result.errors.map(({ path }) => path))).toEqual(new Set(['shop/actions/bad.ts']))
  expect(manifest().functions.map(({ name }) => name)).toEqual(['good'])
})

test('files that import each other, type-only imports and JSON are fine', async () => {
  write(
    'shop/a.ts',
    "import { b } from './b.js'\nexport const a = (n: number): number => (n > 0 ? b(n - 1) : 0)\n",
  )
  write(
    'shop/b.ts',
    "import { a } from './a.js'\nexport const b = (n: number): number => a(n)\nexport type Text = string\n",
  )
  write('shop/data.json', '{"word":"x"}')
  const imports =
    "import { a } from '../a.js'\nimport type { Text } from '../b.js'\nimport data from '../data.json'"
  write(
    'shop/actions/x.ts',
    action('const id: Text = input.id + data.word + a(1); return { id }', imports),
  )
  expect(await compile()).toMatchObject({ compiled: 1, errors: [] })
})

test('packages that may be imported need not be installed, and fail only when used', async () => {
  const body =
    'const client: Client = await soap.createClientAsync("x"); return { id: client.id + input.id }'
  const imports =
    "import * as soap from 'soap'\nimport type { Client } from 'soap'\nimport { own } from 'own'\nown()"
  write(
    'plumb.config.ts',
    "import { defineConfig } from '@plumb/sdk/config'\nexport default defineConfig({ allowedPackages: ['own'] })\n",
  )
  write(
    'node_modules/own/package.json',
    '{"name":"own","version":"1.0.0","main":"i.js","types":"i.d.ts"}',
  )
  write('node_modules/own/i.js', 'exports.own = () => "ours"')
  write('node_modules/own/i.d.ts', 'export declare function own(): string')
  write('shop/actions/x.ts', action(body, imports))
  expect(await compile()).toMatchObject({ compiled: 1, errors: [] })
  const bundle = readFileSync(join(root, '.plumb/bundles/shop/actions/x.cjs'), 'utf8')
  expect(bundle).toContain('"ours"')
  expect(bundle).toContain('soap')
})

test('an integration that is a link is compiled once and listed under both names', async () => {
  write('shop/actions/x.ts', action())
  symlinkSync('shop', join(root, 'another-shop'))
  symlinkSync('nowhere.ts', join(root, 'shop/actions/dangling.ts'))
  const result = await compile()
  expect(result).toMatchObject({ functions: 2, compiled: 1, failed: 1 })
  expect(result.errors).toMatchObject([{ code: 'unreadable', path: 'shop/actions/dangling.ts' }])
  expect(manifest().functions).toMatchObject([{ integration: 'shop', linkedAs: ['another-shop'] }])
})

test('one integration or one file can be compiled without losing the others', async () => {
  write('package.json', '{}')
  write('a/actions/x.ts', action())
  write('b/actions/y.ts', action())
  await compile()
  write('b/actions/y.ts', action('return { id: 1 }'))
  expect(await compile('a')).toMatchObject({ functions: 1, unchanged: 1 })
  expect(manifest().functions).toHaveLength(2)
  expect(await compile('b/actions/y.ts')).toMatchObject({ functions: 1, failed: 1 })
  expect(manifest().functions.map(({ name }) => name)).toEqual(['x'])
})

test('an index.ts adds nothing that does not exist, and an action and a sync of one name are noted', async () => {
  write('index.ts', "import './shop/actions/x.js'\nimport './shop/actions/gone.js'\n")
  write('shop/actions/x.ts', action())
  write('shop/on-events/x.ts', onEvent)
  const { errors, warnings, compiled } = await compile()
  expect(compiled).toBe(2)
  expect(errors).toMatchObject([{ path: 'index.ts', line: 2, column: 9, code: 'index' }])
  expect(warnings.map(({ code }) => code)).toContain('name')
})

test('two syncs of one integration that keep the same model are noted, also when nothing has changed', async () => {
  const sync = `import { createSync } from 'nango'
import { z } from 'zod'
export default createSync({ description: 'Copies', frequency: 'every hour',
  models: { Order: z.object({ id: z.string() }) },
  exec: async (nango) => { await nango.batchSave([{ id: '1' }], 'Order') } })
`
  for (const path of ['shop/syncs/a', 'shop/syncs/b', 'bank/syncs/a']) write(`${path}.ts`, sync)
  for (const unchanged of [0, 3]) {
    const { compiled, warnings, ...counts } = await compile()
    expect({ compiled, unchanged: counts.unchanged }).toEqual({ compiled: 3, unchanged })
    const noted = warnings.filter(({ code }) => code === 'model')
    expect(noted).toMatchObject([{ path: 'shop/syncs/b.ts', severity: 'warn' }])
    expect(noted[0]?.message).toContain('"Order" is kept by shop/syncs/a.ts too')
  }
})

test.runIf(process.getuid?.() !== 0)(
  'a file that may not be read is told, and the others compile',
  async () => {
    write('shop/actions/open.ts', action())
    write('shop/actions/shut.ts', action())
    chmodSync(join(root, 'shop/actions/shut.ts'), 0)
    const { compiled, failed, errors } = await compile()
    expect({ compiled, failed }).toEqual({ compiled: 1, failed: 1 })
    expect(errors).toMatchObject([{ code: 'unreadable', path: 'shop/actions/shut.ts' }])
  },
)

test('two compilations of one folder at once leave one whole result', async () => {
  writeShop()
  await Promise.all([compile(), compile(), compile()])
  expect(await compile()).toMatchObject({ unchanged: 3, compiled: 3 })
  expect(readdirSync(join(root, '.plumb/cache'))).toEqual(['compile.json'])
})

test('an aborted compilation says so and leaves the last result', async () => {
  writeShop()
  await compile()
  const before = snapshot()
  write('shop/helpers/clean.ts', 'export const clean = (text: string): string => `${text}!`\n')
  const abort = new AbortController()
  const running = compileProject({ directory: root, tools, signal: abort.signal })
  setImmediate(() => abort.abort())
  await expect(running).rejects.toMatchObject({ code: 'cancelled' })
  expect(Object.keys(snapshot())).toEqual(Object.keys(before))
})

test('a file that does not parse hides no type error of another', async () => {
  write('acme/actions/torn.ts', 'export default createAction({')
  write('acme/actions/wrong.ts', action('return { id: input.id.length }'))
  const both = await compile()
  expect(both).toMatchObject({ compiled: 0, failed: 2 })
  expect(both.errors.map(({ path }) => path)).toContain('acme/actions/wrong.ts')
  rmSync(join(root, 'acme/actions/torn.ts'))
  expect(await compile()).toMatchObject({ compiled: 0, failed: 1 })
})
