import { readdir, readFile } from 'node:fs/promises'
import { readProcess } from './process-tree.js'

/**
 * Seconds of CPU that a process, its ended children and everything below it have used, without the programs named
 * in `except`. Reads only that tree, so that it can be asked often. Linux only.
 */
export async function treeCpu(pid: number, except: ReadonlySet<string>): Promise<number> {
  const found = await readProcess(pid).catch(() => null)
  if (found === null || except.has(found.name)) return 0
  const below = (await childrenOf(pid)).map((child) => treeCpu(child, except))
  return (await Promise.all(below)).reduce((sum, value) => sum + value, found.own + found.ended)
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
