import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { openDatabase } from '@plumb/store'
import type { Database } from '@plumb/store'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Command } from 'commander'
import { loadOperations } from '../operations/index.js'
import { createProgram } from './program.js'

const operations = await loadOperations()

const main = fileURLToPath(new URL('../../bin/plumb.js', import.meta.url))
let folder = ''
/** Held open, so that its server is not started and stopped with every command. */
let db: Database

type Ended = { readonly code: number; readonly stdout: string; readonly stderr: string }

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plumb-cli-'))
  db = await openDatabase({ dataDir: join(folder, 'home') })
})

afterAll(async () => {
  await db?.close()
  await rm(folder, { recursive: true, force: true })
})

test('every operation explains itself and shows an example that starts with its name', async () => {
  const program = createProgram(operations, '1.0.0', async () => undefined)
  for (const { name, summary, examples } of operations) {
    expect(examples.length, name).toBeGreaterThan(0)
    for (const example of examples) expect(example).toMatch(new RegExp(`^plumb ${name}( |$)`))
    const words = name.split(' ')
    const command = words.reduce<Command | undefined>(
      (parent, word) => parent?.commands.find((one) => one.name() === word),
      program,
    )
    const help = command?.helpInformation() ?? ''
    expect(help.replace(/\s+/g, ' ')).toContain(summary)
    expect(help).toContain('--json')
  }
  for (const group of program.commands) expect(group.description(), group.name()).toMatch(/\S/)
  const { code, stdout } = await plumb('keys', 'create', '--help')
  expect(code).toBe(0)
  expect(stdout).toContain('$ plumb keys create')
})

test('every command is told that JSON is wanted, also below one that is a command itself', async () => {
  for (const { name, positionals = [] } of operations) {
    const told: unknown[] = []
    const program = createProgram(operations, '1.0.0', async (operation, { json }) => {
      told.push([operation.name, json])
    })
    const words = [...name.split(' '), ...positionals.map(() => 'x')]
    await program.parseAsync([...words, '--json'], { from: 'user' })
    expect(told, name).toEqual([[name, true]])
  }
})

test.each(['--version', '-V'])('%s is the version alone', async (flag) => {
  const { code, stdout } = await plumb(flag)
  expect(code).toBe(0)
  expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/)
  expect((await plumb(flag, '--nope')).code).toBe(0)
})

test('a mistyped command names the nearest one and ends as wrong usage', async () => {
  const { code, stderr } = await plumb('bild')
  expect(code).toBe(64)
  expect(stderr).toContain('Did you mean build?')
})

test('a missing argument and a wrong value are wrong usage, with the name', async () => {
  expect(await plumb('trace')).toMatchObject({ code: 64 })
  const { code, stderr } = await plumb('build', 'x.brief.yaml', '--concurrency', '0')
  expect(code).toBe(64)
  expect(stderr).toContain('concurrency')
})

test('an error has message, remedy and page, also as JSON on stdout', async () => {
  const { code, stdout, stderr } = await plumb('build', 'nowhere.brief.yaml', '--json')
  expect(code).toBe(1)
  const { error } = JSON.parse(stdout) as { error: Record<string, string> }
  expect(error).toMatchObject({ code: 'brief-not-found', docs: 'docs/errors.md#brief-not-found' })
  expect(error['message']).toContain('nowhere.brief.yaml')
  expect(error['remedy']).not.toBe('')
  expect(stderr).not.toContain('    at ')
})

test('a bad brief is refused with its place, before anything is spent', async () => {
  await writeFile(
    join(folder, 'bad.brief.yaml'),
    'provider: github\nconnection: { integration: github, id: x }\ninteractions:\n  - id: A B\n    description: List things\n',
  )
  const { code, stderr } = await plumb('build', 'bad.brief.yaml')
  expect(code).toBe(1)
  expect(stderr).toMatch(/bad\.brief\.yaml:4:\d+/)
})

test('init writes a brief that the build accepts, and leaves what is there alone', async () => {
  await plumb('init', 'project', '--provider', 'slack')
  const brief = join(folder, 'project', 'briefs', 'slack.brief.yaml')
  await writeFile(brief, `${await readFile(brief, 'utf8')}# mine\n`)
  const again = await plumb('init', 'project', '--provider', 'slack')
  expect(again.stdout).toContain('kept')
  expect(await readFile(brief, 'utf8')).toContain('# mine')
  const { stderr } = await plumb('build', brief)
  expect(stderr).toContain('has no connection "test-account"')
})

