import { readdir, readFile } from 'node:fs/promises'

/** Linux counts CPU time in hundredths of a second. */
const ticksPerSecond = 100

/**
 * Seconds of CPU that a process, its ended children and everything below it have used, without the programs named
 * in `except`. Reads only that tree, so that it can be asked often. Linux only.
 */
export async function treeCpu(pid: number, except: ReadonlySet<string>): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null)
  if (stat === null) return 0
  const close = stat.lastIndexOf(')')
  if (except.has(stat.slice(stat.indexOf('(') + 1, close))) return 0
  const ticks = stat
    .slice(close + 2)
    .split(' ')
    .slice(11, 15)
    .map(Number)
  const own = ticks.reduce((sum, value) => sum + value, 0) / ticksPerSecond
  const below = (await childrenOf(pid)).map((child) => treeCpu(child, except))
  return (await Promise.all(below)).reduce((sum, value) => sum + value, own)
}

/** A child belongs to the thread that started it. */
async function childrenOf(pid: number): Promise<number[]> {
  const threads = await readdir(`/proc/${pid}/task`).catch(() => [])
  const lists = threads.map((thread) =>
    readFile(`/proc/${pid}/task/${thread}/children`, 'utf8').catch(() => ''),
  )
  return (await Promise.all(lists)).flatMap((list) =>
    list.trim().split(' ').filter(Boolean).map(Number),
  )
}
