import { readFileSync } from 'node:fs'

/** Linux counts processor time in hundredths of a second for programs, whatever its own clock. */
const ticksPerSecond = 100

/**
 * Processor time in seconds that this process, those it has waited for, and those still running below it have used.
 * Where there is no `/proc`, only this process counts.
 */
export function cpuSeconds(): number {
  const ticks = ticksOf(process.pid)
  if (ticks !== undefined) return ticks / ticksPerSecond
  const { user, system } = process.cpuUsage()
  return (user + system) / 1e6
}

function ticksOf(pid: number): number | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
    const own = fields.slice(11, 15).reduce((all, field) => all + Number(field), 0)
    const below = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
      .split(' ')
      .filter(Boolean)
    return below.reduce((all, child) => all + (ticksOf(Number(child)) ?? 0), own)
  } catch {
    return undefined
  }
}
