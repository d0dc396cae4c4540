import { readdirSync, readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'

const pollMilliseconds = 2
const pollRounds = 2500

/** Text of a file of /proc; empty when the process is gone or belongs to somebody else. */
export function readProcessFile(pid: number, name: string): string {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'utf8')
  } catch {
    return ''
  }
}

/** False also for a zombie, which only waits for its parent to notice. */
export function isAlive(pid: number): boolean {
  const stat = readProcessFile(pid, 'stat')
  const state = stat.slice(stat.lastIndexOf(')') + 2, stat.lastIndexOf(')') + 3)
  return state !== '' && state !== 'Z' && state !== 'X'
}

/** Every living process for which `matches` holds. */
export function findProcesses(matches: (pid: number) => boolean): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => matches(pid) && isAlive(pid))
}

/** Sends SIGKILL; a process that is gone already is what was wanted. */
export function killProcess(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    return
  }
}

/** Waits until `count` is 0, for at most five seconds; a process that the kernel cannot end is not waited for. */
export async function untilNone(count: () => number): Promise<void> {
  for (let round = 0; round < pollRounds && count() > 0; round += 1) await sleep(pollMilliseconds)
}
