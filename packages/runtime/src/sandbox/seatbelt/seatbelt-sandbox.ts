import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { boxedProcess } from '../boxed-process.js'
import { defaultPath } from '../default-path.js'
import { insideScript, insideShell } from '../inside-script.js'
import { requireSamePlace } from '../require-same-place.js'
import type { Sandbox, SandboxLauncher, SandboxPolicy, SpawnOptions } from '../sandbox.js'
import { shellQuote } from '../shell-quote.js'
import { seatbeltProgram } from './detect-seatbelt.js'
import { seatbeltProfile } from './seatbelt-profile.js'

/**
 * Boxes made by macOS `sandbox-exec`. Untested: it has not been run on macOS yet. Known to be weaker than the Linux
 * backends: no system call filter, no process of its own table, temporary files without a size, and a process that
 * leaves its group outlives `kill`.
 */
export class SeatbeltSandbox implements Sandbox {
  readonly backend = 'seatbelt'
  readonly #folder = mkdtempSync(join(realpathSync(tmpdir()), 'plumb-box-'))
  readonly #running = new Set<() => Promise<void>>()

  spawn(policy: SandboxPolicy, command: readonly string[], options: SpawnOptions = {}) {
    const folder = join(this.#folder, randomUUID())
    const script = `${insideScript(policy.limits, 3)}\nexec "$@"`
    const words = [...boxWords(policy, folder), insideShell, '-c', script, 'box', ...command]
    const child = spawn('/usr/bin/env', words, {
      stdio: [...(options.stdio ?? (['ignore', 'pipe', 'pipe'] as const)), 'pipe'],
      cwd: policy.cwd,
      env: {},
      detached: true,
    })
    const settle = async () => {
      killGroup(child)
      rmSync(folder, { recursive: true, force: true })
      this.#running.delete(end)
    }
    const kill = () => killGroup(child)
    const boxed = boxedProcess(child, { kill, settle, signal: options.signal })
    const end = async () => {
      boxed.kill()
      await boxed.exited
    }
    this.#running.add(end)
    return boxed
  }

  async writeLauncher(policy: SandboxPolicy, path: string): Promise<SandboxLauncher> {
    const absolute = resolve(path)
    const inside = `${insideScript(policy.limits, 2)}\nexec ${insideShell} "$@"`
    const words = [...boxWords(policy, `${absolute}.box`), insideShell, '-c', inside, 'box']
    const command = `exec /usr/bin/env ${words.map(shellQuote).join(' ')} "$@"`
    const enter = `cd -- ${shellQuote(policy.cwd)} || exit 126`
    writeFileSync(absolute, `#!/bin/sh\n${enter}\n${command}\n`, { mode: 0o755 })
    const close = async () => rmSync(`${absolute}.box`, { recursive: true, force: true })
    return { path: absolute, kill: () => undefined, close }
  }

  async close(): Promise<void> {
    await Promise.all([...this.#running].map((end) => end()))
    rmSync(this.#folder, { recursive: true, force: true })
  }
}

/** Arguments of `env` up to the program: the environment, and the sandbox with its profile written to `folder`. */
function boxWords(policy: SandboxPolicy, folder: string): string[] {
  for (const mount of [...policy.readOnly, ...policy.writable, ...policy.sockets])
    requireSamePlace(mount, 'seatbelt')
  const temporary = policy.limits.tmpBytes === 0 ? null : join(folder, 'tmp')
  mkdirSync(temporary ?? folder, { recursive: true, mode: 0o700 })
  const profile = join(folder, 'profile.sb')
  writeFileSync(
    profile,
    seatbeltProfile(policy, { node: realpathSync(process.execPath), temporary }),
  )
  const env = {
    PATH: defaultPath,
    ...(temporary === null ? {} : { TMPDIR: temporary }),
    ...policy.env,
  }
  const variables = Object.entries(env).map(([name, value]) => `${name}=${value}`)
  return ['-i', ...variables, seatbeltProgram, '-f', profile]
}

function killGroup(child: ChildProcess): void {
  try {
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL')
  } catch {
    return
  }
}
