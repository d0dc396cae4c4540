import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { Writable } from 'node:stream'
import { boxedProcess } from '../boxed-process.js'
import { createControlGroup } from '../control-group.js'
import { killProcess, untilNone } from '../process-table.js'
import type { Sandbox, SandboxLauncher, SandboxPolicy, SpawnOptions } from '../sandbox.js'
import { shellQuote } from '../shell-quote.js'
import { killAllMarked, killMarked, newBoxMark } from './box-mark.js'
import { landlockConfig } from './landlock-config.js'
import type { LandlockKernel } from './landlock-config.js'

export type LandlockParts = {
  readonly kernel: LandlockKernel
  /** Compiled `landlock-exec`. */
  readonly entry: string
  /** Folder for process groups, or null where RLIMIT_NPROC has to do. */
  readonly groupParent: string | null
}

/** Boxes made by a process that takes its own rights away before it becomes the program. */
export class LandlockSandbox implements Sandbox {
  readonly backend = 'landlock'
  readonly #parts: LandlockParts
  readonly #folder = mkdtempSync(join(tmpdir(), 'plumb-box-'))
  readonly #endings = new Set<() => Promise<void>>()

  constructor(parts: LandlockParts) {
    this.#parts = parts
  }

  spawn(policy: SandboxPolicy, command: readonly string[], options: SpawnOptions = {}) {
    const folder = join(this.#folder, randomUUID())
    const box = this.#prepare(policy, { folder, command: [], lastDescriptor: 3 })
    const child = spawn(process.execPath, [this.#parts.entry, '4', '', ...command], {
      stdio: [...(options.stdio ?? (['ignore', 'pipe', 'pipe'] as const)), 'pipe', 'pipe'],
      env: {},
      detached: true,
    })
    const kill = () => {
      killProcess(child.pid ?? 0)
      killMarked(box.mark)
    }
    const settle = async () => {
      await box.end()
      rmSync(folder, { recursive: true, force: true })
      this.#endings.delete(end)
    }
    const boxed = boxedProcess(child, { kill, settle, signal: options.signal })
    const end = async () => {
      boxed.kill()
      await boxed.exited
    }
    this.#endings.add(end)
    const configStream = child.stdio[4] as Writable
    configStream.end(box.config)
    return boxed
  }

  async writeLauncher(policy: SandboxPolicy, path: string): Promise<SandboxLauncher> {
    const absolute = resolve(path)
    const folder = `${absolute}.box`
    const box = this.#prepare(policy, { folder, command: ['/bin/bash'], lastDescriptor: 2 })
    const configPath = join(folder, 'config.json')
    writeFileSync(configPath, box.config, { mode: 0o600 })
    const words = ['/usr/bin/env', '-i', process.execPath, this.#parts.entry, configPath]
    const script = `#!/bin/sh\nexec ${words.map(shellQuote).join(' ')} "$PWD" "$@"\n`
    writeFileSync(absolute, script, { mode: 0o755 })
    const end = async () => {
      this.#endings.delete(end)
      await untilNone(() => killMarked(box.mark))
      rmSync(folder, { recursive: true, force: true })
      await box.end()
    }
    this.#endings.add(end)
    return { path: absolute, kill: () => killAllMarked(box.mark), close: end }
  }

  async close(): Promise<void> {
    await Promise.all([...this.#endings].map((end) => end()))
    rmSync(this.#folder, { recursive: true, force: true })
  }

  #prepare(
    policy: SandboxPolicy,
    place: { folder: string; command: readonly string[]; lastDescriptor: number },
  ) {
    mkdirSync(place.folder, { recursive: true, mode: 0o700 })
    chmodSync(place.folder, 0o700)
    const mark = newBoxMark()
    const { groupParent, kernel } = this.#parts
    const group = createControlGroup(groupParent, randomUUID(), policy.limits.processes)
    const membersFile = group?.membersFile ?? null
    const config = JSON.stringify(landlockConfig(policy, kernel, { ...place, mark, membersFile }))
    const end = async () => {
      await untilNone(() => killMarked(mark))
      await group?.remove()
    }
    return { mark, config, end }
  }
}
