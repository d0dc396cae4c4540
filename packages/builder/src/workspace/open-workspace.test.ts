import { execFile } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openSandbox } from '@plumb/runtime'
import type { Sandbox } from '@plumb/runtime'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { PlumbCalled } from './answer-box-request.js'
import { exportSubmission } from './export-submission.js'
import { openWorkspace } from './open-workspace.js'
import { changedProtectedFiles } from './protected-files.js'
import { serveBox } from './serve-box.js'
import type { Box } from './serve-box.js'
import { sampleActions, sampleTask } from './testing/sample-task.js'
import type { Workspace } from './workspace.js'

let root = ''
let sandbox: Sandbox
let workspace: Workspace
let box: Box
const calls: PlumbCalled[] = []

beforeAll(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), 'plumb-ws-')))
  sandbox = await openSandbox()
  workspace = await openWorkspace({ root, attemptId: 'att_1', sandbox, ...sampleTask() })
  box = await serveBox({
    workspace,
    handlers: sampleActions(),
    onCall: (call) => void calls.push(call),
  })
})

afterAll(async () => {
  await box.close()
  await workspace.close()
  await sandbox.close()
  await rm(root, { recursive: true })
})

type Ran = { code: number; stdout: string; stderr: string }

/** Runs a command as the agent's shell does. */
function shell(command: string, stdin = ''): Promise<Ran> {
  return new Promise((resolve) => {
    const { launcherPath, directory: cwd } = workspace
    const child = execFile(launcherPath, ['-c', command], { cwd }, (error, stdout, stderr) =>
      resolve({ code: Number(error?.code ?? 0), stdout, stderr }),
    )
    child.stdin?.end(stdin)
  })
}

/** Runs a file tool as the harness's plugin does. */
async function fileTool(tool: string, input: object): Promise<{ output?: string; error?: string }> {
  const { stdout } = await shell('exec plumb-files', JSON.stringify({ tool, input }))
  return JSON.parse(stdout) as { output?: string; error?: string }
}

test('holds the task, the skill, the draft and the types, and no version history', async () => {
  const { stdout } = await shell('ls -A; cat function.ts; ls node_modules/zod/package.json')
  for (const name of ['.agents', 'AGENTS.md', 'api.md', 'interaction.json', 'function.ts'])
    expect(stdout).toContain(`${name}\n`)
  expect(stdout).toContain('export default null')
  expect(stdout).not.toContain('.git')
  expect(stdout).toContain('node_modules/zod/package.json')
  const host = await shell('ls /root /home; ls -a ' + process.cwd())
  expect(host.stdout).not.toMatch(/\.git|package\.json|bash/)
})

test('tells the task and keeps what the agent must not know', async () => {
  const told = JSON.parse(
    await readFile(join(workspace.directory, 'interaction.json'), 'utf8'),
  ) as object
  expect(told).toMatchObject({
    id: 'create-note',
    kind: 'action',
    writes: 1,
    expectedStatuses: [409],
    integration: 'notes',
    namespace: workspace.namespace,
    suggestedOperation: 'notes.create',
  })
  expect(told).not.toHaveProperty('expect')
  expect(workspace.guide).toContain(workspace.namespace)
  expect(workspace.guide).toContain('Normal answers beside 2xx: 409')
  expect(workspace.guide).toContain('at most 1 call(s)')
  expect(workspace.guide).toContain('Is text required?')
  expect(workspace.guide).toContain('The account is empty.')
})

test('the plumb tool reaches the control side, with the contents of named files', async () => {
  const { code, stdout } = await shell(
    `echo '{"text":"from a file"}' > in.json; plumb request POST /notes --body @in.json`,
  )
  expect([code, JSON.parse(stdout)]).toMatchObject([
    0,
    { status: 200, body: { body: { text: 'from a file' } } },
  ])
  expect(calls.at(-1)).toMatchObject({
    kind: 'plumb-called',
    verb: 'request',
    args: ['request', 'POST', '/notes', '--body', '@in.json'],
    known: true,
    exitCode: 0,
  })
})

