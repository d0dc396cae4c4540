import { readFileSync, readdirSync } from 'node:fs'

export type MemoryWatch = {
  /** Ends the watch; bytes of this process and everything below it at the highest moment seen. */
  stop(): number
}

const everyMs = 100
const kibibyte = 1024

/**
 * Samples the resident memory of this process and its descendants ten times a second (Linux). Elsewhere the peak of
 * this process alone is all that can be told.
 */
export function watchPeakMemory(): MemoryWatch {
  let peak = 0
  const sample = (): void => {
    peak = Math.max(peak, residentBelow(process.pid))
  }
  sample()
  const timer = setInterval(sample, everyMs)
  timer.unref()
  return {
    stop() {
      clearInterval(timer)
      sample()
      return Math.max(peak, process.resourceUsage().maxRSS * kibibyte)
    },
  }
}

/** Resident bytes of a process and its descendants now; 0 where /proc does not tell. */
function residentBelow(pid: number): number {
  let bytes = 0
  const open = [pid]
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    bytes += residentOf(at)
    open.push(...childrenOf(at))
  }
  return bytes
}

function residentOf(pid: number): number {
  const found = /^VmRSS:\s+(\d+) kB$/m.exec(readOrNothing(`/proc/${pid}/status`))
  return Number(found?.[1] ?? 0) * kibibyte
}

/** Children belong to the thread that started them. */
function childrenOf(pid: number): number[] {
  return threadsOf(pid).flatMap((thread) =>
    readOrNothing(`/proc/${pid}/task/${thread}/children`).split(' ').filter(Boolean).map(Number),
  )
}

function threadsOf(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/task`)
  } catch {
    return []
  }
}

function readOrNothing(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
