import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { Readable, Writable } from 'node:stream'
import { boxedProcess } from '../boxed-process.js'
import { createControlGroup } from '../control-group.js'
import type { ControlGroup } from '../control-group.js'
import { insideScript, insideShell } from '../inside-script.js'
import {
  findProcesses,
  isAlive,
  killProcess,
  readProcessFile,
  untilNone,
} from '../process-table.js'
import type { Sandbox, SandboxLauncher, SandboxPolicy, SpawnOptions } from '../sandbox.js'
import type { FilterArchitecture } from '../seccomp/seccomp-filter.js'
import { bubblewrapLauncher } from './bubblewrap-launcher.js'
import { writeBubblewrapState } from './bubblewrap-state.js'

export type BubblewrapParts = {
  /** Absolute path of `bwrap`. */
  readonly program: string
  readonly architecture: FilterArchitecture
  /** Folder for process groups, or null where RLIMIT_NPROC has to do. */
  readonly groupParent: string | null
}

/** bubblewrap's own processes beside those of the policy: the one outside and the first one inside. */
const ownProcesses = 2

const joinGroupScript = 'echo 0 > "$0" || exit 126; exec "$@"'

const channelDescriptor = 3

/** Numbers are the child's file descriptors: 3 stays for the program, bubblewrap reads the others and closes them. */
const descriptors = ['--args', '4', '--seccomp', '5', '--info-fd', '6']

function startBubblewrap(
  parts: BubblewrapParts,
  words: readonly string[],
  setting: { group: ControlGroup | null; stdio: SpawnOptions['stdio']; filterPath: string },
): ChildProcess {
  const direct = [parts.program, ...descriptors, '--', ...words]
  const [program = '', ...rest] = setting.group
    ? ['/bin/sh', '-c', joinGroupScript, setting.group.membersFile, ...direct]
    : direct
  const stdio = setting.stdio ?? ['ignore', 'pipe', 'pipe']
  const filter = openSync(setting.filterPath, 'r')
  try {
    return spawn(program, rest, {
      stdio: [...stdio, 'pipe', 'pipe', filter, 'pipe'],
      env: {},
      detached: true,
    })
  } finally {
    closeSync(filter)
  }
}

/** The first process inside, whose death is the death of all; null until bubblewrap has told. */
function followInit(child: ChildProcess): () => number | null {
  let text = ''
  const streams: readonly unknown[] = child.stdio
  const info = streams[6] as Readable
  info.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
  return () => {
    const pid = /"child-pid":\s*(\d+)/.exec(text)?.[1]
    return pid === undefined ? null : Number(pid)
  }
}

/**
 * Sends SIGKILL to every bubblewrap process that has the mark in its command line, and answers how many there were.
 * One that is ended in the middle of its start leaves a second one behind, waiting for ever, which only this finds.
 */
function killMarked(mark: string): number {
  const found = findProcesses((pid) => readProcessFile(pid, 'cmdline').includes(`\0${mark}\0`))
  found.forEach(killProcess)
  return found.length
}

function killLiving(pid: number): number {
  if (!isAlive(pid)) return 0
  killProcess(pid)
  return 1
}

/** Boxes made of Linux namespaces by `bwrap`, with a system call filter and resource limits. */
export class BubblewrapSandbox implements Sandbox {
  readonly backend = 'bubblewrap'
  readonly #parts: BubblewrapParts
  readonly #folder = mkdtempSync(join(tmpdir(), 'plumb-box-'))
  readonly #endings = new Set<() => Promise<void>>()

  constructor(parts: BubblewrapParts) {
    this.#parts = parts
  }

  spawn(policy: SandboxPolicy, command: readonly string[], options: SpawnOptions = {}) {
    const state = writeBubblewrapState(this.#folder, policy, this.#parts.architecture)
    const mark = randomUUID()
    const group = this.#group(policy, mark)
    const script = `${insideScript(policy.limits, channelDescriptor)}\nexec "$@"`
    const words = [insideShell, '-c', script, mark, ...command]
    const child = startBubblewrap(this.#parts, words, {
      group,
      stdio: options.stdio,
      filterPath: state.filterPath,
    })
    const init = followInit(child)
    const settle = async () => {
      const pid = init()
      await untilNone(() => (pid === null ? killMarked(mark) : killLiving(pid)))
      await group?.remove()
      this.#endings.delete(end)
    }
    const kill = () => killProcess(init() ?? child.pid ?? 0)
    const boxed = boxedProcess(child, { kill, settle, signal: options.signal })
    const end = async () => {
      boxed.kill()
      await boxed.exited
    }
    this.#endings.add(end)
    const argumentsStream = child.stdio[4] as Writable
    argumentsStream.end(state.options)
    return boxed
  }

  async writeLauncher(policy: SandboxPolicy, path: string): Promise<SandboxLauncher> {
    const absolute = resolve(path)
    const folder = `${absolute}.box`
    const mark = `launcher-${randomUUID()}`
    const state = writeBubblewrapState(folder, policy, this.#parts.architecture)
    const group = this.#group(policy, mark)
    const { program } = this.#parts
    const membersFile = group?.membersFile ?? null
    const script = bubblewrapLauncher(policy, { program, folder, state, membersFile, mark })
    writeFileSync(absolute, script, { mode: 0o755 })
    const end = async () => {
      this.#endings.delete(end)
      await untilNone(() => killMarked(mark))
      rmSync(folder, { recursive: true, force: true })
      await untilNone(() => killMarked(mark))
      await group?.remove()
    }
    this.#endings.add(end)
    return { path: absolute, kill: () => void killMarked(mark), close: end }
  }

  async close(): Promise<void> {
    await Promise.all([...this.#endings].map((end) => end()))
    rmSync(this.#folder, { recursive: true, force: true })
  }

  #group(policy: SandboxPolicy, name: string): ControlGroup | null {
    const processes = policy.limits.processes + ownProcesses
    return createControlGroup(this.#parts.groupParent, name, processes)
  }
}