test('a connection keeps its secret to itself', async () => {
  const secret = 'sk-very-secret-1'
  await writeFile(join(folder, 'c.json'), JSON.stringify({ kind: 'bearer', token: secret }))
  const base = ['--base-url', 'http://127.0.0.1:9', '--credential', 'c.json', '--json']
  const added = await plumb('connections', 'add', 'github', 'mine', ...base)
  expect(added.code).toBe(0)
  const listed = await plumb('connections', 'list', '--json')
  expect(JSON.parse(listed.stdout)).toMatchObject([{ connectionId: 'mine', state: 'ok' }])
  expect(added.stdout + added.stderr + listed.stdout).not.toContain(secret)
})

test('an integration keeps its base URL when another account is added to it', async () => {
  await writeFile(join(folder, 'd.json'), JSON.stringify({ kind: 'bearer', token: 'another' }))
  const url = ['--base-url', 'http://127.0.0.1:9']
  const credential = ['--credential', 'd.json']
  await plumb('connections', 'add', 'slack', 'one', ...url, ...credential)
  const { stdout } = await plumb('connections', 'add', 'slack', 'two', ...credential)
  expect(stdout).toContain('slack/two is stored.')
  expect(stdout).toContain('127.0.0.1:9')
})

test('with --json also wrong usage is JSON', async () => {
  const { code, stdout } = await plumb('build', 'x.brief.yaml', '--nope', '--json')
  expect(code).toBe(64)
  expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'usage' } })
  expect(stdout).toContain('--nope')
})

test('init for an API outside the catalog writes an entry that can be read and says what it lacks', async () => {
  const { stdout } = await plumb('init', 'own', '--provider', 'acme-crm')
  expect(stdout).toContain(join('own', 'providers', 'acme-crm.yaml'))
  const own = { cwd: join(folder, 'own'), home: '' }
  const { stdout: list } = await plumbIn(own, 'providers', '--json')
  expect(list).toContain('"acme-crm"')
  const { stderr } = await plumbIn(own, 'docs', 'search', 'acme-crm')
  expect(stderr).toContain('acme-crm.openapi.json')
  expect(stderr).not.toContain('Something broke')
})

test('an output folder that cannot be written is refused before anything starts', async () => {
  await plumb('init', 'project', '--provider', 'slack')
  await writeFile(join(folder, 'file'), '')
  const credential = ['--credential', 'd.json', '--base-url', 'http://127.0.0.1:9']
  await plumb('connections', 'add', 'slack', 'test-account', ...credential)
  const brief = join('project', 'briefs', 'slack.brief.yaml')
  const { code, stderr } = await plumb('build', brief, '--output', 'file')
  expect(code).toBe(1)
  expect(stderr).toContain('docs/errors.md#output-invalid')
})

test('Ctrl-C while the database is made ends as stopped, and the next command makes it', async () => {
  // On a busy machine all may be done before the signal is sent; then once more.
  let [home, ended] = ['', { code: 0 as number | null, told: '' }]
  for (let tries = 0; tries < 10 && ended.code === 0; tries += 1) {
    home = join(folder, `stopped-${tries}`)
    ended = await interrupted(home)
  }
  expect(ended).toEqual({ code: 130, told: expect.stringContaining('It was stopped.') })
  expect((await plumbIn({ cwd: folder, home }, 'connections', 'list')).code).toBe(0)
})

/** A command that gets Ctrl-C when it makes its database. */
async function interrupted(home: string): Promise<{ code: number | null; told: string }> {
  const env = { ...process.env, PLUMB_HOME: home, DATABASE_URL: '' }
  // In a group of its own, all of which gets the signal, as from a terminal.
  const child = spawn(process.execPath, [main, 'connections', 'list'], { env, detached: true })
  let told = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => void (told += text))
  const closed = once(child, 'close')
  while (child.exitCode === null && !(await isBeingFilled(home))) await sleep(5)
  if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGINT')
  const [code] = (await closed) as [number | null]
  return { code, told }
}

/** Whether PostgreSQL's own program has begun to write the new database. */
async function isBeingFilled(home: string): Promise<boolean> {
  const names = await readdir(home).catch(() => [])
  const fresh = names.find((name) => name.startsWith('new-'))
  return fresh !== undefined && existsSync(join(home, fresh, 'base', '1'))
}

function plumb(...args: string[]): Promise<Ended> {
  return plumbIn({ cwd: folder, home: join(folder, 'home') }, ...args)
}

function plumbIn(place: { cwd: string; home: string }, ...args: string[]): Promise<Ended> {
  const { cwd } = place
  const env = { ...process.env, PLUMB_HOME: place.home }
  return new Promise((resolve) => {
    execFile(process.execPath, [main, ...args], { cwd, env }, (error, stdout, stderr) => {
      const code = typeof error?.code === 'number' ? error.code : 0
      resolve({ code, stdout, stderr })
    })
  })
}
