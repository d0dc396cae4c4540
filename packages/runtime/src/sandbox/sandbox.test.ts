import { spawnSync } from 'node:child_process'
import { randomInt, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { openSync, readFileSync, realpathSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Readable } from 'node:stream'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { OpenTarget } from './escape/attack-target.js'
import { openTarget } from './escape/attack-target.js'
import { policyOf, runInBox } from './escape/run-attack.js'
import { detectSandboxes, openSandbox } from './open-sandbox.js'
import { findProcesses, readProcessFile } from './process-table.js'
import type { Sandbox, SandboxLauncher, SandboxPolicy } from './sandbox.js'

const available = (await detectSandboxes()).filter((found) => found.available)

let target: OpenTarget
let policy: SandboxPolicy

beforeAll(async () => {
  target = await openTarget()
  policy = policyOf('agent box', target)
})

afterAll(() => target.close())

async function textOf(stream: Readable): Promise<string> {
  let text = ''
  for await (const chunk of stream.setEncoding('utf8')) text += String(chunk)
  return text
}

/** A duration for `sleep` that nobody else uses, by which the host finds the process. */
const newSleep = () => `600.${randomInt(1e9, 9e9)}`

const sleepers = (duration: string) =>
  findProcesses((pid) => readProcessFile(pid, 'cmdline').startsWith(`sleep\0${duration}\0`))

/** Nothing here takes longer, so whatever does is stuck. */
const timeout = 50_000

/** Leaves behind what a box can: a background job, a new session, and an orphan of an orphan. */
const daemons = (duration: string) =>
  `sleep ${duration} & setsid sleep ${duration} & (setsid bash -c 'sleep ${duration} & disown' &) ; sleep 0.2`

describe.each(available)('$backend', ({ backend }) => {
  let sandbox: Sandbox

  beforeAll(async () => {
    sandbox = await openSandbox({ backend })
  })

  afterAll(() => sandbox.close())

  const shell = (script: string, changes: Partial<SandboxPolicy> = {}) =>
    sandbox.spawn({ ...policy, ...changes }, ['/bin/bash', '-c', script])

  const outputOf = async (script: string, changes: Partial<SandboxPolicy> = {}) => {
    const boxed = shell(script, changes)
    const [output] = await Promise.all([textOf(boxed.stdout), boxed.exited])
    return output
  }

  test('a program gets its folder, its environment and nothing else', async () => {
    const env = { GREETING: "it's; $(a) 'test'\n", EMPTY: '' }
    const output = await outputOf('pwd; env -0', { env })
    expect(output).toContain(`${target.workspace}\n`)
    expect(output).toContain(`GREETING=${env.GREETING}\0`)
    const names = output.slice(output.indexOf('\n') + 1).split('\0')
    const known = ['GREETING', 'EMPTY', 'PATH', 'PWD', 'SHLVL', 'TMPDIR', '_']
    expect(names.map((line) => line.split('=')[0] ?? '').filter((name) => name !== '')).toSatisfy(
      (found: string[]) => found.every((name) => known.includes(name)),
    )
  })

  test('the exit code is that of the program', async () => {
    expect(await shell('exit 7').exited).toEqual({ code: 7, signal: null })
  })

  test('stdin reaches the program when it is asked for', async () => {
    const boxed = sandbox.spawn(policy, ['cat'], { stdio: ['pipe', 'pipe', 'ignore'] })
    boxed.stdin.end('through')
    expect(await textOf(boxed.stdout)).toBe('through')
  })

  test('descriptor 3 is a channel in both directions, and ends with the program', async () => {
    const boxed = shell('read line <&3; echo "got $line" >&3')
    boxed.channel.write('question\n')
    expect(await textOf(boxed.channel)).toBe('got question\n')
    await boxed.exited
  })

  test('the channel carries more than a pipe holds', async () => {
    const code = `const channel = new (require('net').Socket)({ fd: 3 }); channel.pipe(channel)`
    const boxed = sandbox.spawn({ ...policyOf('runner', target) }, [process.execPath, '-e', code])
    const sent = Buffer.alloc(4_000_000, 'x')
    boxed.channel.end(sent)
    expect((await textOf(boxed.channel)).length).toBe(sent.length)
    await boxed.exited
  })

  test('the workspace can be written and read-only files can be read', async () => {
    const name = randomUUID()
    const output = await outputOf(
      `cat ${target.readOnlyFile}; mkdir a-${name}; echo made > a-${name}/file; mv a-${name} ${name}`,
    )
    expect(output).toBe('rules')
    expect(readFileSync(join(target.workspace, name, 'file'), 'utf8')).toBe('made\n')
  })

  test('the socket of the policy answers', async () => {
    const code = `require('net').connect(${JSON.stringify(target.allowedSocket)}).pipe(process.stdout)`
    const { output } = await runInBox(sandbox, policy, code)
    expect(output).toBe('hello')
  })

  test('kill ends the program and everything that it has started', async () => {
    const duration = newSleep()
    const boxed = shell(`${daemons(duration)}; echo ready; sleep ${duration}`)
    await once(boxed.stdout, 'data')
    await expect.poll(() => sleepers(duration), { timeout: 30_000 }).toHaveLength(4)
    boxed.kill()
    expect(await boxed.exited).toEqual({ code: null, signal: 'SIGKILL' })
    expect(sleepers(duration)).toEqual([])
  })

  test('a program that ends by itself takes along what it has started', async () => {
    const duration = newSleep()
    const boxed = shell(`${daemons(duration)}; exit 3`)
    expect(await boxed.exited).toEqual({ code: 3, signal: null })
    expect(sleepers(duration)).toEqual([])
  })

  test('aborting kills, also when it happened before the start', async () => {
    const controller = new AbortController()
    const { signal } = controller
    const running = sandbox.spawn(policy, ['sleep', newSleep()], { signal })
    controller.abort()
    expect((await running.exited).signal).toBe('SIGKILL')
    const late = sandbox.spawn(policy, ['sleep', newSleep()], { signal })
    expect((await late.exited).signal).toBe('SIGKILL')
  })

  test('killing in the middle of the start leaves nothing behind', async () => {
    const duration = newSleep()
    const starting = Array.from({ length: 12 }, () => sandbox.spawn(policy, ['sleep', duration]))
    for (const [index, boxed] of starting.entries()) {
      if (index > 0) await new Promise((resolve) => setTimeout(resolve, index))
      boxed.kill()
    }
    await Promise.all(starting.map((boxed) => boxed.exited))
    const left = findProcesses((pid) => readProcessFile(pid, 'cmdline').includes(`\0${duration}\0`))
    expect(left).toEqual([])
  })

  test('closing ends what is still running', async () => {
    const own = await openSandbox({ backend })
    const duration = newSleep()
    const boxed = own.spawn(policy, ['bash', '-c', `${daemons(duration)}; echo ready; sleep 600`])
    await once(boxed.stdout, 'data')
    await own.close()
    expect(sleepers(duration)).toEqual([])
  })

  test('a program that does not exist is an exit code, not an exception', async () => {
    const boxed = sandbox.spawn(policy, ['/usr/bin/no-such-program'])
    const [errors, exit] = await Promise.all([textOf(boxed.stderr), boxed.exited])
    expect(exit.code).toBeGreaterThan(0)
    expect(errors).not.toBe('')
  })

  describe('a launcher', () => {
    let launcher: SandboxLauncher

    beforeAll(async () => {
      launcher = await sandbox.writeLauncher(
        policy,
        join(target.workspace, '..', "it's a launcher"),
      )
    })

    const launch = (
      args: string[],
      options: { input?: string; env?: NodeJS.ProcessEnv; cwd?: string } = {},
    ) => spawnSync(launcher.path, args, { ...options, encoding: 'utf8', timeout })

    test('passes stdin, stdout, stderr and the exit code', () => {
      const result = launch(['-c', 'cat; echo wrong >&2; exit 9'], { input: 'in' })
      expect(result).toMatchObject({ stdout: 'in', stderr: 'wrong\n', status: 9 })
    })

    test.each([
      `'; touch "${'$'}OUT"; '`,
      '"; echo outside; "',
      '$(id)`id`',
      '--ro-bind / /',
      'a\nb\\\n$PATH %s \u0007 é',
      '',
    ])('takes %j as one word', (word) => {
      const result = launch(['-c', 'printf "%s|" "$#" "$@"', 'name', word, '--', '-c'])
      expect(result.stdout).toBe(`3|${word}|--|-c|`)
    })

    test('does not see the environment of its caller', () => {
      const env = { SECRET: target.secret, NODE_OPTIONS: '--no-such-option', BASH_ENV: '/nowhere' }
      const result = launch(['-c', 'env'], { env })
      expect(result.stdout).toContain('PATH=')
      expect(result.stdout).not.toContain(target.secret)
      expect(result.stderr).toBe('')
    })

    test('closes the descriptors that its caller left open', () => {
      const secret = openSync(target.siblingFile, 'r')
      const stdio = ['ignore', 'pipe', 'pipe', ...Array.from({ length: 30 }, () => secret)]
      const script = 'for fd in {3..40}; do cat <&"$fd"; done'
      const result = spawnSync(launcher.path, ['-c', script], { stdio: stdio as 'pipe'[], timeout })
      expect(String(result.stdout)).toBe('')
    })

    test('starts where its caller stands, if that is in the box', () => {
      launch(['-c', 'mkdir -p deep/er'])
      const deep = join(target.workspace, 'deep/er')
      expect(launch(['-c', 'pwd'], { cwd: deep }).stdout.trim()).toBe(realpathSync(deep))
      expect(launch(['-c', 'pwd'], { cwd: dirname(target.siblingFile) }).stdout.trim()).toBe(
        realpathSync(target.workspace),
      )
    })

    test('cannot reach its own parameters', () => {
      const result = launch([
        '-c',
        `ls ${JSON.stringify(`${launcher.path}.box`)}; cat "$0"`,
        launcher.path,
      ])
      expect(result.stdout).not.toMatch(/options|config|bwrap|landlock/)
    })

    test('kill ends what its boxes have left running', async () => {
      const duration = newSleep()
      // The caller gets its answer although the box goes on, because nothing holds its output.
      const script = `(${daemons(duration)}) >/dev/null 2>&1; sleep ${duration} >/dev/null 2>&1`
      const started = launch(['-c', `{ ${script}; } >/dev/null 2>&1 &`])
      expect(started.status).toBe(0)
      launcher.kill()
      for (let round = 0; round < 500 && sleepers(duration).length > 0; round += 1) launcher.kill()
      expect(sleepers(duration)).toEqual([])
    })

    test('once closed, refuses with 126', async () => {
      const closed = await sandbox.writeLauncher(policy, join(target.workspace, '..', 'closed'))
      await closed.close()
      const result = spawnSync(closed.path, ['-c', 'echo ran'], { encoding: 'utf8', timeout })
      expect(result).toMatchObject({ status: 126, stdout: '' })
      expect(result.stderr).toContain('plumb: ')
    })
  })
})
