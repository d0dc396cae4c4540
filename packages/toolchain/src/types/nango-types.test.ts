import { execFile } from 'node:child_process'
import { cp, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { parseDiagnostics } from './check-types.js'
import { nativeCompilerDirectory } from './native-compiler.js'
import { findTypeRoots } from './type-roots.js'

/** The flags that public collections of functions are compiled with. */
const flags = {
  target: 'es2022',
  lib: ['es2022'],
  module: 'node16',
  moduleResolution: 'node16',
  strict: true,
  noUnusedLocals: true,
  noUnusedParameters: true,
  noImplicitReturns: true,
  noImplicitOverride: true,
  exactOptionalPropertyTypes: true,
  noPropertyAccessFromIndexSignature: true,
  noUncheckedIndexedAccess: true,
  skipLibCheck: true,
  noEmit: true,
}
const folders: string[] = []

afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true })
})

async function openProject(): Promise<string> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'plumb-forms-')))
  folders.push(folder)
  const { paths, typesFolder } = findTypeRoots()
  const compilerOptions = { ...flags, types: ['node'], typeRoots: [typesFolder], paths }
  await writeFile(join(folder, 'package.json'), '{"type":"module"}')
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions }))
  return folder
}

async function diagnose(folder: string) {
  const compiler = join(nativeCompilerDirectory(), 'tsc')
  const output = await new Promise<string>((resolve) => {
    execFile(compiler, ['-p', folder, '--pretty', 'false'], { cwd: folder }, (_error, stdout) =>
      resolve(stdout),
    )
  })
  return parseDiagnostics(output).map(({ path, line, message }) => `${path}:${line} ${message}`)
}

/** What the compiler says first about `source`, which is a whole file. */
async function firstError(source: string): Promise<string> {
  const folder = await openProject()
  await writeFile(join(folder, 'function.ts'), source)
  const [first = 'none'] = await diagnose(folder)
  return first
}

test('every form in which existing functions are written compiles, and only what they expect to fail fails', async () => {
  const folder = await openProject()
  await cp(join(import.meta.dirname, '..', '..', 'test', 'forms'), folder, { recursive: true })
  expect(await diagnose(folder)).toEqual([])
})

test('existing functions are still checked', async () => {
  const source = `import { createAction } from 'nango'
    import { z } from 'zod'
    export default createAction({ description: 'x', input: z.object({}), output: z.object({ id: z.string() }),
      exec: async () => ({ id: 1 }) })`
  expect(await firstError(source)).toContain("'number' is not assignable to type 'string'")
})

const action = (body: string) => `import { createAction } from '@plumb/sdk'
  import { z } from 'zod'
  export default createAction({ description: 'x', input: z.object({ id: z.string() }), output: z.object({ id: z.string() }),
    exec: async (ctx, input) => { ${body}; return { id: input.id } } })`

const sync = (
  body: string,
  models = '{ Contact: z.object({ id: z.string(), name: z.string() }) }',
) =>
  `import { createSync } from '@plumb/sdk'
  import { z } from 'zod'
  export default createSync({ description: 'x', frequency: 'every hour', models: ${models},
    exec: async (ctx) => { ${body} } })`

test.each([
  ['getToken', action('await ctx.getToken()'), 'ctx.get, ctx.post'],
  ['credentials', action('(await ctx.getConnection()).credentials.token'), 'ctx.get, ctx.post'],
  [
    'uncontrolledFetch',
    action("await ctx.uncontrolledFetch({ url: new URL('https://a.example') })"),
    'ctx.get, ctx.post',
  ],
  [
    'an unknown option',
    action("await ctx.get({ endpoint: '/x', retry: 3 })"),
    "'retry' does not exist",
  ],
  [
    'a query',
    action("await ctx.get({ endpoint: '/x', query: { a: '1' } })"),
    'UseInstead<"params">',
  ],
  ['a body', action("await ctx.post({ endpoint: '/x', body: { a: '1' } })"), 'UseInstead<"data">'],
  ['a url', action("await ctx.get({ endpoint: '/x', url: '/x' })"), 'UseInstead<"endpoint">'],
  [
    'an answer not awaited',
    action("const r = ctx.get({ endpoint: '/x' }); void r.data"),
    "on type 'Promise<HttpResponse",
  ],
  [
    'an answer not parsed',
    action("const r = await ctx.get({ endpoint: '/x' }); void r.data.id"),
    "is of type 'unknown'",
  ],
  [
    'a wrong model name',
    sync("await ctx.batchSave([{ id: '1', name: 'x' }], 'Kontact')"),
    `'"Kontact"' is not assignable to parameter of type '"Contact"'`,
  ],
  [
    'a record without id',
    sync("await ctx.batchSave([{ name: 'x' }], 'Contact')"),
    "Property 'id' is missing",
  ],
  [
    'a record of another shape',
    sync("await ctx.batchSave([{ id: '1', name: 2 }], 'Contact')"),
    "'number' is not assignable to type 'string'",
  ],
  [
    'a model without id',
    sync('', '{ Contact: z.object({ name: z.string() }) }'),
    "Property 'id' is missing",
  ],
  ['a wrong frequency', sync('').replace('every hour', 'hourly'), '"hourly"'],
])('the first error about %s says what to do', async (_, source, words) => {
  expect(await firstError(source)).toContain(words)
})
