import { existsSync, readFileSync } from 'node:fs'
import { mkdtemp, readFile, realpath, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TraceEventBody } from '@plumb/protocol'
import { openSandbox } from '@plumb/runtime'
import type { Sandbox } from '@plumb/runtime'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openOpenCode } from './agent/opencode/open-code.js'
import type { OpenCode } from './agent/opencode/open-code.js'
import { resolveModel } from './agent/opencode/resolve-model.js'
import { runAgent } from './agent/run-agent.js'
import type { AgentOutcome, AttemptOver, RunAgentOptions } from './agent/run-agent.js'
import { startScriptedModel, steps } from './agent/testing/scripted-model.js'
import type { ModelMessage, ModelTurn, ScriptedModel } from './agent/testing/scripted-model.js'
import { openWorkspace } from './workspace/open-workspace.js'
import { changedProtectedFiles } from './workspace/protected-files.js'
import { serveBox } from './workspace/serve-box.js'
import { sampleActions, sampleTask } from './workspace/testing/sample-task.js'
import type { Workspace } from './workspace/workspace.js'

let root = ''
let sandbox: Sandbox
let model: ScriptedModel
let harness: OpenCode
/** What the model does with the conversation whose first message holds the attempt's id. */
const scripts = new Map<string, (messages: readonly ModelMessage[]) => ModelTurn>()

function play(messages: readonly ModelMessage[]): ModelTurn {
  const text = JSON.stringify(messages)
  const found = [...scripts].find(([attemptId]) => text.includes(`<${attemptId}>`))
  return found?.[1](messages) ?? { say: 'Nothing to do.' }
}

const bash = (command: string): ModelTurn => ({
  tool: 'bash',
  input: { command, description: 'A command' },
})

beforeAll(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), 'plumb-open-code-')))
  sandbox = await openSandbox()
  model = await startScriptedModel(play)
  harness = await openOpenCode({
    directory: join(root, 'home'),
    sandbox,
    environment: { PATH: process.env['PATH'], SOME_API_KEY: 'key-of-the-host' },
    models: [resolveModel('offline/scripted', { environment: {}, offline: model })],
  })
})

afterAll(async () => {
  await harness.close()
  await model.close()
  await sandbox.close()
  await rm(root, { recursive: true })
})

type Attempt = {
  readonly outcome: AgentOutcome
  readonly bodies: TraceEventBody[]
  readonly calls: readonly Extract<TraceEventBody, { kind: 'tool-called' }>[]
}

/** Runs one attempt in a workspace of its own; `look` sees the workspace before it is deleted. */
async function attempt(
  attemptId: string,
  script: (messages: readonly ModelMessage[]) => ModelTurn,
  options: Partial<RunAgentOptions<AttemptOver>> & {
    look?: (workspace: Workspace) => Promise<void>
  } = {},
): Promise<Attempt> {
  scripts.set(attemptId, script)
  const workspace = await openWorkspace({
    root: join(root, 'ws'),
    attemptId,
    sandbox,
    ...sampleTask(),
  })
  let over: AttemptOver | null = null
  const submit = async () => {
    over = { kind: 'submitted' }
    return { kind: 'submitted', hash: 'abc' } as const
  }
  const box = await serveBox({ workspace, handlers: sampleActions({ submit }), onCall: () => {} })
  const bodies: TraceEventBody[] = []
  try {
    const outcome = await runAgent<AttemptOver>({
      harness,
      workspace,
      attemptId,
      prompt: `Work on <${attemptId}>.`,
      model: 'offline/scripted',
      budget: { seconds: 600 },
      isOver: () => over,
      onEvent: (body) => void bodies.push(body),
      signal: new AbortController().signal,
      retryDelayMs: 10,
      ...options,
    })
    await options.look?.(workspace)
    return { outcome, bodies, calls: bodies.filter((body) => body.kind === 'tool-called') }
  } finally {
    await box.close()
    await workspace.close()
  }
}

const submit = bash('plumb submit --operation notes.create')

