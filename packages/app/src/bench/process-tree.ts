import { readdir, readFile } from 'node:fs/promises'

/** Linux counts CPU time in hundredths of a second. */
const ticksPerSecond = 100

export type ProcessTimes = {
  readonly pid: number
  readonly parent: number
  /** The program's name as the kernel keeps it, at most 15 characters. */
  readonly name: string
  /** The whole command line. */
  readonly command: string
  /** Seconds of CPU the process itself has used. */
  readonly own: number
  /** Seconds of CPU of its ended children and theirs. */
  readonly ended: number
  /** Resident memory in bytes. */
  readonly memory: number
}

/** Every process of the machine that can be read. Linux only. */
export async function readProcesses(): Promise<ProcessTimes[]> {
  const names = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  const found = await Promise.all(names.map((name) => readProcess(Number(name)).catch(() => null)))
  return found.filter((one) => one !== null)
}

/** One process that can be read; `pid` may be `self`. Throws when it is gone. Linux only. */
export async function readProcess(pid: number | 'self'): Promise<ProcessTimes> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8')
  const command = (await readFile(`/proc/${pid}/cmdline`, 'utf8')).replaceAll('\0', ' ').trim()
  // The name stands in parentheses and may hold anything, parentheses included.
  const close = stat.lastIndexOf(')')
  const fields = stat.slice(close + 2).split(' ')
  const seconds = (index: number) => Number(fields[index]) / ticksPerSecond
  return {
    pid: Number.parseInt(stat),
    parent: Number(fields[1]),
    name: stat.slice(stat.indexOf('(') + 1, close),
    command,
    own: seconds(11) + seconds(12),
    ended: seconds(13) + seconds(14),
    memory: Number(fields[21]) * 4096,
  }
}

/** `root` and everything below it. */
export function descendantsOf(processes: readonly ProcessTimes[], root: number): ProcessTimes[] {
  const below = processes.filter(({ parent }) => parent === root)
  const self = processes.filter(({ pid }) => pid === root)
  return [...self, ...below.flatMap(({ pid }) => descendantsOf(processes, pid))]
}
