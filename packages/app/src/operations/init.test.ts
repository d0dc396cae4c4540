import { readFile, symlink, mkdir } from 'node:fs/promises'
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ProjectCheck } from '../check/check-project.js'
import { openProjectFolder } from '../dryrun/testing/open-project-folder.js'
import type { TestProject } from '../dryrun/testing/open-project-folder.js'
import { check } from './check.js'
import { init } from './init.js'

type Written = { readonly written: string[]; readonly kept: string[] }
let project: TestProject

beforeAll(async () => {
  project = await openProjectFolder()
})

afterAll(() => project.close())

test('a new project passes its own check, and a second init changes nothing', async () => {
  const given = { directory: 'mine', provider: 'github' }
  const first = (await init.run(given, project.context)) as Written
  expect(first.written).toEqual(
    expect.arrayContaining([
      ...['package.json', 'tsconfig.json', 'plumb.config.ts', '.gitignore', 'AGENTS.md'].map(
        (name) => `mine/${name}`,
      ),
      'mine/github/actions/check-account.ts',
    ]),
  )
  const manifest = join(project.directory, 'mine/package.json')
  const before = await readFile(manifest, 'utf8')
  const second = (await init.run(given, project.context)) as Written
  expect([second.written, second.kept.length]).toEqual([[], first.written.length])
  expect(await readFile(manifest, 'utf8')).toBe(before)
  const result = (await check.run({ directory: 'mine' }, project.context)) as ProjectCheck
  expect(result).toMatchObject({ ok: true, functions: [{ id: 'github/actions/check-account' }] })
})

test('its tsconfig.json is one that an editor reads', async () => {
  await init.run({ directory: 'edited', provider: 'github' }, project.context)
  const folder = join(project.directory, 'edited')
  const modules = fileURLToPath(new URL('../../../../node_modules', import.meta.url))
  await mkdir(folder, { recursive: true })
  await symlink(modules, join(folder, 'node_modules'))
  const shown = execFileSync(
    process.execPath,
    [join(modules, 'typescript/bin/tsc'), '-p', folder, '--showConfig'],
    { encoding: 'utf8' },
  )
  expect(JSON.parse(shown)).toMatchObject({
    files: expect.arrayContaining(['./github/actions/check-account.ts']) as string[],
  })
})
