import { descendantsOf, readProcesses } from './process-tree.js'
import type { ProcessTimes } from './process-tree.js'

/** Seconds of CPU of a build, by who used them. */
export type BuildCost = {
  /** OpenCode's server. */
  readonly harness: number
  /** Commands in agent boxes: shells and the `plumb` tool. */
  readonly tools: number
  /** Type checks in boxes and functions that have ended: dry runs, checks, verification, assembly. */
  readonly checks: number
  /** This process: gateway, evidence, lint, replay, the offline model. */
  readonly control: number
  readonly database: number
  readonly accounts: number
}

/** Reads the CPU time used so far by this process and all that it started. */
export async function readBuildCost(): Promise<BuildCost> {
  const all = await readProcesses()
  const tree = descendantsOf(all, process.pid)
  const [self] = tree
  const harness = tree.filter(({ name }) => name === 'opencode' || name === '.opencode')
  const accounts = tree.filter(({ command }) => command.includes('accounts/main'))
  const database = all.filter(({ name }) => name === 'postgres')
  const counted = new Set([...harness, ...accounts, ...database].map(({ pid }) => pid))
  const boxed = new Set(harness.flatMap(({ pid }) => descendantsOf(all, pid).map((one) => one.pid)))
  const others = tree.filter(
    ({ pid }) => pid !== process.pid && !counted.has(pid) && !boxed.has(pid),
  )
  return {
    harness: sum(harness, ({ own }) => own),
    tools: sum(harness, ({ ended }) => ended),
    checks: (self?.ended ?? 0) + sum(others, ({ own, ended }) => own + ended),
    control: self?.own ?? 0,
    database: sum(database, ({ own, ended }) => own + ended),
    accounts: sum(accounts, ({ own }) => own),
  }
}

/** Resident memory of this process and all that it started, in bytes. */
export async function readMemory(): Promise<number> {
  return sum(descendantsOf(await readProcesses(), process.pid), ({ memory }) => memory)
}

export function costBetween(before: BuildCost, after: BuildCost): BuildCost {
  const names = Object.keys(after) as (keyof BuildCost)[]
  const entries = names.map((name) => [name, Math.max(0, after[name] - before[name])])
  return Object.fromEntries(entries) as BuildCost
}

function sum(processes: readonly ProcessTimes[], pick: (one: ProcessTimes) => number): number {
  return processes.reduce((total, one) => total + pick(one), 0)
}