test('an agent writes the function, uses the tool and hands in; the trace tells it all', async () => {
  const { outcome, bodies, calls } = await attempt(
    'att_honest',
    steps(
      { tool: 'skill', input: { name: 'plumb-function' } },
      { tool: 'read', input: { filePath: 'interaction.json' } },
      { tool: 'write', input: { filePath: 'function.ts', content: 'export default 1\n' } },
      bash('plumb drytun; exit 7'),
      bash('plumb dryrun --input {}'),
      submit,
    ),
    {
      look: async ({ directory }) =>
        expect(await readFile(join(directory, 'function.ts'), 'utf8')).toBe('export default 1\n'),
    },
  )
  expect(outcome).toMatchObject({
    kind: 'submitted',
    usage: { tokens: { input: 600, output: 60 } },
  })
  expect(calls.map(({ tool, status, exitCode }) => [tool, status, exitCode])).toEqual([
    ['skill', 'completed', null],
    ['read', 'completed', null],
    ['write', 'completed', null],
    ['bash', 'completed', 7],
    ['bash', 'completed', 0],
    ['bash', 'completed', 0],
  ])
  expect(calls[0]?.output).toContain('Writing one Plumb function')
  expect(calls[1]?.output).toContain('"suggestedOperation": "notes.create"')
  expect(calls[3]?.output).toContain('plumb dryrun')
  expect(bodies[0]).toMatchObject({ kind: 'session-started', harness: 'opencode' })
  expect(bodies[1]).toMatchObject({ kind: 'message', role: 'user', text: 'Work on <att_honest>.' })
  expect(bodies.at(-1)).toEqual({ kind: 'session-finished', reason: 'submitted' })
  const system = JSON.stringify(
    model.requests.find((messages) => JSON.stringify(messages).includes('att_honest')),
  )
  expect(system).toContain('Order of work')
})

