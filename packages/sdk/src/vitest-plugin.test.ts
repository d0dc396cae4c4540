import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, it } from 'vitest'

const repository = fileURLToPath(new URL('../../../', import.meta.url))
const plugin = fileURLToPath(new URL('./vitest-plugin.ts', import.meta.url))

let project: string
beforeEach(() => {
  project = mkdtempSync(join(tmpdir(), 'plumb-vitest-'))
  symlinkSync(join(repository, 'node_modules'), join(project, 'node_modules'))
  write('package.json', JSON.stringify({ type: 'module' }))
  write(
    'shop/actions/read.ts',
    `import { createAction } from 'nango'
     import { z } from 'zod'
     export default createAction({
       description: 'Read', version: '1.0.0', input: z.any(), output: z.any(),
       exec: async (nango, input) => (await nango.get({ endpoint: '/things/' + input.id })).data,
     })`,
  )
  const fixture = {
    input: { id: 7 },
    output: { name: 'seven' },
    api: { get: { '/things/7': { response: { name: 'seven' }, status: 200 } } },
  }
  write('shop/tests/read.test.json', JSON.stringify(fixture))
  write(
    'shop/tests/shop-read.test.ts',
    `import { expect, it } from 'vitest'
     import action from '../actions/read.js'
     it('gives what was recorded', async () => {
       const mock = new global.vitest.NangoActionMock({ dirname: __dirname, name: 'read', Model: 'Thing' })
       expect(await action.exec(mock, await mock.getInput())).toEqual(await mock.getOutput())
       expect(mock.get).toHaveBeenCalledWith({ endpoint: '/things/7' })
     })`,
  )
})
afterEach(() => rmSync(project, { recursive: true, force: true }))

function write(path: string, text: string): void {
  mkdirSync(dirname(join(project, path)), { recursive: true })
  writeFileSync(join(project, path), text)
}

function runVitest(test: string): string {
  write(
    'vitest.config.ts',
    `import { plumb } from ${JSON.stringify(plugin)}
     const conditions = ['source', 'node', 'import', 'default']
     export default { plugins: [plumb()], resolve: { conditions }, ssr: { resolve: { conditions } }, test: ${test} }`,
  )
  const vitest = join(repository, 'node_modules/vitest/vitest.mjs')
  const args = [vitest, 'run', '--root', project, '--reporter', 'json']
  const env = { ...process.env, NODE_OPTIONS: '' }
  const { stdout, stderr } = spawnSync(process.execPath, args, {
    encoding: 'utf8',
    cwd: project,
    env,
  })
  const report = /\{.*\}/s.exec(stdout)?.[0]
  if (report === undefined) throw new Error(stderr)
  const { numPassedTests, numTotalTests } = JSON.parse(report) as Record<string, number>
  return `${numPassedTests} of ${numTotalTests}`
}

it('runs generated tests of a project without a setup file', () => {
  expect(runVitest('{}')).toBe('1 of 1')
})

it('leaves the mocks to a setup file of the project', () => {
  write(
    'vitest.setup.ts',
    `import { NangoActionMock, NangoSyncMock } from 'nango/test'
     globalThis.vitest = { NangoActionMock: class extends NangoActionMock {}, NangoSyncMock }`,
  )
  expect(runVitest(`{ setupFiles: ['./vitest.setup.ts'] }`)).toBe('1 of 1')
})
