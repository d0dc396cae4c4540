import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { endWithUs, OpenCodeServer } from './open-code-server.js'

let directory = ''
beforeEach(async () => (directory = await mkdtemp(join(tmpdir(), 'plumb-server-'))))
afterEach(() => rm(directory, { recursive: true }))

/** Where nobody asks how it ended, a process that has ended keeps its number. */
function isAlive(pid: number): boolean {
  try {
    if (process.platform !== 'linux') return process.kill(pid, 0)
    return !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch {
    return false
  }
}

async function program(script: string): Promise<string> {
  const path = join(directory, 'program')
  await writeFile(path, `#!/bin/sh\n${script}\n`)
  await chmod(path, 0o755)
  return path
}

test('the server ends when the process that started it is killed', async () => {
  const path = await program('echo $$ > "$1"; exec sleep 600')
  const pidPath = join(directory, 'pid')
  const words = JSON.stringify(['-c', endWithUs, 'plumb', path, pidPath])
  const source = `require('child_process').spawn('/bin/sh', ${words}, { stdio: ['pipe', 'ignore', 'ignore'] })`
  const starter = spawn(process.execPath, ['-e', source], { stdio: 'ignore' })
  let pid = 0
  for (let turn = 0; pid === 0 && turn < 5000; turn += 1) {
    await delay(20)
    pid = Number(await readFile(pidPath, 'utf8').catch(() => '0'))
  }
  expect(isAlive(pid)).toBe(true)
  starter.kill('SIGKILL')
  await once(starter, 'exit')
  for (let turn = 0; isAlive(pid) && turn < 5000; turn += 1) await delay(20)
  expect(isAlive(pid)).toBe(false)
})

test('a server that ends instead of listening is reported with what it said', async () => {
  const binary = await program('echo "no such flag" >&2; exit 3')
  const listener = { event: () => {}, resumed: () => {}, died: () => {} }
  const options = { binary, cwd: directory, env: {}, password: 'p' }
  const server = new OpenCodeServer(options, listener)
  await expect(server.running()).rejects.toMatchObject({
    code: 'harness-unavailable',
    message: expect.stringMatching(/ended with 3.*no such flag/) as string,
  })
  await server.close()
})
