import { cp, mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openSandbox } from '@plumb/runtime'
import type { Sandbox } from '@plumb/runtime'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { openProject } from '../project/open-project.js'
import { SourceFiles } from '../project/source-files.js'
import { checkProjectTypes } from './check-project-types.js'

let sandbox: Sandbox
let root = ''
const { signal } = new AbortController()

beforeAll(async () => {
  sandbox = await openSandbox()
})
afterAll(() => sandbox.close())
beforeEach(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), 'plumb-check-')))
})
afterEach(() => rm(root, { recursive: true, force: true }))

async function check(): Promise<string[]> {
  const project = await openProject(root)
  const sources = new SourceFiles(root, {}, Date.now())
  const functions = project.functions.map((one) => ({ ...one, closure: sources.closure(one.file) }))
  const absentPackages = [...project.packages.absent]
  const order = { root, functions, absentPackages, folders: [], sandbox, signal }
  const found = await checkProjectTypes(order)
  return found.map(({ path, line, code }) => `${path}:${line} ${code}`)
}

const forms = (name: string): string => join(import.meta.dirname, '..', '..', 'test', name)

test('every form of existing functions compiles, and only what they expect to fail fails', async () => {
  await cp(forms('forms'), join(root, 'shop'), { recursive: true })
  expect(await check()).toEqual([])
})

test('packages that are not installed lend their types, or have none to complain about', async () => {
  await cp(forms('forms-absent'), join(root, 'shop'), { recursive: true })
  expect(await check()).toEqual([])
})

const action = (body: string, imports = ''): string => `import { createAction } from 'nango'
import { z } from 'zod'
${imports}
export default createAction({ description: 'x', input: z.object({}), output: z.object({ id: z.string() }),
  exec: async () => { ${body} } })
`

async function put(path: string, content: string): Promise<void> {
  await mkdir(join(root, path, '..'), { recursive: true })
  await writeFile(join(root, path), content)
}

test('a parameter without a type stays an error where no absent package can be the reason', async () => {
  await put('shop/actions/a.ts', action("const f = (a) => a; return { id: f('') }"))
  const soap = "import soap from 'soap'"
  await put('shop/actions/b.ts', action('const f = (a) => a; return { id: f(soap.x) }', soap))
  expect(await check()).toEqual(['shop/actions/a.ts:5 TS7006'])
})

test('other errors in a function of an absent package are told', async () => {
  const imports = "import type { AxiosResponse } from 'axios'\nimport unzipper from 'unzipper'"
  const body = 'const n: number = (await unzipper.Open.buffer(1)).files; return { id: n }'
  await put('shop/actions/a.ts', action(body, imports))
  expect((await check()).map((line) => line.split(' ')[1]).sort()).toEqual([
    'TS2322',
    'TS2322',
    'TS2345',
  ])
})

test('types that an installed package has are used instead of ours', async () => {
  await put('package.json', '{}')
  await put('node_modules/axios/package.json', '{"name":"axios","types":"i.d.ts"}')
  await put('node_modules/axios/i.d.ts', 'export type AxiosResponse = { mine: string }')
  const body = 'const r: AxiosResponse = { mine: "x" }; return { id: r.mine }'
  await put('shop/actions/a.ts', action(body, "import type { AxiosResponse } from 'axios'"))
  expect(await check()).toEqual([])
})