test('the exit code of a verb is the exit code of the tool, and unknown verbs are reported', async () => {
  expect((await shell('plumb dryrun')).code).toBe(1)
  const unknown = await shell('plumb dry-run --input {}')
  expect([unknown.code, JSON.parse(unknown.stdout)]).toMatchObject([
    64,
    { didYouMean: 'plumb dryrun' },
  ])
  expect(calls.at(-1)).toMatchObject({ known: false, exitCode: 64, verb: 'dry-run --input' })
})

test('a named file outside of the box does not exist for the tool either', async () => {
  const secret = join(root, 'secret.json')
  await writeFile(secret, '{"secret":1}')
  const { code, stdout } = await shell(`ln -s ${secret} link.json; plumb dryrun --input @link.json`)
  expect([code, stdout]).toEqual([64, expect.stringContaining('cannot be read')])
})

const edits = [
  'echo x > AGENTS.md',
  'sed -i s/e/x/ AGENTS.md',
  'rm -f interaction.json',
  'mv api.md other.md',
  'mv .agents other',
  'rm -rf .agents/skills',
  'echo x > new && mv -f new interaction.json',
  'chmod 777 AGENTS.md && echo x > AGENTS.md',
  'ln -sf function.ts api.md',
  'cp /bin/true "$(command -v plumb)"',
]

test.each(edits)('the task cannot be changed by: %s', async (command) => {
  expect((await shell(command)).code).not.toBe(0)
  expect(await changedProtectedFiles(workspace)).toEqual([])
})

test('a change that gets by the box is found by its hash', async () => {
  const path = join(workspace.directory, 'api.md')
  const before = readFileSync(path)
  await rm(path)
  await writeFile(path, 'rewritten')
  expect(await changedProtectedFiles(workspace)).toMatchObject([{ path: 'api.md' }])
  await writeFile(path, before)
  expect(await changedProtectedFiles(workspace)).toEqual([])
})

test('file tools read, write, edit, patch and search the workspace', async () => {
  await fileTool('write', { filePath: 'function.ts', content: 'const a = 1\nconst b = 1\n' })
  expect(
    await fileTool('edit', { filePath: 'function.ts', oldString: '1', newString: '2' }),
  ).toMatchObject({
    error: expect.stringContaining('stands 2 times') as string,
  })
  await fileTool('edit', {
    filePath: join(workspace.directory, 'function.ts'),
    oldString: 'a = 1',
    newString: 'a = $&',
  })
  const patchText =
    '*** Begin Patch\n*** Update File: function.ts\n@@\n const a = $&\n-const b = 1\n+const b = 3\n*** End Patch'
  await fileTool('apply_patch', { patchText })
  expect((await fileTool('read', { filePath: 'function.ts' })).output).toBe(
    '1: const a = $&\n2: const b = 3\n3: ',
  )
  expect((await fileTool('grep', { pattern: 'b = \\d', include: '*.ts' })).output).toBe(
    'function.ts:2: const b = 3',
  )
  expect((await fileTool('glob', { pattern: '**/SKILL.md' })).output).toBe(
    '.agents/skills/plumb-function/SKILL.md',
  )
  expect(await exportSubmission(workspace)).toMatchObject({
    kind: 'exported',
    files: [{ content: 'const a = $&\nconst b = 3\n' }],
  })
})

