import { readFileSync, readdirSync } from 'node:fs'

export type MemoryWatch = {
  /** Ends the watch; bytes of this process and everything below it at the highest moment seen. */
  stop(): number
  /**
   * Processor time in seconds of this process since it started and of everything seen below it, also of what has been
   * killed: the system forgets the time of children that nobody waited for.
   */
  cpuSeconds(): number
}

const everyMs = 100
const kibibyte = 1024
const pageBytes = 4096
/** Linux counts processor time in hundredths of a second for programs, whatever its own clock. */
const ticksPerSecond = 100

/**
 * Samples this process and its descendants ten times a second (Linux). Elsewhere this process alone is all that can
 * be told.
 */
export function watchPeakMemory(): MemoryWatch {
  let peak = 0
  /** Ticks of each process below this one when it was last seen. */
  const below = new Map<string, number>()
  const sample = (): void => {
    const seen = processesBelow(process.pid)
    for (const { key, ticks } of seen) below.set(key, ticks)
    peak = Math.max(
      peak,
      seen.reduce((all, { bytes }) => all + bytes, process.memoryUsage.rss()),
    )
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
    cpuSeconds() {
      const { user, system } = process.cpuUsage()
      const ticks = [...below.values()].reduce((all, one) => all + one, 0)
      return (user + system) / 1e6 + ticks / ticksPerSecond
    },
  }
}

type SeenProcess = { readonly key: string; readonly ticks: number; readonly bytes: number }

/** Descendants of a process now; none where there is no /proc. */
function processesBelow(pid: number): SeenProcess[] {
  const seen: SeenProcess[] = []
  const open = threadsOf(pid).flatMap((thread) => childrenOf(pid, thread))
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    const found = processOf(at)
    if (found === null) continue
    seen.push(found)
    // What runs below is started by first threads only.
    open.push(...childrenOf(at, String(at)))
  }
  return seen
}

function processOf(pid: number): SeenProcess | null {
  const text = readOrNothing(`/proc/${pid}/stat`)
  if (text === '') return null
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
  const field = (index: number): number => Number(fields[index] ?? 0)
  return {
    // A number may be given to another process later, which starts at another time.
    key: `${pid} ${fields[19] ?? ''}`,
    ticks: field(11) + field(12),
    bytes: field(21) * pageBytes,
  }
}

/** Children belong to the thread that started them. */
function childrenOf(pid: number, thread: string): number[] {
  const text = readOrNothing(`/proc/${pid}/task/${thread}/children`)
  return text.split(' ').filter(Boolean).map(Number)
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
