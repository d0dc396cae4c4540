import { execFile } from 'node:child_process'
import { cp, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const root = fileURLToPath(new URL('..', import.meta.url))
const plumb = join(root, 'packages/app/bin/plumb.js')
let place = ''

type Failure = { readonly test: string; readonly reason: string }
type Answer = {
  readonly ok: boolean
  readonly functions: number
  readonly unchanged: number
  readonly failed: number
  readonly tests: number
  readonly passed: number
  readonly failures: readonly Failure[]
  readonly linked: readonly unknown[]
}

beforeAll(async () => {
  place = await mkdtemp(join(tmpdir(), 'plumb-toolchain-'))
  for (const name of ['collection', 'collection-traps']) {
    const from = join(root, 'packages/testbed', name)
    await cp(from, join(place, name), { recursive: true, verbatimSymlinks: true })
  }
})

afterAll(async () => {
  await rm(place, { recursive: true, force: true })
})

function run(project: string, ...args: string[]): Promise<Answer> {
  const cwd = join(place, project)
  const options = { cwd, maxBuffer: 64 * 2 ** 20, timeout: 100_000 }
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [plumb, ...args, '--json'], options, (error, stdout, stderr) => {
      try {
        resolve(JSON.parse(stdout) as Answer)
      } catch {
        reject(new Error(`plumb ${args.join(' ')}: ${stderr || String(error)}`))
      }
    })
  })
}

/** What compat mode lets pass, and how strict mode names it. */
const traps = [
  ['granite-api/actions/answer-too-much', 'validation'],
  ['granite-api/actions/ask-twice', 'unknown-request'],
  ['granite-api/actions/forget-half', 'unused-recording'],
  ['granite-api/actions/poll-until-done', 'output-differs'],
  ['granite-api/actions/read-refused', 'resolved-error-status'],
  ['granite-api/actions/send-other-body', 'body-differs'],
  ['granite-api/syncs/save-unchecked', 'validation'],
] as const

describe('a project of functions in the authoring interface that exists', () => {
  it('compiles as a whole, and then costs nothing', { timeout: 120_000 }, async () => {
    const cold = await run('collection', 'compile')
    expect(cold).toMatchObject({ ok: true, functions: 55, failed: 0, unchanged: 0 })
    const warm = await run('collection', 'compile')
    expect(warm).toMatchObject({ ok: true, functions: 55, unchanged: 55 })
    const manifest = await readFile(join(place, 'collection/.plumb/manifest.json'), 'utf8')
    expect(manifest).toContain('tombstones')
  })

  it('passes its own tests, a linked folder once', { timeout: 120_000 }, async () => {
    const tested = await run('collection', 'test', '--compat')
    expect(tested.failures).toEqual([])
    expect(tested).toMatchObject({ ok: true, tests: 74, passed: 74 })
    expect(tested.linked).toHaveLength(1)
  })

  it('falls into traps that only strict replay sees', { timeout: 120_000 }, async () => {
    const lenient = await run('collection-traps', 'test', '--compat')
    expect(lenient.failures).toEqual([])
    const strict = await run('collection-traps', 'test')
    const found = strict.failures.map(({ test, reason }) => [test, reason])
    expect(found.sort()).toEqual(traps.map((trap) => [...trap]))
  })
})