test('no way out of the workspace, by shell or by file tool', async () => {
  const secret = join(root, 'secret.txt')
  await writeFile(secret, 'secret of the host')
  const { calls } = await attempt(
    'att_escape',
    steps(
      bash(
        `cat ${secret}; ln -s ${secret} link; cat link; env; cat /proc/*/environ | tr '\\0' '\\n'`,
      ),
      { tool: 'read', input: { filePath: secret } },
      { tool: 'read', input: { filePath: 'link' } },
      { tool: 'grep', input: { pattern: 'secret', path: 'link' } },
      { tool: 'write', input: { filePath: 'link', content: 'overwritten' } },
      { tool: 'write', input: { filePath: 'AGENTS.md', content: 'New rules.' } },
      { tool: 'edit', input: { filePath: 'api.md', oldString: 'Notes', newString: 'Other' } },
      bash('sed -i s/Notes/Other/ api.md AGENTS.md; echo {} > interaction.json'),
      {
        tool: 'bash',
        input: { command: 'pwd; ls', description: 'x', workdir: join(root, 'home') },
      },
      { tool: 'webfetch', input: { url: 'http://127.0.0.1/', format: 'text' } },
      { tool: 'task', input: { description: 'x', prompt: 'x', subagent_type: 'general' } },
      bash(
        `mkdir -p .opencode/plugin && echo '{"plugin":["./.opencode/plugin/x.js"]}' > opencode.json`,
      ),
      submit,
    ),
    { look: async (workspace) => expect(await changedProtectedFiles(workspace)).toEqual([]) },
  )
  const outputs = calls.map(({ output }) => output).join('\n')
  expect(calls).toHaveLength(13)
  expect(outputs).not.toContain('secret of the host')
  expect(outputs).not.toContain('scripted-secret-key')
  expect(outputs).not.toContain('key-of-the-host')
  expect(outputs).not.toContain('OPENCODE')
  expect(calls.slice(1, 7).map(({ status }) => status)).toEqual(Array(6).fill('error'))
  expect(calls[5]?.output).toMatch(/AGENTS.md" is read-only/)
  expect(calls[8]?.output).not.toContain('plumb-shell')
  expect(calls[9]?.tool).toBe('invalid')
  expect(calls[10]?.tool).toBe('invalid')
  expect(readFileSync(secret, 'utf8')).toBe('secret of the host')
})

test('a server that is killed is started again and the same session goes on', async () => {
  let killed = false
  const told: TraceEventBody[] = []
  const { outcome } = await attempt(
    'att_killed',
    (messages) => {
      const after = messages.filter(({ role }) => role === 'tool').length
      if (after === 0) return bash('echo before')
      return JSON.stringify(messages).includes('interrupted') ? submit : bash('sleep 30')
    },
    {
      onEvent: async (body) => {
        told.push(body)
        if (body.kind !== 'tool-called' || killed) return
        killed = true
        process.kill(await harness.serverPid(), 'SIGKILL')
      },
    },
  )
  expect(outcome.kind).toBe('submitted')
  expect(told.filter(({ kind }) => kind === 'harness-failed')).toMatchObject([
    { reason: 'server-died', willRetry: true },
  ])
  expect(told.filter(({ kind }) => kind === 'session-started')).toHaveLength(1)
})

test("a model that refuses is tried again, and its last word is not the agent's fault", async () => {
  const { outcome, bodies } = await attempt('att_refused', () => ({ status: 400 }))
  expect(outcome).toMatchObject({ kind: 'harness-failed', reason: 'model-failed' })
  expect(JSON.stringify(bodies)).toContain('400')
})

test('a hanging model ends with the time budget', async () => {
  const { outcome } = await attempt('att_hanging', () => ({ hang: true }), {
    budget: { seconds: 2 },
  })
  expect(outcome).toMatchObject({ kind: 'exhausted', budget: 'time', limit: 2 })
})

test('an agent that only claims to be done is reminded, then has given up', async () => {
  const { outcome, bodies } = await attempt('att_claims', steps({ say: 'All tests pass.' }))
  expect(outcome).toMatchObject({ kind: 'gave-up', lastMessage: 'All tests pass.' })
  expect(bodies.filter((body) => body.kind === 'message' && body.role === 'user')).toHaveLength(2)
})

test('the same command again and again is stopped', async () => {
  const { outcome } = await attempt('att_loop', () => bash('plumb dryrun'), {
    budget: { repeatedCalls: 3 },
  })
  expect(outcome).toMatchObject({ kind: 'exhausted', budget: 'repeated-calls', used: 4 })
})

test('a session without a box runs nothing', async () => {
  const directory = join(root, 'ws')
  const launcherPath = join(root, 'no-launcher')
  scripts.set(
    'att_unboxed',
    steps(bash('id'), { tool: 'read', input: { filePath: '/etc/passwd' } }),
  )
  const workspace = { directory, launcherPath, guide: '' }
  const start = {
    workspace,
    attemptId: 'att_unboxed',
    prompt: '<att_unboxed>',
    model: 'offline/scripted',
  }
  const session = await harness.startSession(start)
  const calls: TraceEventBody[] = []
  for await (const event of session.events) {
    if (event.kind === 'trace' && event.body.kind === 'tool-called') calls.push(event.body)
    if (event.kind === 'idle') break
  }
  await session.close()
  expect(calls).toMatchObject([{ exitCode: 126 }, { status: 'error' }])
  expect(JSON.stringify(calls)).not.toContain('root:')
})

test('the database is kept as an artefact', async () => {
  const path = join(root, 'kept.db')
  await harness.saveDatabase(path)
  expect(
    (await stat(path)).size + (existsSync(`${path}-wal`) ? (await stat(`${path}-wal`)).size : 0),
  ).toBeGreaterThan(4_096)
  expect((await readFile(path)).subarray(0, 15).toString()).toBe('SQLite format 3')
})

test('a sandbox that does not box is noticed before any agent starts', async () => {
  const open: Sandbox = {
    ...sandbox,
    backend: sandbox.backend,
    spawn: (policy, command, options) => sandbox.spawn(policy, command, options),
    close: async () => {},
    writeLauncher: async ({ env }, path) => {
      const sign = Object.entries(env).map(([name, value]) => `export ${name}='${value}'\n`)
      await writeFile(path, `#!/bin/sh\n${sign.join('')}exec /bin/bash "$@"\n`, { mode: 0o755 })
      return { path, kill: () => {}, close: async () => {} }
    },
  }
  await expect(harness.check(open)).rejects.toMatchObject({ code: 'harness-unavailable' })
})
