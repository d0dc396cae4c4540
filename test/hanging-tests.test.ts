import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { run } from './run-plumb.js'

/* What continuous integration rests on: no test can keep it from ending, and what is known by then is told. */

const root = join(import.meta.dirname, '..')
let folder = ''

const config = `export default { test: { pool: 'forks', isolate: false, maxWorkers: 2, include: ['*.test.mjs'],
  setupFiles: [${JSON.stringify(join(root, 'test/end-hanging-tests.ts'))}] } }`

const files = {
  'good.test.mjs': `test('passes', () => expect(1).toBe(1))
    test('fails', () => expect(1).toBe(2))`,
  'loop.test.mjs': `test('never gives way', () => { for (;;); }, 600)`,
  'hook.test.mjs': `beforeAll(() => { throw new Error('broken') })
    test('is not reached', () => expect(1).toBe(1))`,
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plumb-hanging-'))
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'))
  await writeFile(join(folder, 'vitest.config.mjs'), config)
  for (const [name, text] of Object.entries(files)) {
    await writeFile(
      join(folder, name),
      `import { beforeAll, expect, test } from 'vitest'\n${text}\n`,
    )
  }
})
afterAll(() => rm(folder, { recursive: true, force: true }))

test('a loop without end is named and ended, the others go on, and every result is written as it comes', async () => {
  const results = join(folder, 'results')
  const vitest = join(root, 'node_modules/vitest/vitest.mjs')
  const reporters = ['default', join(root, 'scripts/ci-reporter.mjs')].map(
    (one) => `--reporter=${one}`,
  )
  const { code, stdout, stderr } = await run([process.execPath, vitest, 'run', ...reporters], {
    cwd: folder,
    environment: { PLUMB_CI_RESULTS: results },
  })
  expect(code).toBe(1)
  expect(stdout + stderr).toMatch(/Ended after \d+ seconds: \S+loop\.test\.mjs > never gives way/)
  const lines = (await readFile(results, 'utf8')).trim().split('\n').sort()
  expect(lines.filter((line) => !line.includes('outside of tests'))).toEqual(
    [
      ['began', 'good.test.mjs'],
      ['began', 'hook.test.mjs'],
      ['began', 'loop.test.mjs'],
      ['ended', 'good.test.mjs'],
      ['ended', 'hook.test.mjs'],
      ['failed', 'good.test.mjs > fails'],
      ['failed', 'hook.test.mjs'],
      ['passed', 'good.test.mjs > passes'],
    ].map((line) => JSON.stringify(line)),
  )
})