test.each([
  ['read', { filePath: '/etc/shadow' }],
  ['read', { filePath: '../../outside.txt' }],
  ['read', { filePath: 'link-outside' }],
  ['grep', { pattern: 'secret', path: 'link-outside' }],
  ['write', { filePath: 'link-outside', content: 'x' }],
  ['write', { filePath: 'AGENTS.md', content: 'x' }],
  ['write', { filePath: '../escaped.txt', content: 'x' }],
  [
    'edit',
    {
      filePath: '.agents/skills/plumb-function/SKILL.md',
      oldString: 'a',
      newString: 'b',
      replaceAll: true,
    },
  ],
])('the file tool %s with %j is refused', async (tool, input) => {
  const outside = join(root, 'outside.txt')
  await writeFile(outside, 'secret of the host')
  await shell(`ln -sfn ${outside} link-outside`)
  const answer = await fileTool(tool, input)
  expect(JSON.stringify(answer)).not.toContain('secret of the host')
  expect(answer.error ?? 'No matches found').toMatch(
    /read-only|does not exist|cannot be reached|leads out|No matches/,
  )
  expect(readFileSync(outside, 'utf8')).toBe('secret of the host')
  expect(existsSync(join(root, 'att_1', 'escaped.txt'))).toBe(false)
})

test('there is no network, no sibling and no environment of the host', async () => {
  await mkdir(join(root, 'att_2'), { recursive: true })
  const { stdout } = await shell(
    `ls ${root} 2>&1; env; cat /proc/1/environ | tr '\\0' '\\n'; (exec 3<>/dev/tcp/127.0.0.1/22) 2>&1 && echo connected`,
  )
  expect(stdout).not.toContain('att_2')
  expect(stdout).not.toContain('connected')
  expect(stdout).not.toMatch(/^(OPENCODE|ANTHROPIC|OPENAI|NODE_OPTIONS)/m)
})

function raw(text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = ''
    const socket = connect(workspace.socketPath)
    socket.setEncoding('utf8')
    socket.on('data', (chunk: string) => (answer += chunk))
    socket.on('end', () => resolve(answer))
    socket.on('error', reject)
    socket.end(text)
  })
}

test.each([
  '',
  'nonsense',
  '{"args":[1],"files":{}}',
  '{"args":[],"files":{},"attemptId":"other"}',
])('a malformed call %j is refused and the next one is served', async (text) => {
  expect(JSON.parse(await raw(text))).toMatchObject({ exitCode: 64 })
  expect(JSON.parse(await raw('{"args":["help"],"files":{}}'))).toMatchObject({ exitCode: 0 })
})

test('calls that come at once are served one after another', async () => {
  let running = 0
  let most = 0
  const check = async () => {
    running += 1
    most = Math.max(most, running)
    await new Promise((resolve) => setImmediate(resolve))
    running -= 1
    return { ok: true, findings: [] }
  }
  const socketPath = join(root, 'serial.sock')
  const own = await serveBox({
    workspace,
    socketPath,
    handlers: sampleActions({ check }),
    onCall: () => {},
  })
  const ask = () =>
    new Promise<void>((resolve) => {
      const socket = connect(socketPath).on('close', () => resolve())
      socket.resume().end('{"args":["check"],"files":{}}')
    })
  await Promise.all([ask(), ask(), ask(), ask()])
  await own.close()
  expect(most).toBe(1)
})

test('a folder inside a git repository is refused, and so is a second one for an attempt', async () => {
  await mkdir(join(root, 'project', '.git'), { recursive: true })
  const options = { sandbox, ...sampleTask() }
  await expect(
    openWorkspace({ ...options, root: join(root, 'project', 'deep'), attemptId: 'att_3' }),
  ).rejects.toMatchObject({
    code: 'workspace-invalid',
    message: expect.stringContaining('project') as string,
  })
  await expect(openWorkspace({ ...options, root, attemptId: 'att_1' })).rejects.toMatchObject({
    code: 'workspace-invalid',
  })
  await expect(openWorkspace({ ...options, root, attemptId: '../x' })).rejects.toMatchObject({
    code: 'workspace-invalid',
  })
})

test('nothing of a workspace is left once it is closed, not even a process', async () => {
  const other = await openWorkspace({ root, attemptId: 'att_4', sandbox, ...sampleTask() })
  const child = execFile(other.launcherPath, ['-c', 'echo up; sleep 600'])
  await new Promise((resolve) => child.stdout?.once('data', resolve))
  const exited = new Promise((resolve) => child.once('exit', resolve))
  await other.close()
  await exited
  expect(existsSync(join(root, 'att_4'))).toBe(false)
})
