import { mkdtemp, realpath, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openSandbox } from '@plumb/runtime'
import { expect, test } from 'vitest'
import { startScriptedModel, steps } from '../testing/scripted-model.js'
import { openOpenCode } from './open-code.js'
import { resolveModel } from './resolve-model.js'
import { mkdir, writeFile } from 'node:fs/promises'

test('spike', async () => {
  const root = await realpath(await mkdtemp(join(tmpdir(), 'plumb-oc-')))
  const model = await startScriptedModel(
    steps(
      { tool: 'bash', input: { command: 'pwd; id; env; cat /etc/shadow', description: 'x' } },
      { tool: 'write', input: { filePath: 'function.ts', content: 'x' } },
    ),
  )
  const sandbox = await openSandbox()
  const t0 = Date.now()
  const harness = await openOpenCode({
    directory: join(root, 'oc'),
    sandbox,
    environment: { PATH: process.env['PATH'] },
    models: [resolveModel('offline/scripted', { environment: {}, offline: model })],
  })
  console.log('open', Date.now() - t0)
  const ws = join(root, 'ws')
  await mkdir(ws)
  await writeFile(join(root, 'x'), '')
  const launcherPath = join(root, 'launcher')
  await sandbox.writeLauncher(
    {
      readOnly: [],
      writable: [{ outside: ws, inside: ws }],
      env: {},
      cwd: ws,
      sockets: [],
      limits: { memoryBytes: 1e9, cpuSeconds: 10, processes: 64, fileBytes: 1e6, tmpBytes: 1e6 },
    },
    launcherPath,
  )
  const session = await harness.startSession({
    workspace: { directory: ws, launcherPath, guide: 'GUIDE' },
    attemptId: 'a1',
    prompt: 'go',
    model: 'offline/scripted',
  })
  for await (const e of session.events) {
    console.log(Date.now() - t0, JSON.stringify(e).slice(0, 1500))
    if (e.kind === 'idle' || e.kind === 'failed') break
  }
  await session.close()
  await harness.close()
  await model.close()
  await sandbox.close()
  await rm(root, { recursive: true })
  expect(1).toBe(1)
}, 120000)
