import { cp, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startAccounts } from '@plumb/testbed/accounts'
import type { Accounts } from '@plumb/testbed/accounts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { docCommands } from './doc-blocks.js'
import { runLine, runPlumb } from './run-plumb.js'
import type { Ended } from './run-plumb.js'

const root = join(import.meta.dirname, '..')
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

async function run(project: string, ...args: string[]): Promise<Answer> {
  const { stdout, stderr } = await runPlumb([...args, '--json'], { cwd: join(place, project) })
  if (stdout === '') throw new Error(`plumb ${args.join(' ')}: ${stderr}`)
  return JSON.parse(stdout) as Answer
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
  it('compiles as a whole, and then costs nothing', async () => {
    const cold = await run('collection', 'compile')
    expect(cold).toMatchObject({ ok: true, functions: 55, failed: 0, unchanged: 0 })
    const warm = await run('collection', 'compile')
    expect(warm).toMatchObject({ ok: true, functions: 55, unchanged: 55 })
    const manifest = await readFile(join(place, 'collection/.plumb/manifest.json'), 'utf8')
    expect(manifest).toContain('tombstones')
  })

  it('passes its own tests, a linked folder once', async () => {
    const tested = await run('collection', 'test', '--compat')
    expect(tested.failures).toEqual([])
    expect(tested).toMatchObject({ ok: true, tests: 74, passed: 74 })
    expect(tested.linked).toHaveLength(1)
  })

  it('falls into traps that only strict replay sees', async () => {
    const lenient = await run('collection-traps', 'test', '--compat')
    expect(lenient.failures).toEqual([])
    const strict = await run('collection-traps', 'test')
    const found = strict.failures.map(({ test, reason }) => [test, reason])
    expect(found.sort()).toEqual(traps.map((trap) => [...trap]))
  })
})

describe('the way of docs/toolchain.md, typed by somebody new', () => {
  let accounts: Accounts
  let folder = ''
  let token = ''
  const ended = new Map<string, Ended>()

  const type = (line: string) =>
    runLine(line, join(place, 'bin'), { cwd: folder, environment: { GITHUB_TOKEN: token } })
  const read = (path: string) => readFile(join(folder, path), 'utf8')
  const answerTo = async (line: string) =>
    JSON.parse((await type(`${line} --json`)).stdout) as unknown

  beforeAll(async () => {
    folder = join(place, 'newcomer')
    await mkdir(folder)
    accounts = await startAccounts({ only: ['github'] })
    const [account] = accounts.accounts
    if (account?.credential.kind !== 'oauth2') throw new Error('The account has no OAuth token.')
    token = account.credential.accessToken
    for (const line of docCommands('docs/toolchain.md')[0] ?? []) {
      const isNew = line.includes('connections add')
      ended.set(line, await type(isNew ? `${line} --base-url ${account.baseUrl}` : line))
    }
  }, 800_000)

  afterAll(() => accounts.close())

  const outputOf = (part: string) =>
    [...ended]
      .filter(([line]) => line.includes(part))
      .map(([, { stdout }]) => stdout)
      .join('\n')

  it('works as it is written, and the README says the same', async () => {
    const failed = [...ended].filter(([, { code }]) => code !== 0)
    expect(failed).toEqual([])
    expect(ended.size).toBe(10)
    expect(docCommands('README.md')).toContainEqual([...ended.keys()])
  })

  it('stops a write and shows it, and sends it when it may', async () => {
    const stopped = outputOf('dryrun create-issue')
    expect(stopped).toContain('was ended at its first write')
    expect(stopped).toContain('/repos/plumb-demo/handbook/issues')
    expect(stopped).toContain('The write was stopped.')
    const input = JSON.stringify({ owner: 'plumb-demo', repo: 'handbook', title: 'Typos' })
    const sent = await answerTo(`plumb dryrun create-issue --input '${input}' --allow-writes`)
    expect(sent).toMatchObject({
      result: 'returned',
      execution: { outcome: { output: { title: 'Typos' } }, calls: [{ status: 201, write: true }] },
    })
  })

  it('records nobody and no secret', async () => {
    const fixture = await read('github/tests/get-user.test.json')
    expect(fixture).not.toMatch(/plumb-demo|Plumb Demo|demo@/i)
    expect(fixture).not.toContain(token)
    expect(fixture).toContain('"receipt"')
    expect(outputOf('plumb record')).toContain('Replaced by pseudonyms')
  })

  it('leaves tests, a verdict and a manifest', async () => {
    expect(await read('github/tests/github-get-user.test.ts')).toContain('replayFunction')
    expect(outputOf('plumb test')).toContain('1 of 1 tests pass')
    expect(outputOf('plumb check')).toContain('3 of 3 functions pass')
    expect(await read('.plumb/manifest.json')).toContain('"name":"create-issue"')
    // The generated test also runs where nobody knows the provider.
    expect(await answerTo('plumb test --compat')).toMatchObject({ ok: true, passed: 1 })
  })

  it('completes its functions, and names the command that was meant', async () => {
    const [, [completion = ''] = []] = docCommands('docs/toolchain.md').slice(1)
    expect((await type(`${completion} && bash -n plumb-completion.bash`)).code).toBe(0)
    expect((await type('plumb completion --values functions')).stdout).toContain('github/get-user')
    const typo = await type('plumb dry-run get-user')
    expect(typo).toMatchObject({ code: 64, stdout: '' })
    expect(typo.stderr).toContain('Did you mean dryrun?')
  })

  it.each([
    ['dryrun get-usr', 'function-not-found', 'Did you mean'],
    ['dryrun get-user --connection nobody', 'connection-unknown', 'plumb connections'],
    [`dryrun get-user --input '{"id":'`, 'input-invalid', 'single quotes'],
    ['test nowhere', 'usage', 'Name a project'],
    ['test --filter nothing', 'function-not-found', ''],
    ['test --workers many', 'usage', 'plumb test --help'],
    ['create github action get-user', 'file-exists', 'Choose another name'],
  ])('says what to do after: plumb %s', async (line, code, remedy) => {
    const { error } = (await answerTo(`plumb ${line}`)) as {
      error: { code: string; remedy: string }
    }
    expect(error.code).toBe(code)
    expect(error.remedy).toContain(remedy)
  })
})
