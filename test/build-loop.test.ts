import { execFileSync, spawn } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startAccounts, type Accounts } from '@plumb/testbed/accounts'
import { afterAll, beforeAll, expect, test } from 'vitest'

/*
 * The whole story with real parts: OpenCode in boxes, PostgreSQL, the gateway, emulated accounts over HTTP. The
 * APIs are the made-up ones that nothing in Plumb was written for.
 */

const root = join(import.meta.dirname, '..')
const plumbPath = join(root, 'packages', 'app', 'bin', 'plumb.js')
const source = join(root, 'packages', 'testbed')

type Ended = { readonly code: number | null; readonly stdout: string; readonly stderr: string }
type Interaction = {
  readonly id: string
  readonly outcome: string
  readonly attempts: number
  readonly remedy: string | null
  readonly tokens: number
  readonly history: readonly { readonly id: string }[]
}

let project = ''
let accounts: Accounts
let first: Ended
let second: Ended

beforeAll(async () => {
  project = mkdtempSync(join(tmpdir(), 'plumb-story-'))
  execFileSync('git', ['init', '-q', '-b', 'main', project])
  writeFileSync(join(project, '.gitignore'), '.plumb/\n')
  writeFileSync(join(project, 'mine.txt'), 'not committed')
  accounts = await startAccounts({ only: ['crm'] })
  mkdirSync(join(project, 'providers'))
  cpSync(join(source, 'src', 'accounts', 'crm'), join(project, 'providers'), { recursive: true })
  for (const account of accounts.accounts) await connect(account.connectionId, account.credential)
  await connect('revoked', { kind: 'api-key', apiKey: 'revoked-long-ago' })
  writeBriefs()
  first = await plumb(['build', 'crm.brief.yaml', 'closed.brief.yaml', '--json'], (line, kill) => {
    if (line.includes('accepted ')) kill()
  })
  second = await plumb(['build', 'crm.brief.yaml', 'closed.brief.yaml', '--json'])
}, 800_000)

afterAll(async () => {
  await accounts.close()
  rmSync(project, { recursive: true, force: true })
})

test('a killed build goes on where it stopped, without building again what was accepted', () => {
  expect(first.code).toBeNull()
  const decided = [...first.stderr.matchAll(/\] accepted {2}(\S+)/g)].map(([, key]) => key)
  expect(decided.length).toBeGreaterThan(0)
  expect(second.stderr).toMatch(/continues: [1-9]\d* of \d+ are decided/)
  for (const key of decided) expect(second.stderr).not.toContain(key)
})

test('every honest interaction is accepted, and the closed account is blocked with a remedy', () => {
  const { interactions } = JSON.parse(second.stdout) as { interactions: Interaction[] }
  const outcomes = Object.fromEntries(interactions.map(({ id, outcome }) => [id, outcome]))
  expect(outcomes).toEqual({
    'create-contact': 'accepted',
    'get-contact': 'accepted',
    'sync-contacts': 'accepted',
    'closed-list-contacts': 'blocked',
  })
  const closed = interactions.find(({ id }) => id === 'closed-list-contacts')
  expect(closed?.remedy).toMatch(/reconnect/i)
  expect(closed?.tokens).toBe(0)
  expect(second.code).toBe(0)
})

test('the accepted functions are an integration whose tests replay the evidence', () => {
  const integration = join(project, 'integrations', 'crm')
  expect(existsSync(join(integration, 'actions', 'create-contact.ts'))).toBe(true)
  expect(existsSync(join(integration, 'syncs', 'sync-contacts.ts'))).toBe(true)
  const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs')
  const run = execFileSync(process.execPath, [vitest, 'run'], {
    cwd: integration,
    encoding: 'utf8',
  })
  expect(run).toMatch(/3 passed/)
})

test('the integration is committed on a branch, and the user keeps branch and working tree', () => {
  const git = (...args: string[]) =>
    execFileSync('git', ['-C', project, ...args], { encoding: 'utf8' })
  const branches = git('branch', '--list', 'plumb/*', '--format=%(refname:short)')
    .trim()
    .split('\n')
  expect(branches).toHaveLength(1)
  expect(git('show', '--stat', '--format=%s', branches[0] ?? '')).toContain('create-contact.ts')
  expect(git('symbolic-ref', '--short', 'HEAD').trim()).toBe('main')
  expect(git('status', '--porcelain', 'mine.txt')).toContain('?? mine.txt')
})

test('no secret is in anything that was written for people', () => {
  const secrets = accounts.accounts.map(({ credential }) =>
    credential.kind === 'api-key' ? credential.apiKey : JSON.stringify(credential),
  )
  for (const file of filesOf(project)) {
    if (file.includes('/.plumb/keys/')) continue
    const text = readFileSync(file, 'latin1')
    for (const secret of secrets) expect(text.includes(secret), file).toBe(false)
  }
})

test('an attempt can be read step by step afterwards', async () => {
  const report = readFileSync(join(project, 'plumb-report.json'), 'utf8')
  const { interactions } = JSON.parse(report) as { interactions: Interaction[] }
  const built = interactions.find(({ id }) => id === 'create-contact')
  const attempt = built?.history.at(-1)?.id ?? ''
  const { stdout, code } = await plumb(['trace', attempt])
  expect(code).toBe(0)
  expect(stdout).toContain('plumb submit')
})

function writeBriefs() {
  const brief = (connection: string, interactions: string) =>
    `provider: crm\nconnection: { integration: crm, id: ${connection} }\ninteractions:\n${interactions}`
  const connection = accounts.accounts[0]?.connectionId ?? ''
  writeFileSync(
    join(project, 'crm.brief.yaml'),
    brief(
      connection,
      [
        '  - id: create-contact',
        '    description: Create a contact with a name and an email address.',
        '    writes: 1',
        '  - id: get-contact',
        '    description: Get one contact by its id.',
        '  - id: sync-contacts',
        '    description: Keep a copy of all contacts.',
        '    kind: sync',
        '',
      ].join('\n'),
    ),
  )
  writeFileSync(
    join(project, 'closed.brief.yaml'),
    brief(
      'revoked',
      '  - id: closed-list-contacts\n    description: List the contacts.\n    expect: blocked\n',
    ),
  )
}

async function connect(connectionId: string, credential: unknown) {
  const account = accounts.accounts[0]
  const file = join(project, `${connectionId}.json`)
  writeFileSync(file, JSON.stringify(credential))
  const options = ['--base-url', account?.baseUrl ?? '', '--credential', file, '--provider', 'crm']
  const { code, stderr } = await plumb(['connections', 'add', 'crm', connectionId, ...options])
  rmSync(file)
  expect(code, stderr).toBe(0)
}

/** Runs the command in the project; `watch` sees each line of its progress and may kill it the hard way. */
function plumb(args: string[], watch?: (line: string, kill: () => void) => void): Promise<Ended> {
  const env = { ...process.env, PLUMB_HOME: join(project, '.plumb') }
  const child = spawn(process.execPath, [plumbPath, ...args], { cwd: project, env })
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString()
    watch?.(chunk.toString(), () => child.kill('SIGKILL'))
  })
  return new Promise((resolve) => {
    child.once('close', (code) => resolve({ code, stdout, stderr }))
  })
}

function filesOf(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => !file.includes('/node_modules/'))
}
