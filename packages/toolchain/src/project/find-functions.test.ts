import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { mkdtemp, realpath, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { findFunctions } from './find-functions.js'
import { functionId } from './project-function.js'
import { readProjectConfig } from './read-project-config.js'

let root = ''

beforeEach(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), 'plumb-find-')))
})
afterEach(() => rm(root, { recursive: true, force: true }))

function touch(...paths: string[]): void {
  for (const path of paths) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), '')
  }
}

const ids = async (place = ''): Promise<string[]> =>
  (await findFunctions(join(root, place))).map(functionId)

test('functions are known by their place; everything else is not one', async () => {
  touch('b/syncs/list.ts', 'a/on-events/greet.ts', 'a/actions/get.ts', 'a/models.ts')
  touch('a/actions/get.test.ts', 'a/actions/types.d.ts', 'a/actions/notes.md', 'a/tests/x.ts')
  touch(
    'a/actions/deep/x.ts',
    'node_modules/c/actions/x.ts',
    '.hidden/actions/x.ts',
    'dist/actions/x.ts',
  )
  touch('nango-integrations/actions/x.ts', 'a/nango-integrations/a/actions/x.ts')
  expect(await ids()).toEqual(['a/actions/get', 'a/on-events/greet', 'b/syncs/list'])
})

test('a link to an integration is another name of it, also when it comes first', async () => {
  touch('shop/actions/get.ts')
  symlinkSync('shop', join(root, 'a-shop'))
  symlinkSync('shop', join(root, 'shop-2'))
  symlinkSync('nowhere', join(root, 'broken'))
  symlinkSync('.', join(root, 'self'))
  expect(await findFunctions(root)).toEqual([
    {
      integration: 'shop',
      kind: 'action',
      name: 'get',
      file: join(root, 'shop/actions/get.ts'),
      linkedAs: ['a-shop', 'shop-2'],
    },
  ])
})

test('a project, an integration, a folder of one kind, or a file can be asked for', async () => {
  touch('package.json', 'a/actions/x.ts', 'a/syncs/y.ts', 'b/actions/z.ts')
  symlinkSync('a', join(root, 'c'))
  expect(await ids('a')).toEqual(['a/actions/x', 'a/syncs/y'])
  expect(await ids('a/syncs')).toEqual(['a/syncs/y'])
  expect(await ids('b/actions/z.ts')).toEqual(['b/actions/z'])
  expect(await ids('c')).toEqual(['a/actions/x', 'a/syncs/y'])
})

test('an integration folder may stand alone', async () => {
  touch('lone/actions/x.ts')
  expect(await ids('lone')).toEqual(['lone/actions/x'])
  expect(await ids('lone/actions/x.ts')).toEqual(['lone/actions/x'])
})

test('index.ts adds functions of folders that are passed over', async () => {
  touch('a/actions/x.ts', 'dist/actions/y.ts')
  writeFileSync(join(root, 'index.ts'), "import './a/actions/x.js'\nimport './dist/actions/y'\n")
  expect(await ids()).toEqual(['a/actions/x', 'dist/actions/y'])
})

test('nothing, and no folder, are errors that name the place', async () => {
  await expect(findFunctions(root)).rejects.toMatchObject({ code: 'function-not-found' })
  await expect(findFunctions(join(root, 'no'))).rejects.toThrow(`"${join(root, 'no')}"`)
})

test('the configuration is read, not run', async () => {
  const config = join(root, 'plumb.config.ts')
  expect(await readProjectConfig(root)).toMatchObject({ allowedPackages: [] })
  writeFileSync(config, "export default defineConfig({ allowedPackages: ['a'] })")
  expect(await readProjectConfig(root)).toMatchObject({ allowedPackages: ['a'] })
  writeFileSync(config, 'export default {\n  allowedPackages: [process.exit()],\n}')
  await expect(readProjectConfig(root)).rejects.toThrow(`${config}:2 holds "process.exit()"`)
  writeFileSync(config, "export default { allowedPackages: 'a' }")
  await expect(readProjectConfig(root)).rejects.toMatchObject({ code: 'config-invalid' })
})
