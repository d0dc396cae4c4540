import { randomInt } from 'node:crypto'
import { findProcesses, killProcess, readProcessFile } from '../process-table.js'

/** Below the kernel's default of 819200, because only a lower limit can be set without privileges. */
const [lowest, highest] = [100_000, 819_199]
const attempts = 20
const mostRounds = 100

function markOf(pid: number): number {
  return Number(/^Max msgqueue size\s+\S+\s+(\d+)/m.exec(readProcessFile(pid, 'limits'))?.[1])
}

/**
 * A value for RLIMIT_MSGQUEUE that no process has. The processes of a box inherit it and may not change it, so it
 * finds even those that have left their parent, their group and their session.
 */
export function newBoxMark(): number {
  const taken = new Set(findProcesses(() => true).map(markOf))
  const candidates = Array.from({ length: attempts }, () => randomInt(lowest, highest))
  return candidates.find((mark) => !taken.has(mark)) ?? randomInt(lowest, highest)
}

/** Sends SIGKILL to every process with the mark and answers how many there were. */
export function killMarked(mark: number): number {
  const found = findProcesses((pid) => markOf(pid) === mark)
  found.forEach(killProcess)
  return found.length
}

/** The same until nobody is left who could start another one, for as long as the kernel ends them. */
export function killAllMarked(mark: number): void {
  for (let round = 0; round < mostRounds; round += 1) if (killMarked(mark) === 0) return
}
